import Basics

/// The text of a file of lines that a user wrote or exported: what is no text is told with its line
/// and never mended silently, since names and ids in it go to Stripe.
enum TableText {
  static func of(_ bytes: [UInt8], named name: String) throws(CommandError) -> String {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      guard String(validating: line, as: UTF8.self) != nil else {
        throw .usage("\(name):\(index + 1): this is no UTF-8", hint: "save the file as UTF-8")
      }
      guard !line.contains(0) else {
        throw .usage("\(name):\(index + 1): there is a NUL in it, which no text has")
      }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    // Spreadsheets put a byte order mark before the first name.
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }
  /// Without the blanks at both ends.
  static func trimmed(_ text: String) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}

extension Character {
  /// Whether a line of a file ends here. Unicode has other ends of lines, which may stand in a cell
  /// or in a JSON text as any other character.
  var endsLine: Bool { self == "\n" || self == "\r\n" || self == "\r" }
}
