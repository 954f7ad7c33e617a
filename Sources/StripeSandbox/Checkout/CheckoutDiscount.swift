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

  /// Reads the parameter `discounts` for a session that has its lines.
  static func given(_ session: JSONObject, _ call: Call) throws -> CheckoutDiscount? {
    guard let entry = call.array("discounts")?.first?.object else { return nil }
    let (coupon, code) = (entry.string("coupon"), entry.string("promotion_code"))
    guard coupon == nil || code == nil else {
      throw SandboxError.invalid(
        "You may only specify one of these parameters: coupon, promotion_code.",
        code: "parameters_exclusive", parameter: "discounts[0][coupon]")
    }
    let redemption = redemption(for: session, call)
    guard let code else {
      let parameter = "discounts[0][coupon]"
      guard let coupon else { throw SandboxError.missingParameter(parameter) }
      let found = try call.referenced("coupon", coupon, parameter: parameter)
      try redemption.check(found, at: parameter)
      return CheckoutDiscount(coupon: found, code: nil)
    }
    let parameter = "discounts[0][promotion_code]"
    let found = try call.referenced("promotion_code", code, parameter: parameter)
    return CheckoutDiscount(coupon: try redemption.coupon(of: found, at: parameter), code: found)
  }

  /// The discount of what a customer types on an open page.
  static func typed(
    _ text: String, on session: JSONObject, _ call: Call
  ) throws -> CheckoutDiscount {
    guard session.bool("allow_promotion_codes") == true else {
      throw SandboxError.invalid(
        "This Checkout Session does not take promotion codes: `allow_promotion_codes` is off.",
        parameter: "promotion_code")
    }
    return try typed(text, for: redemption(for: session, call))
  }

  /// The discount of a promotion code as somebody types it, in any case: one's own comes before one
  /// for all.
  static func typed(
    _ text: String, for redemption: DiscountRedemption
  ) throws -> CheckoutDiscount {
    let call = redemption.call
    let found = try call.all(
      "promotion_code", where: ["_code": .string(text.lowercased()), "active": true])
    let own = found.first { $0.string("customer") == redemption.customer }
    guard let code = own ?? found.first(where: { $0.string("customer") == nil }),
      PromotionCodes.isActive(code, at: call.now)
    else {
      throw SandboxError.invalid(
        "This promotion code is invalid: \(text)", parameter: "promotion_code")
    }
    return CheckoutDiscount(
      coupon: try redemption.coupon(of: code, at: "promotion_code"), code: code)
  }

  private static func redemption(for session: JSONObject, _ call: Call) -> DiscountRedemption {
    DiscountRedemption(
      owner: .checkoutSession(session.id), customer: session.string("customer") ?? "",
      currency: session.string("currency"), amount: session.integer("amount_subtotal"), call: call)
  }
}

// MARK: On a session

extension CheckoutDiscount {
  /// The discount that a session has.
  init?(of session: JSONObject, _ call: Call) throws {
    guard let entry = session.objects("discounts").first else { return nil }
    let code = try entry.string("promotion_code").flatMap { try call.find("promotion_code", $0) }
    let id = entry.string("coupon") ?? code?.object("promotion")?.string("coupon") ?? ""
    guard let coupon = try call.find("coupon", id) else { return nil }
    self.init(coupon: coupon, code: code)
  }

  /// The discount at work on a session, always of the same id.
  func object(id: String, session: JSONObject, _ call: Call) -> JSONObject {
    Self.redemption(for: session, call).made(coupon, code: code).setting(["id": .string(id)])
  }

  /// Redeems it for a session that is paid once.
  func redeem(for session: JSONObject, _ call: Call) throws {
    _ = try Self.redemption(for: session, call).discounts([parameters])
  }
}
