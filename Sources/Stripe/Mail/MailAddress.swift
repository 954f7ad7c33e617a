/// An address that mail can be sent to: what RFC 5321 allows without quotes, in ASCII.
///
/// No blank, bracket or line break fits in, so that an address can stand in a command of SMTP and in
/// a header as it is. What needs quotes or SMTPUTF8 is nobody's address in practice, and is refused.
package struct MailAddress: Sendable, Hashable {
  package let text: String
  /// What stands behind the `@`.
  package let host: String

  package init?(_ text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 254, Self.isLocalPart(parts[0]),
      Self.isHost(parts[1])
    else { return nil }
    self.text = text
    host = String(parts[1])
  }

  private static func isLocalPart(_ text: Substring) -> Bool {
    text.utf8.count <= 64
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
        !atom.isEmpty && atom.utf8.allSatisfy { isLetterOrDigit($0) || signs.contains($0) }
      }
  }

  private static func isHost(_ text: Substring) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }
  }

  /// What an atom may have beside letters and digits (RFC 5322, section 3.2.3).
  private static let signs = Set("!#$%&'*+-/=?^_`{|}~".utf8)

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}

extension MailAddress: CustomStringConvertible {
  package var description: String { text }
}
