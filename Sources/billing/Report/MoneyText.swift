import BillingCore
import Foundation

/// Money as a person reads it: `$19.00`, `¥1,900`, `19.000 KWD`. For tables only; scripts get
/// whole numbers in the minor unit.
enum MoneyText {
  static func of(_ minor: Int64, _ currency: String) -> String {
    let digits = String(minor.magnitude)
    let decimals = Currency.decimals(of: currency)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let fraction = decimals == 0 ? "" : "." + padded.suffix(decimals)
    return signed(minor < 0, grouped(padded.dropLast(decimals)) + fraction, currency)
  }

  /// An amount that may have parts of the minor unit, as usage prices do: `0.5` cents is `$0.005`.
  static func of(_ minor: Decimal, _ currency: String) -> String {
    let decimals = Currency.decimals(of: currency)
    let major = minor.magnitude / pow(10, decimals)
    let parts = "\(major)".split(separator: ".")
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let padded = fraction + String(repeating: "0", count: max(0, decimals - fraction.count))
    let whole = grouped(parts.first ?? "0")
    return signed(minor < 0, padded.isEmpty ? whole : whole + "." + padded, currency)
  }

  private static func signed(_ isNegative: Bool, _ text: String, _ currency: String) -> String {
    let sign = isNegative ? "-" : ""
    switch currency.lowercased() {
    case "usd": return "\(sign)$\(text)"
    case "eur": return "\(sign)€\(text)"
    case "gbp": return "\(sign)£\(text)"
    case "jpy": return "\(sign)¥\(text)"
    case "": return sign + text
    default: return "\(sign)\(text) \(currency.uppercased())"
    }
  }

  private static func grouped(_ digits: some StringProtocol) -> String {
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return result
  }
}
