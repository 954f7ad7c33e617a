import Basics
private import Foundation

/// What takes something off a price: `/v1/coupons`.
enum Coupons: Resource {
  static let types = [
    ResourceType(
      "coupon", idPrefix: "", expandable: ["applies_to": .hidden, "currency_options": .hidden],
      current: { coupon, now in
        var shown = coupon
        if coupon["deleted"] == nil { shown["valid"] = .bool(isValid(coupon, at: now)) }
        return shown
      })
  ]

  static let operations: [Operation] = [
    .post("/v1/coupons", create),
    .get("/v1/coupons", list),
    .get("/v1/coupons/{id}", retrieve),
    .post("/v1/coupons/{id}", update),
    .delete("/v1/coupons/{id}", delete),
  ]

  /// Whether it can still be redeemed.
  static func isValid(_ coupon: JSONObject, at now: Timestamp) -> Bool {
    if let last = coupon["redeem_by"]?.integer, now.seconds > last { return false }
    guard let maximum = coupon["max_redemptions"]?.integer else { return true }
    return coupon["times_redeemed"]?.integer ?? 0 < maximum
  }

  private static func create(_ call: Call) throws -> JSON {
    let id = call.string("id") ?? call.newToken(length: 8).uppercased()
    guard try call.find("coupon", id) == nil else { throw SandboxError.alreadyExists("Coupon") }
    let currency = try checkAmount(call)
    try checkDuration(call)
    try checkRedemption(call)
    try call.checkLength("name", atMost: 40)
    var coupon: JSONObject = [
      "id": .string(id), "object": "coupon", "amount_off": call["amount_off"] ?? .null,
      "created": .integer(call.now.seconds), "currency": JSON(currency),
      "duration": call["duration"] ?? "once",
      "duration_in_months": call["duration_in_months"] ?? .null, "livemode": false,
      "max_redemptions": call["max_redemptions"] ?? .null, "metadata": try call.newMetadata(),
      "name": call["name"] ?? .null, "percent_off": call["percent_off"] ?? .null,
      "redeem_by": call["redeem_by"] ?? .null, "times_redeemed": 0, "valid": true,
    ]
    if let limits = call.object("applies_to") {
      coupon["applies_to"] = .object(limits)
      for product in limits["products"]?.array ?? [] {
        _ = try call.referenced(
          "product", product.string ?? "", parameter: "applies_to[products]")
      }
    }
    if let currency {
      coupon["currency_options"] = try options(
        call, [currency: ["amount_off": call["amount_off"] ?? .null]])
    }
    return .object(try call.create(coupon, event: "coupon.created"))
  }

  private static func retrieve(_ call: Call) throws -> JSON { .object(try call.required("coupon")) }

  private static func list(_ call: Call) throws -> JSON { try call.list("coupon") }

  private static func update(_ call: Call) throws -> JSON {
    let coupon = try call.required("coupon")
    try call.checkLength("name", atMost: 40)
    var new = coupon
    if let name = call["name"] { new["name"] = name }
    if call.has("currency_options") {
      new["currency_options"] = try options(call, coupon["currency_options"]?.object ?? [:])
    }
    new["metadata"] = try call.mergedMetadata(of: coupon)
    return .object(try call.update(coupon, to: new, event: "coupon.updated"))
  }

  private static func delete(_ call: Call) throws -> JSON {
    try call.delete(try call.required("coupon"), event: "coupon.deleted")
  }
}

// MARK: Checks

extension Coupons {
  /// The currency of an amount; nil for a percentage.
  private static func checkAmount(_ call: Call) throws -> String? {
    try call.checkExclusive("percent_off", "amount_off")
    if let percent = call["percent_off"]?.decimal {
      guard percent > 0, percent <= 100 else {
        throw SandboxError.invalid(
          "Invalid percent_off: must be greater than 0 and at most 100", parameter: "percent_off")
      }
      return nil
    }
    guard call.has("amount_off") else {
      throw SandboxError.invalid(
        "You must specify either `percent_off` or `amount_off`.", code: "parameter_missing",
        parameter: "percent_off")
    }
    try call.checkRange("amount_off", 1...PriceTerms.maximumAmount)
    guard let currency = call.string("currency") else {
      throw SandboxError.missingParameter("currency")
    }
    return try Currency.checked(currency, parameter: "currency")
  }

  private static func checkDuration(_ call: Call) throws {
    let isRepeating = call.string("duration") == "repeating"
    guard isRepeating == call.has("duration_in_months") else {
      throw isRepeating
        ? SandboxError.missingParameter("duration_in_months")
        : SandboxError.invalid(
          "`duration_in_months` can only be set when `duration` is `repeating`.",
          parameter: "duration_in_months")
    }
    try call.checkRange("duration_in_months", 1...600)
  }

  private static func checkRedemption(_ call: Call) throws {
    try call.checkRange("max_redemptions", 1...Int64(Int32.max))
    guard let last = call.timestamp("redeem_by") else { return }
    guard last > call.now else {
      throw SandboxError.invalid("`redeem_by` must be in the future.", parameter: "redeem_by")
    }
    guard last <= call.now + TimeSpan(months: 60) else {
      throw SandboxError.invalid(
        "`redeem_by` cannot be more than five years in the future.", parameter: "redeem_by")
    }
  }

  /// What is off in each further currency.
  private static func options(_ call: Call, _ old: JSONObject) throws -> JSON {
    var options = old
    for (code, value) in call.object("currency_options") ?? [:] {
      let name = "currency_options[\(code)]"
      let currency = try Currency.checked(code, parameter: name)
      guard let text = value["amount_off"]?.string else {
        throw SandboxError.missingParameter("\(name)[amount_off]")
      }
      let amount = try ParameterCheck.scalar(text, as: .integer, name: "\(name)[amount_off]")
      try Call.checkRange(
        amount.integer ?? 0, 1...PriceTerms.maximumAmount, parameter: "\(name)[amount_off]")
      options[currency] = ["amount_off": amount]
    }
    return .object(options)
  }
}
