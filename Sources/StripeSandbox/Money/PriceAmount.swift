import Basics
import Foundation

/// What a quantity of a price costs.
enum PriceAmount {
  static func amount(of price: JSONObject, quantity: Int64) throws(SandboxError) -> Int64 {
    let units = transformed(Decimal(quantity), price)
    guard price.string("billing_scheme") == "tiered" else {
      return try Money.rounded(unitAmount(price) * units)
    }
    return try Money.rounded(graduated(price.objects("tiers"), units: units))
  }

  /// One part of what usage costs: so many units at a price, or the flat amount of a tier.
  struct Charge: Hashable {
    /// The number of the tier, from 1; nil for a price without tiers.
    var tier: Int?
    var isFlat = false
    var quantity: Decimal
    /// What one unit costs, or the flat amount; for a package, what one package costs.
    var each: Decimal
    var amount: Int64
  }

  /// The parts of what a quantity costs, each rounded by itself.
  static func charges(
    of price: JSONObject, quantity: Decimal
  ) throws(SandboxError) -> [Charge] {
    guard price.string("billing_scheme") == "tiered" else {
      let each = unitAmount(price)
      let amount = try Money.rounded(each * transformed(quantity, price))
      return [Charge(quantity: quantity, each: each, amount: amount)]
    }
    var (charges, reached) = ([Charge](), Decimal(0))
    for (index, tier) in price.objects("tiers").enumerated() where index == 0 || reached < quantity
    {
      let end = tier.integer("up_to").map { min(Decimal($0), quantity) } ?? quantity
      let each = decimal(tier, "unit_amount")
      charges.append(
        Charge(
          tier: index + 1, quantity: end - reached, each: each,
          amount: try Money.rounded(each * (end - reached))))
      if tier.integer("flat_amount") != nil || tier.string("flat_amount_decimal") != nil {
        let flat = decimal(tier, "flat_amount")
        charges.append(
          Charge(
            tier: index + 1, isFlat: true, quantity: 0, each: flat,
            amount: try Money.rounded(flat)))
      }
      reached = end
    }
    return charges
  }

  static func isMetered(_ price: JSONObject) -> Bool {
    price.object("recurring")?.string("usage_type") == "metered"
  }

  /// What one unit costs, fractions of cents included.
  static func unitAmount(_ price: JSONObject) -> Decimal {
    decimal(price, "unit_amount")
  }

  /// `transform_quantity` bills packages of units instead of units.
  private static func transformed(_ quantity: Decimal, _ price: JSONObject) -> Decimal {
    guard let transform = price.object("transform_quantity"),
      let divisor = transform.integer("divide_by"), divisor > 0
    else { return quantity }
    var (packages, whole) = (quantity / Decimal(divisor), Decimal())
    NSDecimalRound(&whole, &packages, 0, transform.string("round") == "up" ? .up : .down)
    return whole
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
