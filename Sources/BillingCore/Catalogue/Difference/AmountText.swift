/// Amounts as the differences of a catalogue tell them: `19.00 usd`, exactly.
enum AmountText {
  /// An amount of minor units, which a usage price may have parts of: `0.5` of usd is `0.005 usd`.
  static func of(_ minorUnits: String, _ currency: String) -> String {
    guard let amount = DecimalText.normalized(minorUnits) else {
      return "\(minorUnits) \(currency)"
    }
    let parts = amount.split(separator: ".")
    let decimals = Currency.decimals(of: currency)
    let whole = String(repeating: "0", count: max(0, decimals + 1 - parts[0].count)) + parts[0]
    let fraction = whole.suffix(decimals) + (parts.count > 1 ? parts[1] : "")
    return "\(whole.dropLast(decimals))\(fraction.isEmpty ? "" : ".")\(fraction) \(currency)"
  }

  static func of(_ minorUnits: Int64, _ currency: String) -> String {
    of(String(minorUnits), currency)
  }
}
