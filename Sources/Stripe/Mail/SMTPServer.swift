package import Basics

/// The mail server that `SMTP_URL` names: `smtp://user:password@host:587`, `smtps://host`.
///
/// Over `smtp` TLS is begun before anything is told (STARTTLS), and a server that cannot is left; on
/// this machine itself it may do without. User and password are percent-encoded where they have
/// `/ ? # % :` or blanks; `?ca=/path/of/a.pem` names the certificate of an authority of one's own.
package struct SMTPServer: Sendable, Hashable {
  package enum Mistake: String, Error, Sendable {
    case noAddress = "it must be like smtp://user:password@host:587 or smtps://host"
    case user = "user and password must be percent-encoded, without control characters"
    case unknownOption = "behind the address only ?ca=FILE can stand"
  }

  /// Whether TLS comes first, before a word of SMTP.
  package let isWrapped: Bool
  package let host: String
  package let port: Int
  package let user: String?
  package let password: Secret?
  /// Certificates, in PEM, that are trusted in place of the system's.
  package let caFile: String?

  /// Its mistakes tell nothing of the text, which has a password in it.
  package init(_ text: String) throws(Mistake) {
    guard let match = text.wholeMatch(of: /(?i:(smtps?)):\/\/([^\/?#]+)\/?(?:\?([^#]*))?/) else {
      throw .noAddress
    }
    let authority = match.2
    let at = authority.lastIndex(of: "@")
    let place = at.map { authority[authority.index(after: $0)...] } ?? authority
    guard
      let parts = place.wholeMatch(of: /([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?/)
    else { throw .noAddress }
    isWrapped = match.1.lowercased() == "smtps"
    host = parts.1.lowercased()
    port = parts.2.flatMap { Int($0) } ?? (isWrapped ? 465 : 587)
    guard (1...65_535).contains(port) else { throw .noAddress }
    (user, password) = try Self.login(at.map { authority[..<$0] })
    caFile = try Self.caFile(match.3)
  }

  private static func login(
    _ text: Substring?
  ) throws(Mistake) -> (user: String?, password: Secret?) {
    guard let text else { return (nil, nil) }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let user = decoded(parts[0]), !user.isEmpty else { throw .user }
    guard parts.count > 1 else { return (user, nil) }
    guard let password = decoded(parts[1]) else { throw .user }
    return (user, Secret(password))
  }

  private static func caFile(_ query: Substring?) throws(Mistake) -> String? {
    guard let query, !query.isEmpty else { return nil }
    guard query.hasPrefix("ca="), let path = decoded(query.dropFirst(3)), !path.isEmpty else {
      throw .unknownOption
    }
    return path
  }

  /// A percent-encoded text; nil where it is none, or has a control character in it.
  private static func decoded(_ text: Substring) -> String? {
    var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self).lowercased()
      guard let value = Hex.decode(digits), value.count == 1 else { return nil }
      bytes += value
      rest = rest.dropFirst(2)
    }
    guard let decoded = String(validating: bytes, as: UTF8.self), HeaderText.isPossible(decoded)
    else { return nil }
    return decoded
  }

  package var isLoopback: Bool { BaseURL("https://\(host)")?.isLoopback ?? false }

  /// The address for libcurl: without user and password, which it is told by themselves.
  var url: String { "\(isWrapped ? "smtps" : "smtp")://\(host):\(port)/" }
}
