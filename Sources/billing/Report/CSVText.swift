import Basics

/// Comma-separated values (RFC 4180) that are safe to open in a spreadsheet, and to look at on a
/// terminal: control characters but those of lines and columns are shown as escapes.
enum CSVText {
  static func line(_ cells: [String]) -> String {
    cells.map { quoted($0) }.joined(separator: ",") + "\r\n"
  }

  /// The cell of a value: nested ones as compact JSON, absent ones empty.
  static func cell(_ value: JSON?) -> String {
    switch value {
    case nil, .null?: ""
    case .string(let text)?: harmless(visible(text))
    case .bool(let value)?: value ? "true" : "false"
    case .integer(let value)?: String(value)
    case .decimal(let value)?: "\(value)"
    case .array?, .object?: value?.compact ?? ""
    }
  }

  private static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.map { isControl($0) ? VisibleText.of(String($0)) : String($0) }
      .joined()
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control && !"\t\r\n".unicodeScalars.contains(scalar)
  }

  /// A text that a spreadsheet would take for a formula gets an apostrophe before it, unless it is
  /// a plain number (https://owasp.org/www-community/attacks/CSV_Injection).
  private static func harmless(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first),
      !isPlainNumber(text)
    else { return text }
    return "'" + text
  }

  private static func isPlainNumber(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst(text.hasPrefix("-") || text.hasPrefix("+") ? 1 : 0)
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count <= 2
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
