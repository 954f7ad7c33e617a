/// Addresses at which a machine in a data centre is told its own secrets (RFC 3927, RFC 4291, and
/// the one of its own that Amazon has): nothing of ours is ever sent there.
package enum LinkLocalAddress {
  /// - Parameter address: an IP address as the system writes it, as in `169.254.169.254`.
  package static func contains(_ address: String) -> Bool {
    var text = address.lowercased().drop { $0 == "[" }
    if text.hasSuffix("]") { text = text.dropLast() }
    if text.hasPrefix("::ffff:") { text = text.dropFirst(7) }
    if text.hasPrefix("169.254.") || text == "fd00:ec2::254" { return true }
    // fe80::/10
    return text.contains(":") && ["fe8", "fe9", "fea", "feb"].contains { text.hasPrefix($0) }
  }
}
