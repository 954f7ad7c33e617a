import Basics
import Foundation

/// A coupon at work: on a customer, a subscription, an item of one, an invoice or a line, from the
/// moment it is redeemed until it has run out. How it is redeemed stands in `DiscountRedemption`.
enum Discounts: Resource {
  static let types = [
    ResourceType(
      "discount", idPrefix: "di", indexed: ["subscription"],
      expandable: [
        "customer": .reference("customer"), "promotion_code": .reference("promotion_code"),
        "source.coupon": .reference("coupon"),
      ], due: Due(.rest, moment: end(of:), run: { try end($1, $0) }))
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
    try end(discount, call)
    return .object(discount.setting(["deleted": true]))
  }

  private static func none(on owner: String, _ id: String) -> SandboxError {
    .invalid("No active discount for \(owner): \(id)", code: "resource_missing", status: 404)
  }
}

// MARK: Ending

extension Discounts {
  /// When a discount runs out by itself; that of an invoice or of a line lasts as long as they do.
  private static func end(of discount: JSONObject) -> Timestamp? {
    let isOnBill =
      discount.string("invoice") != nil || discount.string("invoice_item") != nil
    return isOnBill || discount.bool("_ended") == true ? nil : discount.timestamp("end")
  }

  /// Takes a discount off what it is on, and says so. It is kept, for the invoices on which it
  /// stands.
  static func end(_ discount: JSONObject, _ call: Call) throws {
    guard discount.bool("_ended") != true else { return }
    try call.save(discount.setting(["_ended": true]))
    try detach(discount, call)
    try call.emit("customer.discount.deleted", discount)
  }

  private static func detach(_ discount: JSONObject, _ call: Call) throws {
    guard let id = discount.string("subscription") else {
      if let customer = try discount.string("customer").flatMap({ try call.find("customer", $0) }),
        customer.object("discount")?.id == discount.id
      {
        try call.save(customer.setting(["discount": .null]))
      }
      return
    }
    guard let subscription = try call.find("subscription", id) else { return }
    let without = { (owner: JSONObject) -> JSONObject in
      let left = owner.strings("discounts").filter { $0 != discount.id }
      return owner.setting(["discounts": .array(left.map { .string($0) })])
    }
    let items = subscription.listed("items").map(without)
    try call.save(without(Subscriptions.withItems(subscription, items)))
  }

  /// Ends the discounts of coupons that count once, when they have taken something off an invoice
  /// that is issued. One that found nothing to take off, as in a trial, is left for the next.
  static func spend(on invoice: JSONObject, _ call: Call) throws {
    for entry in invoice.objects("total_discount_amounts")
    where entry.integer("amount") ?? 0 > 0 {
      guard let discount = try entry.string("discount").flatMap({ try call.find("discount", $0) }),
        try coupon(of: discount, call)?.string("duration") == "once",
        discount.string("invoice") == nil, discount.string("invoice_item") == nil
      else { continue }
      try end(discount, call)
    }
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
  private static func coupon(of discount: JSONObject, _ call: Call) throws -> JSONObject? {
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

  /// What a price costs after the percentages of a subscription's discounts: what prorations go by.
  static func afterPercentages(
    _ amount: Int64, price: JSONObject,
    _ running: [(discount: JSONObject, coupon: JSONObject)]
  ) throws -> Int64 {
    try running.reduce(amount) { amount, entry in
      let products = entry.coupon.object("applies_to")?.strings("products") ?? []
      let applies = products.isEmpty || products.contains(price.string("product") ?? "")
      guard applies, let percent = entry.coupon["percent_off"]?.decimal else { return amount }
      return amount - (try Money.percentage(percent, of: amount))
    }
  }
}
