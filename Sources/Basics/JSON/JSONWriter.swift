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
    case .null: write("null" as StaticString)
    case .bool(let value): write(value ? "true" : "false" as StaticString)
    case .integer(let value): write(value)
    case .decimal(let value): bytes += Self.text(of: value).utf8
    case .string(let value): write(value)
    case .array(let elements): write(elements, level: level)
    case .object(let object): write(object, level: level)
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

  private mutating func write(_ elements: [JSON], level: Int) {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for element in elements {
      separate(isFirst, level: level + 1)
      isFirst = false
      write(element, level: level + 1)
    }
    if !isFirst { newLine(level: level) }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func write(_ object: JSONObject, level: Int) {
    bytes.append(UInt8(ascii: "{"))
    object.withMembers { keys, values in
      for index in keys.indices {
        separate(index == 0, level: level + 1)
        write(keys[index])
        bytes.append(UInt8(ascii: ":"))
        if indent != nil { bytes.append(0x20) }
        write(values[index], level: level + 1)
      }
    }
    if !object.isEmpty { newLine(level: level) }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func separate(_ isFirst: Bool, level: Int) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    newLine(level: level)
  }

  private mutating func write(_ word: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private mutating func write(_ number: Int64) {
    // A text of at most 15 bytes needs no memory of its own.
    var digits = String(number)
    digits.withUTF8 { bytes.append(contentsOf: $0) }
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
    var text = text
    let isWritten = text.withUTF8 { content in
      for byte in content where !Self.isPlain(byte) { return false }
      bytes.append(contentsOf: content)
      return true
    }
    if isWritten { return }
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
