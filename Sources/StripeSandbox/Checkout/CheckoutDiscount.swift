import Basics

/// The one coupon of a page: given with it, or typed on it as a promotion code.
struct CheckoutDiscount {
  let coupon: JSONObject
  let code: JSONObject?

  /// As it stands in a session's `discounts`.
  var json: JSON {
    ["coupon": code == nil ? .string(coupon.id) : .null, "promotion_code": JSON(code?.id)]
  }

  /// As a subscription wants it.
  var parameters: JSON {
    code.map { ["promotion_code": .string($0.id)] } ?? ["coupon": .string(coupon.id)]
  }

  /// Reads the parameter `discounts`.
  static func given(_ call: Call, currency: String) throws -> CheckoutDiscount? {
    guard let entry = call.array("discounts")?.first?.object else { return nil }
    let (coupon, code) = (entry.string("coupon"), entry.string("promotion_code"))
    guard coupon == nil || code == nil else {
      throw SandboxError.invalid(
        "You may only specify one of these parameters: coupon, promotion_code.",
        code: "parameters_exclusive", parameter: "discounts[0][coupon]")
    }
    guard let code else {
      let parameter = "discounts[0][coupon]"
      guard let coupon else { throw SandboxError.missingParameter(parameter) }
      let found = try call.referenced("coupon", coupon, parameter: parameter)
      return try checked(found, nil, customer: nil, currency: currency, parameter, call)
    }
    let parameter = "discounts[0][promotion_code]"
    let found = try call.referenced("promotion_code", code, parameter: parameter)
    return try checked(
      found, customer: call.string("customer"), currency: currency, parameter, call)
  }

  /// The discount of what a customer typed on an open page.
  static func typed(
    _ text: String, on session: JSONObject, _ call: Call
  ) throws -> CheckoutDiscount {
    guard session.bool("allow_promotion_codes") == true else {
      throw SandboxError.invalid(
        "This Checkout Session does not take promotion codes: `allow_promotion_codes` is off.",
        parameter: "promotion_code")
    }
    let discount = try typed(
      text, customer: session.string("customer"), currency: session.string("currency") ?? "", call)
    try checkRestrictions(of: discount.code ?? [:], session, call)
    return discount
  }

  /// The discount of a promotion code as somebody types it, in any case.
  static func typed(
    _ text: String, customer: String?, currency: String, _ call: Call
  ) throws -> CheckoutDiscount {
    let found = try call.all(
      "promotion_code", where: ["_code": .string(text.lowercased()), "active": true])
    let own = found.first { code in
      PromotionCodes.isActive(code, at: call.now)
        && code.string("customer").map { $0 == customer } ?? true
    }
    guard let own else { throw invalidCode(text) }
    return try checked(own, customer: customer, currency: currency, "promotion_code", call)
  }

  /// What stands on the page for a code that cannot be redeemed.
  private static func invalidCode(_ text: String) -> SandboxError {
    .invalid("This promotion code is invalid: \(text)", parameter: "promotion_code")
  }

  /// The discount that a session has.
  init?(of session: JSONObject, _ call: Call) throws {
    guard let entry = session.objects("discounts").first else { return nil }
    let code = try entry.string("promotion_code").flatMap { try call.find("promotion_code", $0) }
    let id = entry.string("coupon") ?? code?.object("promotion")?.string("coupon") ?? ""
    guard let coupon = try call.find("coupon", id) else { return nil }
    (self.coupon, self.code) = (coupon, code)
  }

  private init(coupon: JSONObject, code: JSONObject?) { (self.coupon, self.code) = (coupon, code) }
}

// MARK: Checks

extension CheckoutDiscount {
  private static func checked(
    _ code: JSONObject, customer: String?, currency: String, _ parameter: String, _ call: Call
  ) throws -> CheckoutDiscount {
    guard PromotionCodes.isActive(code, at: call.now) else {
      throw SandboxError.invalid(
        "This promotion code is not active.", code: "coupon_expired", parameter: parameter)
    }
    let couponID = code.object("promotion")?.string("coupon") ?? ""
    let coupon = try call.referenced("coupon", couponID, parameter: parameter)
    guard code.string("customer").map({ $0 == customer }) ?? true else {
      throw SandboxError.invalid(
        "This promotion code cannot be redeemed by this customer.", parameter: parameter)
    }
    return try checked(
      coupon, code, customer: customer, currency: currency, parameter, call)
  }

  private static func checked(
    _ coupon: JSONObject, _ code: JSONObject?, customer: String?, currency: String,
    _ parameter: String, _ call: Call
  ) throws -> CheckoutDiscount {
    guard Coupons.isValid(coupon, at: call.now) else {
      throw SandboxError.invalid(
        "Coupon expired: \(coupon.id)", code: "coupon_expired", parameter: parameter)
    }
    if let own = coupon.string("currency"), own != currency {
      throw SandboxError.invalid(
        "The coupon `\(coupon.id)` is in \(own) and cannot be applied to amounts in \(currency).",
        parameter: parameter)
    }
    return CheckoutDiscount(coupon: coupon, code: code)
  }

  private static func checkRestrictions(
    of code: JSONObject, _ session: JSONObject, _ call: Call
  ) throws {
    let limits = code.object("restrictions") ?? [:]
    let text = code.string("code") ?? ""
    if limits.bool("first_time_transaction") == true, let customer = session.string("customer") {
      let paid = try call.all("charge", where: ["customer": .string(customer)])
      guard !paid.contains(where: { $0.bool("paid") == true }) else { throw invalidCode(text) }
    }
    let currency = session.string("currency") ?? ""
    let isOwn = limits.string("minimum_amount_currency") == currency
    let option = limits.object("currency_options")?.object(currency)?.integer("minimum_amount")
    guard let least = isOwn ? limits.integer("minimum_amount") : option else {
      // A least amount that is given in other currencies only cannot be reached.
      guard limits.integer("minimum_amount") == nil else { throw invalidCode(text) }
      return
    }
    guard session.integer("amount_subtotal") ?? 0 >= least else { throw invalidCode(text) }
  }
}

// MARK: On a session

extension CheckoutDiscount {
  /// The discount at work on a session.
  func object(id: String, session: JSONObject, at now: Timestamp) -> JSONObject {
    Discounts.template.setting([
      "id": .string(id), "checkout_session": .string(session.id),
      "customer": session["customer"] ?? .null,
      "end": .time(Discounts.end(of: coupon, from: now)), "promotion_code": JSON(code?.id),
      "source": ["coupon": .string(coupon.id), "type": "coupon"], "start": .time(now),
    ])
  }

  /// Counts a use of the coupon, and of the code.
  func redeem(_ call: Call) throws {
    for counted in [coupon, code].compactMap({ $0 }) {
      let uses = (counted.integer("times_redeemed") ?? 0) + 1
      try call.save(counted.setting(["times_redeemed": .integer(uses)]))
    }
  }
}
