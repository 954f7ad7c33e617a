/// Numbers in digits and letters: what a double click selects whole, and no shell takes for its own.
package enum Base62 {
  package static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// A number with so many digits at least, zeros before it; six hold every `UInt32`.
  package static func encode(_ number: UInt32, length: Int) -> String {
    var text: [UInt8] = []
    var rest = Int(number)
    while rest > 0 || text.count < length {
      text.append(digits[rest % digits.count])
      rest /= digits.count
    }
    return String(decoding: text.reversed(), as: UTF8.self)
  }
}
