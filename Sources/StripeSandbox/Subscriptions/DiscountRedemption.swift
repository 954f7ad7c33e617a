import Basics
import Foundation

/// Redeeming coupons and promotion codes: what a parameter `discounts` names becomes discounts.
struct DiscountRedemption {
  /// What a discount is for.
  enum Owner {
    case customer
    /// One payment on a page, perhaps of a guest.
    case checkoutSession(String)
    case subscription(String)
    case subscriptionItem(String, subscription: String)
    case invoice(String)
    case invoiceItem(String)
  }

  let owner: Owner
  /// Empty for a guest.
  let customer: String
  /// The currency of what is discounted; nil where it is not known yet.
  var currency: String?
  /// What it costs, for codes that ask for a least amount; nil where that is not known yet.
  var amount: Int64?
  let call: Call

  /// The most discounts that anything has.
  private static let maximumCount = 20

  /// The discounts that a parameter names, redeemed.
  ///
  /// - Parameter current: the discounts that it has, which may be kept by naming them.
  func discounts(
    _ given: [JSON], current: [String] = [], at parameter: String = "discounts"
  ) throws -> [JSONObject] {
    guard given.count <= Self.maximumCount else {
      throw SandboxError.invalid(
        "You may only apply up to \(Self.maximumCount) discounts.", parameter: parameter)
    }
    return try given.enumerated().map { index, entry in
      let place = "\(parameter)[\(index)]"
      if let id = entry["discount"]?.string {
        guard current.contains(id), let kept = try call.find("discount", id) else {
          throw SandboxError.missing(
            "discount", id: id, parameter: "\(place)[discount]", status: 400)
        }
        return kept
      }
      if let code = entry["promotion_code"]?.string {
        return try discount(ofPromotionCode: code, at: "\(place)[promotion_code]")
      }
      guard let id = entry["coupon"]?.string else {
        throw SandboxError.missingParameter("\(place)[coupon]")
      }
      return try discount(ofCoupon: id, at: "\(place)[coupon]")
    }
  }

  func discount(ofCoupon id: String, at parameter: String) throws -> JSONObject {
    let coupon = try call.referenced("coupon", id, parameter: parameter)
    try check(coupon, at: parameter)
    return try redeem(coupon, code: nil)
  }

  func discount(ofPromotionCode id: String, at parameter: String) throws -> JSONObject {
    let code = try call.referenced("promotion_code", id, parameter: parameter)
    return try redeem(try coupon(of: code, at: parameter), code: code)
  }

  /// The coupon of a promotion code, which can be redeemed.
  func coupon(of code: JSONObject, at parameter: String) throws -> JSONObject {
    guard PromotionCodes.isActive(code, at: call.now) else {
      throw SandboxError.invalid(
        "This promotion code is not active.", code: "coupon_expired", parameter: parameter)
    }
    guard code.string("customer").map({ $0 == customer }) ?? true else {
      throw SandboxError.invalid(
        "This promotion code cannot be redeemed by this customer.", parameter: parameter)
    }
    try checkRestrictions(code.object("restrictions") ?? [:], at: parameter)
    let couponID = code.object("promotion")?.string("coupon") ?? ""
    let coupon = try call.referenced("coupon", couponID, parameter: parameter)
    try check(coupon, at: parameter)
    return coupon
  }
}

// MARK: Conditions

extension DiscountRedemption {
  private func checkRestrictions(_ restrictions: JSONObject, at parameter: String) throws {
    if restrictions.bool("first_time_transaction") == true, try hasPaid() {
      throw SandboxError.invalid(
        """
        This promotion code cannot be redeemed because the associated customer has prior \
        transactions.
        """, parameter: parameter)
    }
    guard let amount, let currency, let least = least(restrictions, currency), amount < least else {
      return
    }
    let text = PriceText.amount(Decimal(least), currency: currency)
    throw SandboxError.invalid(
      "This promotion code cannot be redeemed because the amount is less than \(text).",
      parameter: parameter)
  }

  private func least(_ restrictions: JSONObject, _ currency: String) -> Int64? {
    if restrictions.string("minimum_amount_currency") == currency {
      return restrictions.integer("minimum_amount")
    }
    return restrictions.object("currency_options")?.object(currency)?.integer("minimum_amount")
  }

