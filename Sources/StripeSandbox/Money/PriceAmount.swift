import Basics
import Foundation

/// What a quantity of a price costs.
enum PriceAmount {
  static func amount(of price: JSONObject, quantity: Int64) throws(SandboxError) -> Int64 {
    let units = Decimal(transformed(quantity, price))
    guard price.string("billing_scheme") == "tiered" else {
      return try Money.rounded(unitAmount(price) * units)
    }
    return try Money.rounded(graduated(price.objects("tiers"), units: units))
  }

  static func isMetered(_ price: JSONObject) -> Bool {
    price.object("recurring")?.string("usage_type") == "metered"
  }

  /// What one unit costs, fractions of cents included.
  static func unitAmount(_ price: JSONObject) -> Decimal {
    decimal(price, "unit_amount")
  }

  /// `transform_quantity` bills packages of units instead of units.
  private static func transformed(_ quantity: Int64, _ price: JSONObject) -> Int64 {
    guard let transform = price.object("transform_quantity"),
      let divisor = transform.integer("divide_by"), divisor > 0
    else { return quantity }
    let (packages, rest) = quantity.quotientAndRemainder(dividingBy: divisor)
    return rest > 0 && transform.string("round") == "up" ? packages + 1 : packages
  }

  /// Each unit at the price of the tier in which it lies, and each tier that is reached with its
  /// flat amount.
  private static func graduated(_ tiers: [JSONObject], units: Decimal) -> Decimal {
    var (total, reached) = (Decimal(0), Decimal(0))
    for tier in tiers where reached < units || reached == 0 {
      let end = tier.integer("up_to").map { min(Decimal($0), units) } ?? units
      total += (end - reached) * decimal(tier, "unit_amount")
      total += decimal(tier, "flat_amount")
      reached = end
      if reached >= units { break }
    }
    return total
  }

  /// `unit_amount_decimal`, else `unit_amount`, else nothing.
  private static func decimal(_ object: JSONObject, _ key: String) -> Decimal {
    if let value = object["\(key)_decimal"] {
      if let text = value.string, let exact = Decimal(string: text) { return exact }
      if let exact = value.decimal { return exact }
    }
    return object.integer(key).map { Decimal($0) } ?? 0
  }
}
