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
    // An escape is never shorter than what it stands for.
    var content = UnescapedBytes(capacity: endOfString() - start)
    defer { content.deallocate() }
    for byte in bytes[start..<position] { content.append(byte) }
    while true {
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = Self.text(content.bytes, isASCII: content.isASCII) else {
          throw error(.badString)
        }
        position += 1
        return text
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &content)
      case 0..<0x20: throw error(.badString)
      default:
        content.append(byte)
        position += 1
      }
    }
  }

  /// Where the string ends that is being read, or else the text.
  private func endOfString() -> Int {
    var end = position
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(end, bytes.count)
  }

  private mutating func escape(into content: inout UnescapedBytes) throws(JSONError) {
    let byte = try peek()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      for unit in String(try unicodeScalar()).utf8 { content.append(unit) }
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
      let byte = try peek()
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw error(.badString)
      }
      position += 1
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

/// What a string says without its escapes, as far as it is read.
private struct UnescapedBytes {
  private let start: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private var count = 0
  private var allBits: UInt8 = 0

  init(capacity: Int) {
    self.capacity = capacity
    start = .allocate(capacity: capacity)
  }

  func deallocate() { start.deallocate() }

  var isASCII: Bool { allBits < 0x80 }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  mutating func append(_ byte: UInt8) {
    precondition(count < capacity)
    start[count] = byte
    allBits |= byte
    count += 1
  }
}