  /// Whether the customer has paid once, or was sent an invoice that still holds.
  private func hasPaid() throws -> Bool {
    let mine: [String: JSON] = ["customer": .string(customer)]
    return try call.all("charge", where: mine).contains { $0.bool("paid") == true }
      || call.all("invoice", where: mine).contains {
        ["open", "paid", "uncollectible"].contains($0.string("status"))
      }
  }

  /// Refuses a coupon that cannot be redeemed for this.
  func check(_ coupon: JSONObject, at parameter: String) throws {
    guard Coupons.isValid(coupon, at: call.now) else {
      throw SandboxError.invalid(
        "Coupon expired: \(coupon.id)", code: "coupon_expired", parameter: parameter)
    }
    guard coupon.integer("amount_off") != nil, let currency,
      Discounts.amountOff(coupon, currency: currency) == nil
    else { return }
    throw SandboxError.invalid(
      """
      The coupon \(coupon.id) takes off an amount in \(coupon.string("currency") ?? "") and \
      cannot be used for an amount in \(currency).
      """, parameter: parameter)
  }
}

// MARK: Making

extension DiscountRedemption {
  private static let template = JSONObject.template(
    """
    {"id":"","object":"discount","checkout_session":null,"customer":null,"customer_account":null,
    "end":null,"invoice":null,"invoice_item":null,"promotion_code":null,
    "source":{"coupon":null,"type":"coupon"},"start":0,"subscription":null,
    "subscription_item":null}
    """)

  private func redeem(_ coupon: JSONObject, code: JSONObject?) throws -> JSONObject {
    for counted in [coupon, code].compactMap({ $0 }) {
      let uses = (counted.integer("times_redeemed") ?? 0) + 1
      try call.save(counted.setting(["times_redeemed": .integer(uses)]))
    }
    let discount = made(coupon, code: code)
    try call.insert(discount)
    if isAnnounced { try call.emit("customer.discount.created", discount) }
    return discount
  }

  /// A new discount, not stored.
  func made(_ coupon: JSONObject, code: JSONObject?) -> JSONObject {
    owned(
      Self.template.setting([
        "id": .string(call.newID("di", length: 24)),
        "checkout_session": call["_checkout_session"] ?? .null,
        "customer": JSON(customer.isEmpty ? nil : customer),
        "end": .time(Self.end(of: coupon, from: call.now)), "promotion_code": JSON(code?.id),
        "source": ["coupon": .string(coupon.id), "type": "coupon"], "start": .time(call.now),
        "_coupon": .object(coupon),
      ]))
  }

  private func owned(_ discount: JSONObject) -> JSONObject {
    switch owner {
    case .customer: discount
    case .checkoutSession(let id): discount.setting(["checkout_session": .string(id)])
    case .subscription(let id): discount.setting(["subscription": .string(id)])
    case .subscriptionItem(let id, let subscription):
      discount.setting([
        "subscription": .string(subscription), "subscription_item": .string(id),
      ])
    case .invoice(let id): discount.setting(["invoice": .string(id)])
    case .invoiceItem(let id): discount.setting(["invoice_item": .string(id)])
    }
  }

  /// Events tell of what customers and subscriptions get, not of what stands on one bill.
  private var isAnnounced: Bool {
    switch owner {
    case .customer, .subscription, .subscriptionItem: true
    case .checkoutSession, .invoice, .invoiceItem: false
    }
  }

  /// When a coupon that repeats for some months runs out.
  static func end(of coupon: JSONObject, from start: Timestamp) -> Timestamp? {
    guard coupon.string("duration") == "repeating",
      let months = coupon.integer("duration_in_months"), (1...1200).contains(months)
    else { return nil }
    return CivilTime(start).adding(months: Int(months)).timestamp
  }
}

extension Discounts {
  /// Redeems what the parameter `discounts` names, for a subscription.
  ///
  /// - Parameters:
  ///   - current: the discounts that it has, which may be kept by naming them.
  ///   - currency: the subscription's.
  ///   - amount: what its items cost.
  static func redeemed(
    _ call: Call, subscription: String, customer: String, current: [String] = [],
    currency: String? = nil, amount: Int64? = nil
  ) throws -> [JSONObject] {
    try DiscountRedemption(
      owner: .subscription(subscription), customer: customer, currency: currency, amount: amount,
      call: call
    ).discounts(call.array("discounts") ?? [], current: current)
  }
}
