private import Foundation

extension JSONParser {
  /// A whole number is an `Int64`; one with a fraction or an exponent a `Decimal`, if it fits
  /// exactly. What would have to be rounded is refused: an amount must not change on its way in.
  mutating func number() throws(JSONError) -> JSON {
    let start = position
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let whole = try digits()
    if whole.count > 1, bytes[whole.lowerBound] == UInt8(ascii: "0") { throw error(.badNumber) }
    guard position < bytes.count,
      bytes[position] == UInt8(ascii: ".") || bytes[position] | 0x20 == UInt8(ascii: "e")
    else { return .integer(try integer(whole, isNegative: isNegative)) }

    var fraction = position..<position
    if bytes[position] == UInt8(ascii: ".") {
      position += 1
      fraction = try digits()
    }
    return .decimal(try decimal(from: start, fraction: fraction, exponent: try exponent()))
  }

  private mutating func digits() throws(JSONError) -> Range<Int> {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    guard position > start else { throw error(.badNumber) }
    return start..<position
  }

  /// Counts downwards, because the smallest number has no positive twin.
  private func integer(_ digits: Range<Int>, isNegative: Bool) throws(JSONError) -> Int64 {
    var value: Int64 = 0
    for index in digits {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let digit = Int64(bytes[index] &- UInt8(ascii: "0"))
      let (sum, underflow) = product.subtractingReportingOverflow(digit)
      guard !overflow, !underflow else { throw error(.badNumber) }
      value = sum
    }
    if isNegative { return value }
    guard value != .min else { throw error(.badNumber) }
    return -value
  }

  /// The exponent, 0 where there is none; those of more than four digits are out of any range.
  private mutating func exponent() throws(JSONError) -> Int {
    guard position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") else { return 0 }
    position += 1
    var isNegative = false
    if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) {
      isNegative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    let value = bytes[try digits()].drop { $0 == UInt8(ascii: "0") }
    guard value.count <= 4 else { throw error(.badNumber) }
    let magnitude = value.reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
    return isNegative ? -magnitude : magnitude
  }

  /// A `Decimal` holds 38 digits and the exponents from -127 to 127.
  private func decimal(
    from start: Int, fraction: Range<Int>, exponent: Int
  ) throws(JSONError) -> Decimal {
    let significant = bytes[start..<position].prefix { $0 | 0x20 != UInt8(ascii: "e") }
      .filter { $0 &- UInt8(ascii: "0") < 10 }
    let zero = UInt8(ascii: "0")
    guard let first = significant.firstIndex(where: { $0 != zero }),
      let last = significant.lastIndex(where: { $0 != zero })
    else { return 0 }
    let trailing = significant.count - 1 - last
    let scale = exponent - fraction.count + trailing
    guard last - first < 38, (-127...127).contains(scale), scale + (last - first) <= 127 else {
      throw error(.badNumber)
    }
    let digits = String(decoding: significant[first...last], as: UTF8.self)
    let sign = bytes[start] == UInt8(ascii: "-") ? "-" : ""
    guard let value = Decimal(string: "\(sign)\(digits)e\(scale)"), value.isFinite else {
      throw error(.badNumber)
    }
    return value
  }
}
