import Basics

/// A coupon at work: on a customer, a subscription, an item of one, an invoice or a line, from the
/// moment it is redeemed until it has run out. How it is redeemed stands in `DiscountRedemption`.
enum Discounts: Resource {
  static let types = [
    ResourceType(
      "discount", idPrefix: "di", indexed: ["subscription"],
      expandable: [
        "customer": .reference("customer"), "promotion_code": .reference("promotion_code"),
        "source.coupon": .reference("coupon"),
      ], due: DiscountEnd.due)
  ]

  static let operations: [Operation] = [
    .delete("/v1/customers/{id}/discount", deleteOfCustomer),
    .delete("/v1/subscriptions/{id}/discount", deleteOfSubscription),
  ]

  private static func deleteOfCustomer(_ call: Call) throws -> JSON {
    let customer = try call.required("customer")
    guard let id = customer.object("discount")?.id, let discount = try call.find("discount", id)
    else { throw none(on: "customer", customer.id) }
    return try deleted(discount, call)
  }

  /// Ends the one discount that a subscription has; of several, the last.
  private static func deleteOfSubscription(_ call: Call) throws -> JSON {
    let subscription = try call.required("subscription")
    guard let id = subscription.strings("discounts").last,
      let discount = try call.find("discount", id)
    else { throw none(on: "subscription", subscription.id) }
    return try deleted(discount, call)
  }

  private static func deleted(_ discount: JSONObject, _ call: Call) throws -> JSON {
    try DiscountEnd.end(discount, call)
    return .object(discount.setting(["deleted": true]))
  }

  private static func none(on owner: String, _ id: String) -> SandboxError {
    .invalid("No active discount for \(owner): \(id)", code: "resource_missing", status: 404)
  }
}

// MARK: On invoices

extension Discounts {
  /// The discounts that count at a moment, with their coupons.
  static func running(
    _ ids: [String], at moment: Timestamp, _ call: Call
  ) throws -> [(discount: JSONObject, coupon: JSONObject)] {
    try ids.compactMap { id in
      guard let discount = try call.find("discount", id),
        discount.timestamp("end").map({ $0 > moment }) ?? true,
        let coupon = try coupon(of: discount, call)
      else { return nil }
      return (discount, coupon)
    }
  }

  /// The coupon of a discount as it was redeemed: it outlives a coupon that is deleted.
  static func coupon(of discount: JSONObject, _ call: Call) throws -> JSONObject? {
    if let kept = discount.object("_coupon") { return kept }
    let id = discount.object("source")?.string("coupon") ?? ""
    return try call.store.object(type: "coupon", id: id)
  }

  /// The same as far as the arithmetic of an invoice goes.
  ///
  /// - Parameter products: the product of each line.
  static func rules(
    _ running: [(discount: JSONObject, coupon: JSONObject)], products: [String], currency: String
  ) throws -> [InvoiceArithmetic.Discount] {
    running.map { discount, coupon in
      let limits = coupon.object("applies_to")?.strings("products") ?? []
      let places = products.indices.filter { limits.contains(products[$0]) }
      return InvoiceArithmetic.Discount(
        id: discount.id, percentOff: coupon["percent_off"]?.decimal,
        amountOff: amountOff(coupon, currency: currency),
        lines: limits.isEmpty ? nil : Set(places))
    }
  }

  /// What a coupon takes off in a currency; nil where it says nothing of that currency.
  static func amountOff(_ coupon: JSONObject, currency: String) -> Int64? {
    if coupon.string("currency") == currency { return coupon.integer("amount_off") }
    return coupon.object("currency_options")?.object(currency)?.integer("amount_off")
  }
}
