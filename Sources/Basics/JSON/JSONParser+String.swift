extension JSONParser {
  /// A string without escapes is the bytes between the quotes; one with escapes is unescaped.
  mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    let run = PlainRun(in: bytes, from: start)
    position = run.end
    guard position < bytes.count else { throw error(.unexpectedEnd) }
    guard bytes[position] == UInt8(ascii: "\"") else {
      position = start
      try unescape()
      return try text(unescaped.bytes, isASCII: unescaped.isASCII)
    }
    return try text(
      UnsafeBufferPointer(rebasing: bytes[start..<position]), isASCII: run.isASCII)
  }

  /// What the string says that ends here.
  ///
  /// Decoding is much cheaper than validating, and right where nothing has to be repaired.
  private mutating func text(
    _ content: UnsafeBufferPointer<UInt8>, isASCII: Bool
  ) throws(JSONError) -> String {
    let text =
      isASCII
      ? String(decoding: content, as: UTF8.self) : String(validating: content, as: UTF8.self)
    guard let text else { throw error(.badString) }
    position += 1
    return text
  }

  /// Goes on to the quote at which the string ends, and leaves in `unescaped` what it says.
  private mutating func unescape() throws(JSONError) {
    unescaped.removeAll()
    while true {
      unescapeWords()
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "\""): return
      case UInt8(ascii: "\\"):
        position += 1
        try escape()
      case 0..<0x20: throw error(.badString)
      default:
        unescaped.append(byte)
        position += 1
      }
    }
  }

  /// Goes on as far as only quotes, backslashes and slashes are escaped, and not to the very end.
  private mutating func unescapeWords() {
    // Of its own, so that they need not go through memory at each step.
    var (content, index) = (unescaped, position)
    let bytes = bytes
    // Behind the word there is one byte more: an escape may begin with its last one.
    while index < bytes.count - StringWord.length {
      let word = StringWord(bytes, at: index)
      content.append(word)
      index += word.plainCount
      guard word.stops != 0 else { continue }
      guard bytes[index] == UInt8(ascii: "\\") else { break }
      let escaped = bytes[index + 1]
      guard
        escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\")
          || escaped == UInt8(ascii: "/")
      else { break }
      content.append(escaped)
      index += 2
    }
    (unescaped, position) = (content, index)
  }

  private mutating func escape() throws(JSONError) {
    let byte = try peek()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
    case UInt8(ascii: "b"): unescaped.append(0x08)
    case UInt8(ascii: "f"): unescaped.append(0x0C)
    case UInt8(ascii: "n"): unescaped.append(0x0A)
    case UInt8(ascii: "r"): unescaped.append(0x0D)
    case UInt8(ascii: "t"): unescaped.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      for unit in String(try unicodeScalar()).utf8 { unescaped.append(unit) }
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
