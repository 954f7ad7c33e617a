import Basics
import Foundation

/// A coupon at work: on a subscription, from the moment it is redeemed until it has run out.
enum Discounts: Resource {
  static let types = [
    ResourceType(
      "discount", idPrefix: "di", indexed: ["subscription"],
      expandable: [
        "customer": .reference("customer"), "promotion_code": .reference("promotion_code"),
        "source.coupon": .reference("coupon"),
      ], due: DiscountEnd.due)
  ]

  static let operations: [Operation] = []

  static let template = JSONObject.template(
    """
    {"id":"","object":"discount","checkout_session":null,"customer":null,"customer_account":null,
    "end":null,"invoice":null,"invoice_item":null,"promotion_code":null,
    "source":{"coupon":null,"type":"coupon"},"start":0,"subscription":null,
    "subscription_item":null}
    """)

  /// Redeems what the parameter `discounts` names, for a subscription.
  ///
  /// - Parameter current: the discounts that it has, which may be kept by naming them.
  static func redeemed(
    _ call: Call, subscription: String, customer: String, current: [String] = []
  ) throws -> [JSONObject] {
    let given = call.array("discounts") ?? []
    guard given.count <= 20 else {
      throw SandboxError.invalid(
        "You may only apply up to 20 discounts.", parameter: "discounts")
    }
    return try given.enumerated().map { index, entry in
      let place = "discounts[\(index)]"
      if let id = entry["discount"]?.string {
        guard current.contains(id), let kept = try call.find("discount", id) else {
          throw SandboxError.missing(
            "discount", id: id, parameter: "\(place)[discount]", status: 400)
        }
        return kept
      }
      if let code = entry["promotion_code"]?.string {
        return try redeem(promotionCode: code, at: place, subscription, customer, call)
      }
      guard let id = entry["coupon"]?.string else {
        throw SandboxError.missingParameter("\(place)[coupon]")
      }
      let coupon = try call.referenced("coupon", id, parameter: "\(place)[coupon]")
      return try redeem(coupon, code: nil, at: place, subscription, customer, call)
    }
  }

  private static func redeem(
    promotionCode id: String, at place: String, _ subscription: String, _ customer: String,
    _ call: Call
  ) throws -> JSONObject {
    let parameter = "\(place)[promotion_code]"
    let code = try call.referenced("promotion_code", id, parameter: parameter)
    guard PromotionCodes.isActive(code, at: call.now) else {
      throw SandboxError.invalid(
        "This promotion code is not active.", code: "coupon_expired", parameter: parameter)
    }
    guard code.string("customer").map({ $0 == customer }) ?? true else {
      throw SandboxError.invalid(
        "This promotion code cannot be redeemed by this customer.", parameter: parameter)
    }
    let couponID = code.object("promotion")?.string("coupon") ?? ""
    let coupon = try call.referenced("coupon", couponID, parameter: parameter)
    return try redeem(coupon, code: code, at: place, subscription, customer, call)
  }

  private static func redeem(
    _ coupon: JSONObject, code: JSONObject?, at place: String, _ subscription: String,
    _ customer: String, _ call: Call
  ) throws -> JSONObject {
    guard Coupons.isValid(coupon, at: call.now) else {
      throw SandboxError.invalid(
        "Coupon expired: \(coupon.id)", code: "coupon_expired", parameter: "\(place)[coupon]")
    }
    for counted in [coupon, code].compactMap({ $0 }) {
      let uses = (counted.integer("times_redeemed") ?? 0) + 1
      try call.save(counted.setting(["times_redeemed": .integer(uses)]))
    }
    let discount = template.setting([
      "id": .string(call.newID("di", length: 24)),
      "checkout_session": call["_checkout_session"] ?? .null, "customer": .string(customer),
      "end": .time(end(of: coupon, from: call.now)), "promotion_code": JSON(code?.id),
      "source": ["coupon": .string(coupon.id), "type": "coupon"], "start": .time(call.now),
      "subscription": .string(subscription),
    ])
    return try call.create(discount, event: "customer.discount.created")
  }

  /// When a coupon that repeats for some months runs out.
  static func end(of coupon: JSONObject, from start: Timestamp) -> Timestamp? {
    guard coupon.string("duration") == "repeating",
      let months = coupon.integer("duration_in_months"), (1...1200).contains(months)
    else { return nil }
    return CivilTime(start).adding(months: Int(months)).timestamp
  }
}

// MARK: On invoices

extension Discounts {
  /// The discounts of a subscription that count at a moment, with their coupons.
  static func running(
    _ ids: [String], at moment: Timestamp, _ call: Call
  ) throws -> [(discount: JSONObject, coupon: JSONObject)] {
    try ids.compactMap { id in
      guard let discount = try call.find("discount", id),
        discount.timestamp("end").map({ $0 > moment }) ?? true,
        let couponID = discount.object("source")?.string("coupon"),
        let coupon = try call.store.object(type: "coupon", id: couponID)
      else { return nil }
      return (discount, coupon)
    }
  }

  /// The same as far as the arithmetic of an invoice with these lines goes.
  static func rules(
    _ running: [(discount: JSONObject, coupon: JSONObject)], lines: [InvoiceLine]
  ) -> [InvoiceArithmetic.Discount] {
    running.map { discount, coupon in
      let products = coupon.object("applies_to")?.strings("products") ?? []
      let places = lines.indices.filter { index in
        products.contains(lines[index].price.string("product") ?? "")
      }
      return InvoiceArithmetic.Discount(
        id: discount.id, percentOff: coupon["percent_off"]?.decimal,
        amountOff: coupon.integer("amount_off"), lines: products.isEmpty ? nil : Set(places))
    }
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

  /// Ends the discounts of coupons that count once, after they have; the ids that are left.
  static func spendOnce(_ ids: [String], _ call: Call) throws -> [String] {
    let running = try running(ids, at: call.now, call)
    let spent = running.filter { $0.coupon.string("duration") == "once" }
    for (discount, _) in spent {
      // It still stands on the invoice, so that it is kept.
      try call.emit("customer.discount.deleted", discount)
    }
    let spentIDs = Set(spent.map { $0.discount.id })
    return ids.filter { !spentIDs.contains($0) }
  }
}
