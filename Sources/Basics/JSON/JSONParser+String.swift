extension JSONParser {
  /// A string without escapes is the bytes between the quotes; one with escapes is unescaped.
  mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    var allBits: UInt8 = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let content = UnsafeBufferPointer(rebasing: bytes[start..<position])
        guard let text = Self.text(content, isASCII: allBits < 0x80) else {
          throw error(.badString)
        }
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw error(.badString) }
      allBits |= byte
      position += 1
    }
    throw error(.unexpectedEnd)
  }

  /// Decoding is much cheaper than validating, and right where nothing has to be repaired.
  private static func text(_ content: UnsafeBufferPointer<UInt8>, isASCII: Bool) -> String? {
    isASCII
      ? String(decoding: content, as: UTF8.self) : String(validating: content, as: UTF8.self)
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(min(bytes.count - start, 8192))
    text += bytes[start..<position]
    while true {
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw error(.badString) }
        position += 1
        return string
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      case 0..<0x20: throw error(.badString)
      default:
        let start = position
        repeat { position += 1 } while position < bytes.count && Self.isPlain(bytes[position])
        text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<position]))
      }
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    let byte = try peek()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      text += String(try unicodeScalar()).utf8
      return
    default: throw error(.badString)
    }
    position += 1
  }

  /// One `\uXXXX`, or the two of a surrogate pair; a lone surrogate is no character.
  private mutating func unicodeScalar() throws(JSONError) -> Unicode.Scalar {
    let first = try hexQuad()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800...0xDBFF).contains(first) else { throw error(.badString) }
    for byte in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
      guard try peek() == byte else { throw error(.badString) }
      position += 1
    }
    let second = try hexQuad()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw error(.badString) }
    return scalar
  }

  private mutating func hexQuad() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue else {
        throw error(.badString)
      }
      position += 1
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
