import Basics

/// What a customer types to get a coupon: `/v1/promotion_codes`.
enum PromotionCodes: Resource {
  static let types = [
    ResourceType(
      "promotion_code", idPrefix: "promo", label: "promotion code",
      indexed: ["active", "customer", "customer_account", "promotion.coupon", "_code"],
      expandable: [
        "customer": .reference("customer"), "promotion.coupon": .reference("coupon"),
        "restrictions.currency_options": .hidden,
      ],
      current: { code, now in
        var shown = code
        if code["active"] == true { shown["active"] = .bool(isActive(code, at: now)) }
        return shown
      })
  ]

  static let operations: [Operation] = [
    .post("/v1/promotion_codes", create),
    .get("/v1/promotion_codes", list),
    .get("/v1/promotion_codes/{id}", retrieve),
    .post("/v1/promotion_codes/{id}", update),
  ]

  /// Whether it can still be redeemed, its coupon aside.
  static func isActive(_ code: JSONObject, at now: Timestamp) -> Bool {
    if let end = code["expires_at"]?.integer, now.seconds > end { return false }
    if let maximum = code["max_redemptions"]?.integer,
      code["times_redeemed"]?.integer ?? 0 >= maximum
    {
      return false
    }
    return code["active"] == true
  }

  private static func create(_ call: Call) throws -> JSON {
    guard let couponID = call.object("promotion")?["coupon"]?.string, !couponID.isEmpty else {
      throw SandboxError.missingParameter("promotion[coupon]")
    }
    let coupon = try call.referenced("coupon", couponID, parameter: "promotion[coupon]")
    guard Coupons.isValid(coupon, at: call.now) else {
      throw SandboxError.invalid(
        "The coupon `\(couponID)` can no longer be redeemed.", parameter: "promotion[coupon]")
    }
    if let customer = call.string("customer") {
      _ = try call.referenced("customer", customer, parameter: "customer")
    }
    let code = try code(call)
    try checkLimits(call, coupon)
    let promotion: JSONObject = [
      "id": .string(call.newID("promo", length: 24)), "object": "promotion_code",
      "active": .bool(call.bool("active") ?? true), "code": .string(code),
      "_code": .string(code.lowercased()), "created": .integer(call.now.seconds),
      "customer": call["customer"] ?? .null,
      "customer_account": call["customer_account"] ?? .null,
      "expires_at": call["expires_at"] ?? .null, "livemode": false,
      "max_redemptions": call["max_redemptions"] ?? .null, "metadata": try call.newMetadata(),
      "promotion": ["coupon": .string(couponID), "type": "coupon"],
      "restrictions": try restrictions(call.object("restrictions") ?? [:]),
      "times_redeemed": 0,
    ]
    if promotion["active"] == true { try refuseSecondActive(promotion, call) }
    return .object(try call.create(promotion, event: "promotion_code.created"))
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("promotion_code"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list(
      "promotion_code",
      matching: [
        "active": call["active"], "customer": call["customer"],
        "customer_account": call["customer_account"], "promotion.coupon": call["coupon"],
        "_code": call.string("code").map { .string($0.lowercased()) },
      ])
  }

  private static func update(_ call: Call) throws -> JSON {
    let promotion = try call.required("promotion_code")
    var new = promotion
    if let active = call["active"] { new["active"] = active }
    if let options = call.object("restrictions")?["currency_options"]?.object {
      var restrictions = promotion["restrictions"]?.object ?? [:]
      restrictions["currency_options"] = try currencyOptions(
        options, over: restrictions["currency_options"]?.object ?? [:])
      new["restrictions"] = .object(restrictions)
    }
    new["metadata"] = try call.mergedMetadata(of: promotion)
    if new["active"] == true, promotion["active"] != true { try refuseSecondActive(new, call) }
    return .object(try call.update(promotion, to: new, event: "promotion_code.updated"))
  }
}

// MARK: Checks

extension PromotionCodes {
  private static func code(_ call: Call) throws -> String {
    guard let code = call.string("code") else { return call.newToken(length: 8).uppercased() }
    try call.checkLength("code", atMost: 500)
    guard code.wholeMatch(of: /[A-Za-z0-9-]+/) != nil else {
      throw SandboxError.invalid(
        "Promotion codes can only hold letters (a-z, A-Z), digits (0-9) and dashes (-).",
        parameter: "code")
    }
    return code
  }

  private static func checkLimits(_ call: Call, _ coupon: JSONObject) throws {
    try call.checkRange("max_redemptions", 1...Int64(Int32.max))
    if let most = call.integer("max_redemptions"), let bound = coupon["max_redemptions"]?.integer,
      most > bound
    {
      throw SandboxError.invalid(
        "`max_redemptions` cannot be greater than that of the coupon, \(bound).",
        parameter: "max_redemptions")
    }
    guard let end = call.timestamp("expires_at") else { return }
    guard end > call.now else {
      throw SandboxError.invalid("`expires_at` must be in the future.", parameter: "expires_at")
    }
    if let last = coupon["redeem_by"]?.integer, end.seconds > last {
      throw SandboxError.invalid(
        "`expires_at` cannot be after the coupon's `redeem_by`.", parameter: "expires_at")
    }
  }

  /// A code may be typed in any case, so that only one active code of a spelling can be had: one
  /// for all customers, or one for each.
  private static func refuseSecondActive(_ promotion: JSONObject, _ call: Call) throws {
    let holders = try call.all(
      "promotion_code", where: ["_code": promotion["_code"] ?? .null, "active": true])
    let isTaken = holders.contains {
      $0["id"] != promotion["id"] && isActive($0, at: call.now)
        && ($0["customer"] == promotion["customer"] || $0["customer"]?.isNull == true
          || promotion["customer"]?.isNull == true)
    }
    guard !isTaken else {
      throw SandboxError.invalid(
        """
        An active promotion code with `code: \(promotion["code"]?.string ?? "")` already exists.
        """, parameter: "code")
    }
  }

  private static func restrictions(_ given: JSONObject) throws -> JSON {
    var restrictions: JSONObject = [
      "first_time_transaction": given["first_time_transaction"] ?? false,
      "minimum_amount": given["minimum_amount"] ?? .null, "minimum_amount_currency": .null,
    ]
    if given["minimum_amount"] != nil {
      guard let currency = given["minimum_amount_currency"]?.string else {
        throw SandboxError.missingParameter("restrictions[minimum_amount_currency]")
      }
      restrictions["minimum_amount_currency"] = .string(
        try Currency.checked(currency, parameter: "restrictions[minimum_amount_currency]"))
    }
    if let options = given["currency_options"]?.object {
      restrictions["currency_options"] = try currencyOptions(options, over: [:])
    }
    return .object(restrictions)
  }

  private static func currencyOptions(
    _ given: JSONObject, over old: JSONObject
  ) throws -> JSON {
    var options = old
    for (code, value) in given {
      let name = "restrictions[currency_options][\(code)]"
      let currency = try Currency.checked(code, parameter: name)
      guard let text = value["minimum_amount"]?.string else {
        throw SandboxError.missingParameter("\(name)[minimum_amount]")
      }
      let amount = try ParameterCheck.scalar(text, as: .integer, name: "\(name)[minimum_amount]")
      options[currency] = ["minimum_amount": amount]
    }
    return .object(options)
  }
}
