/// The address before the path: `https://api.stripe.com`, or another server's.
///
/// Parsed strictly, because the key is sent to whatever stands here: a scheme, a host and perhaps
/// a port; no user, path, query or fragment in which another host could hide.
struct BaseURL: Sendable, Hashable {
  /// As it is written before a path, without a slash at its end.
  let text: String
  let isSecure: Bool
  let host: String

  init?(_ text: String) {
    let pattern = /(https?):\/\/([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?\/?/
    guard let match = text.wholeMatch(of: pattern.ignoresCase())?.output else { return nil }
    if let port = match.3, !(1...65_535).contains(Int(port) ?? 0) { return nil }
    self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
    isSecure = match.1.lowercased() == "https"
    host = match.2.lowercased()
  }

  /// Whether the host is this machine: `localhost`, 127.0.0.0/8 in four numbers, or `[::1]`.
  var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127"
      && numbers.allSatisfy { UInt8($0) != nil && ($0 == "0" || !$0.hasPrefix("0")) }
  }
}
