private import Foundation

extension JSON {
  /// The value on one line, keys in their order, without spaces.
  package var compact: String { written(indent: nil) }

  /// The value over several lines, indented by two spaces.
  package var pretty: String { written(indent: 2) }

  private func written(indent: Int?) -> String {
    var writer = JSONWriter(indent: indent)
    writer.write(self, level: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// Writes JSON that is also safe to show: what could steer a terminal or turn text around (control
/// characters, DEL, C1, bidirectional overrides, line separators) is written as `\u00XX`.
private struct JSONWriter {
  let indent: Int?
  var bytes: [UInt8] = []

  mutating func write(_ value: JSON, level: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += String(value).utf8
    case .decimal(let value): bytes += Self.text(of: value).utf8
    case .string(let value): write(value)
    case .array(let elements):
      list("[", elements, "]", level: level) { $0.write($1, level: level + 1) }
    case .object(let object):
      list("{", object.members, "}", level: level) { writer, member in
        writer.write(member.key)
        writer.bytes += (writer.indent == nil ? ":" : ": ").utf8
        writer.write(member.value, level: level + 1)
      }
    }
  }

  /// A whole number beyond 64 bits has an exponent, without which it would be read as an integer.
  private static func text(of value: Decimal) -> String {
    guard value.isFinite else { return "null" }
    let text = value.description
    guard !text.contains("."), Int64(text) == nil, let end = text.lastIndex(where: { $0 != "0" })
    else { return text }
    let zeros = text.distance(from: end, to: text.endIndex) - 1
    return "\(text[...end])e\(zeros)"
  }

  private mutating func list<Element>(
    _ open: String, _ elements: [Element], _ close: String, level: Int,
    each: (inout JSONWriter, Element) -> Void
  ) {
    bytes += open.utf8
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      newLine(level: level + 1)
      each(&self, element)
    }
    if !elements.isEmpty { newLine(level: level) }
    bytes += close.utf8
  }

  private mutating func newLine(level: Int) {
    guard let indent else { return }
    bytes.append(0x0A)
    bytes += repeatElement(0x20, count: indent * level)
  }

  private mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    defer { bytes.append(UInt8(ascii: "\"")) }
    // Most texts stand in JSON as they are.
    let isWritten = text.utf8.withContiguousStorageIfAvailable { content in
      guard content.allSatisfy(Self.isPlain) else { return false }
      bytes.append(contentsOf: content)
      return true
    }
    if isWritten == true { return }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes += "\\\"".utf8
      case "\\": bytes += "\\\\".utf8
      case "\n": bytes += "\\n".utf8
      case "\r": bytes += "\\r".utf8
      case "\t": bytes += "\\t".utf8
      case "\u{20}"..."\u{7E}": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{061C}", "\u{200E}"..."\u{200F}",
        "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        let digits = String(scalar.value, radix: 16)
        bytes += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      default: bytes += String(scalar).utf8
      }
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
