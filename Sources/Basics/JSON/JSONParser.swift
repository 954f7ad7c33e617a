/// Why a text is no JSON that we accept, and at which byte.
package struct JSONError: Error, Hashable, Sendable {
  package enum Reason: String, Sendable {
    case unexpectedEnd = "the text ends too early"
    case unexpectedByte = "unexpected character"
    case badString = "malformed string"
    case badNumber = "malformed number, or one outside the range of 64 bits"
    case tooDeep = "nested too deeply"
    case trailingBytes = "more text after the value"
  }

  package let reason: Reason
  package let offset: Int
}

extension JSON {
  /// Nesting beyond this is refused; Stripe's objects stay below 20.
  package static let maximumDepth = 128

  /// Reads one JSON value (RFC 8259, strictly) and nothing after it.
  package init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
    let outcome =
      bytes.withContiguousStorageIfAvailable { parse($0) }
      ?? Array(bytes).withUnsafeBufferPointer { parse($0) }
    self = try outcome.get()
  }

  package init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }
}

private func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONError> {
  do throws(JSONError) {
    var parser = JSONParser(bytes: bytes)
    defer { parser.end() }
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error(.trailingBytes) }
    return .success(value)
  } catch {
    return .failure(error)
  }
}

/// Reads the value from left to right; every index is checked before it is used.
struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  /// The values of the objects and arrays that are being read, the innermost last: so that the array
  /// of each is made once, as long as it has to be.
  var values = ValueStack()
  var unescaped = UnescapedBytes()
  var sequences = KeySequences.taken()

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// To be called when nothing is read any more, whether it was whole or not.
  mutating func end() {
    values.deallocate()
    unescaped.deallocate()
    var own = KeySequences()
    swap(&own, &sequences)
    KeySequences.giveBack(own)
  }

  func error(_ reason: JSONError.Reason) -> JSONError {
    JSONError(reason: reason, offset: position)
  }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  func peek() throws(JSONError) -> UInt8 {
    guard position < bytes.count else { throw error(.unexpectedEnd) }
    return bytes[position]
  }

  mutating func take(_ byte: UInt8) throws(JSONError) {
    guard try peek() == byte else { throw error(.unexpectedByte) }
    position += 1
  }

  mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth <= JSON.maximumDepth else { throw error(.tooDeep) }
    skipSpace()
    switch try peek() {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw error(.unexpectedByte)
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    for index in 0..<text.utf8CodeUnitCount { try take(text.utf8Start[index]) }
    return value
  }
}
