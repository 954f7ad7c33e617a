import Basics
import Foundation

/// Amounts, intervals and periods as they stand in the descriptions of invoice lines.
enum PriceText {
  /// `$25.00`, `€0.005`, `¥500`, `25.00 CHF`, `5.120 KWD`.
  static func amount(_ minor: Decimal, currency: String) -> String {
    let digits = digits(of: currency)
    let sign = minor < 0 ? "-" : ""
    let number = grouped((minor < 0 ? -minor : minor) / pow(10, digits), digits: digits)
    guard let symbol = symbols[currency] else {
      return "\(sign)\(number) \(currency.uppercased())"
    }
    return "\(sign)\(symbol)\(number)"
  }

  /// `month`, `every 3 months`.
  static func interval(_ interval: BillingInterval) -> String {
    interval.count == 1
      ? interval.unit.rawValue : "every \(interval.count) \(interval.unit.rawValue)s"
  }

  /// `1 user × Pro (at $25.00 / month)`.
  static func line(price: JSONObject, product: JSONObject, quantity: Int64) -> String {
    let subject = subject(product, quantity: quantity)
    guard let interval = BillingInterval(price: price) else {
      return product.string("name") ?? ""
    }
    let each = amount(PriceAmount.unitAmount(price), currency: price.string("currency") ?? "")
    let cost = price.string("billing_scheme") == "tiered" ? "tiered" : "at \(each)"
    return "\(subject) (\(cost) / \(self.interval(interval)))"
  }

  /// `31 call × API (Tier 2 at $0.036 / month)`, `0 × Seats (at $75.00 per 50 units / month)`.
  static func usage(
    _ charge: PriceAmount.Charge, price: JSONObject, product: JSONObject
  ) -> String {
    let each = amount(charge.each, currency: price.string("currency") ?? "")
    let name = product.string("name") ?? ""
    let subject = charge.isFlat ? name : subject(product, quantity: "\(charge.quantity)")
    let tier = charge.tier.map { "Tier \($0) " } ?? ""
    let package = price.object("transform_quantity")?.integer("divide_by")
    let size = package.map { " per \($0) units" } ?? ""
    let time = BillingInterval(price: price).map { " / \(interval($0))" } ?? ""
    return "\(subject) (\(tier)at \(each)\(size)\(time))"
  }

  /// `Free trial for 1 user × Pro`.
  static func trial(product: JSONObject, quantity: Int64) -> String {
    "Free trial for \(subject(product, quantity: quantity))"
  }

  /// `Unused time on 2 × Pro after 15 Mar 2026`; the quantity is named from two on.
  static func proration(
    _ kind: String, product: JSONObject, quantity: Int64, at moment: Timestamp
  ) -> String {
    "\(kind) time on \(counted(product, quantity)) after \(day(moment))"
  }

  /// `Time on 2 × Pro from 01 Mar 2026 until 15 Mar 2026`: what a start in the past costs.
  static func past(product: JSONObject, quantity: Int64, _ period: BillingPeriod) -> String {
    "Time on \(counted(product, quantity)) from \(day(period.start)) until \(day(period.end))"
  }

  private static func counted(_ product: JSONObject, _ quantity: Int64) -> String {
    let name = product.string("name") ?? ""
    return quantity == 1 ? name : "\(quantity) × \(name)"
  }

  /// `10 Nov 2025`.
  static func day(_ moment: Timestamp) -> String {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let civil = CivilTime(moment)
    return "\(civil.day < 10 ? "0" : "")\(civil.day) \(months[civil.month - 1]) \(civil.year)"
  }

  private static func subject(
    _ product: JSONObject, quantity: some CustomStringConvertible
  ) -> String {
    let label = product.string("unit_label").map { " \($0)" } ?? ""
    return "\(quantity)\(label) × \(product.string("name") ?? "")"
  }

  /// A number with at least so many places behind the point, in groups of three before it.
  private static func grouped(_ number: Decimal, digits: Int) -> String {
    let parts = NSDecimalNumber(decimal: number).stringValue.split(separator: ".")
    var whole = String(parts.first ?? "0")
    var fraction = parts.count > 1 ? String(parts[1]) : ""
    fraction += String(repeating: "0", count: max(0, digits - fraction.count))
    var groups: [String] = []
    while whole.count > 3 {
      groups.insert(String(whole.suffix(3)), at: 0)
      whole.removeLast(3)
    }
    let text = ([whole] + groups).joined(separator: ",")
    return fraction.isEmpty ? text : "\(text).\(fraction)"
  }

  private static let symbols = ["usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"]

  /// How many places a currency has behind the point.
  private static func digits(of currency: String) -> Int {
    zeroDecimal.contains(currency) ? 0 : threeDecimal.contains(currency) ? 3 : 2
  }

  /// The currencies whose minor unit is a thousandth.
  private static let threeDecimal: Set<String> = ["bhd", "jod", "kwd", "omr", "tnd"]

  /// The currencies without a minor unit.
  private static let zeroDecimal: Set<String> = [
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv",
    "xaf", "xof", "xpf",
  ]
}
