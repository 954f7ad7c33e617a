/// Texts in lines of at most 76 ASCII characters (RFC 2045, section 6.7), so that every server passes
/// them on unchanged.
enum QuotedPrintable {
  private static let lineLimit = 76

  /// Whatever ends a line in the text, in the result it is CRLF.
  static func encode(_ text: String) -> String {
    text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { line(Array($0.utf8)) }.joined(separator: "\r\n")
  }

  private static func line(_ bytes: [UInt8]) -> String {
    var (result, length) = ("", 0)
    for (index, byte) in bytes.enumerated() {
      let token = token(byte, isLast: index == bytes.count - 1)
      // The last column is for the `=` that says that the line goes on.
      if length + token.count > lineLimit - 1 {
        result += "=\r\n"
        length = 0
      }
      result += token
      length += token.count
    }
    return result
  }

  /// A blank at a line's end would be lost on the way.
  private static func token(_ byte: UInt8, isLast: Bool) -> String {
    let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=")
    if isPlain || isBlank && !isLast { return String(UnicodeScalar(byte)) }
    let digits = String(byte, radix: 16, uppercase: true)
    return "=" + (digits.count < 2 ? "0" : "") + digits
  }
}
