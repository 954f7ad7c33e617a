import Basics

/// Cards: `/v1/payment_methods`.
///
/// A `pm_card_…` token may stand for a payment method: each use of it makes a new one.
enum PaymentMethods: Resource {
  static let types = [
    ResourceType(
      "payment_method", idPrefix: "pm", label: "PaymentMethod",
      indexed: ["customer", "type", "allow_redisplay"],
      expandable: ["customer": .reference("customer")])
  ]

  static let operations: [Operation] = [
    .post("/v1/payment_methods", create),
    .get("/v1/payment_methods", list),
    .get("/v1/payment_methods/{id}", retrieve),
    .post("/v1/payment_methods/{id}", update),
    .post("/v1/payment_methods/{id}/attach", PaymentMethodAttach.attach),
    .post("/v1/payment_methods/{id}/detach", PaymentMethodAttach.detach),
  ]

  static let template = JSONObject.template(
    """
    {"id":"","object":"payment_method","allow_redisplay":"unspecified",
    "billing_details":{"address":{"city":null,"country":null,"line1":null,"line2":null,
    "postal_code":null,"state":null},"email":null,"name":null,"phone":null,"tax_id":null},
    "card":{"brand":"visa","checks":{"address_line1_check":null,"address_postal_code_check":null,
    "cvc_check":"pass"},"country":"US","description":null,"display_brand":"visa","exp_month":1,
    "exp_year":2000,"fingerprint":null,"funding":"credit","generated_from":null,"iin":null,
    "issuer":null,"last4":"","networks":{"available":[],"preferred":null},
    "regulated_status":"unregulated","three_d_secure_usage":{"supported":true},"wallet":null},
    "created":0,"customer":null,"customer_account":null,"livemode":false,"metadata":{},
    "type":"card"}
    """)

  // MARK: Operations

  private static func create(_ call: Call) throws -> JSON {
    try call.accept(only: "type", "card", "billing_details", "metadata", "allow_redisplay")
    guard call.string("type") ?? "card" == "card" else {
      throw SandboxError.invalid(
        "The sandbox knows cards only: the payment method type must be card.", parameter: "type")
    }
    guard let card = call.object("card") else { throw SandboxError.missingParameter("card") }
    var method = made(try Self.card(card, now: call.now), call)
    if card["number"] != nil {
      let year = card.integer("exp_year") ?? 0
      let checks = card["cvc"] == nil ? JSON.null : "pass"
      method = method.setting(
        [
          "exp_month": card["exp_month"] ?? .null,
          "exp_year": .integer(year < 100 ? 2000 + year : year),
        ], in: "card")
      method["card"] = .object(
        (method.object("card") ?? [:]).setting(["cvc_check": checks], in: "checks"))
    }
    method["metadata"] = try call.newMetadata()
    applyDetails(call, to: &method)
    try call.insert(method)
    return .object(method)
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try resolved(call.id, call, parameter: "payment_method", status: 404))
  }

  private static func update(_ call: Call) throws -> JSON {
    try call.accept(only: "card", "billing_details", "metadata", "allow_redisplay")
    let method = try call.required("payment_method")
    guard method.string("customer") != nil else {
      throw SandboxError.invalid(
        "You must save this PaymentMethod to a customer before you can update it.")
    }
    var changed = method
    changed["metadata"] = try call.mergedMetadata(of: method)
    applyDetails(call, to: &changed)
    if let card = call.object("card") {
      for key in ["exp_month", "exp_year"] {
        if let value = card[key] { changed = changed.setting([key: value], in: "card") }
      }
      let current = changed.object("card") ?? [:]
      try checkExpiry(current, now: call.now)
    }
    return .object(try call.update(method, to: changed, event: "payment_method.updated"))
  }

  private static func list(_ call: Call) throws -> JSON {
    // Methods that belong to nobody are not listed.
    guard let customer = call.string("customer") else {
      return call.list(of: [], url: call.path)
    }
    _ = try Customers.referenced(customer, call)
    return try call.list(
      "payment_method",
      matching: [
        "customer": .string(customer), "type": call["type"],
        "allow_redisplay": call["allow_redisplay"],
      ])
  }

  static func listOfCustomer(_ call: Call) throws -> JSON {
    let customer = try call.required("customer")
    return try call.list(
      "payment_method",
      matching: [
        "customer": .string(customer.id), "type": call["type"],
        "allow_redisplay": call["allow_redisplay"],
      ])
  }

  static func retrieveOfCustomer(_ call: Call) throws -> JSON {
    let customer = try call.required("customer", call.pathIDs[0])
    let method = try call.required("payment_method")
    guard method.string("customer") == customer.id else { throw missing(call.id, status: 404) }
    return .object(method)
  }

  private static func applyDetails(_ call: Call, to method: inout JSONObject) {
    if let value = call["allow_redisplay"] { method["allow_redisplay"] = value }
    for (key, value) in call.object("billing_details") ?? [:] {
      let given = value == "" ? JSON.null : value
      let detail = key == "address" ? Address.complete(given.object ?? [:]) : given
      method = method.setting([key: detail], in: "billing_details")
    }
  }
}

// MARK: Cards

extension PaymentMethods {
  /// A new payment method of a card, that expires in the third month of the next year.
  static func made(_ card: TestCard, _ call: Call) -> JSONObject {
    let year = CivilTime(call.now).year + 1
    let fingerprint = String(Hex.encode(Hash.sha256(Array(card.number.utf8))).prefix(16))
    let method = template.setting([
      "id": .string(call.newID("pm", length: 24)), "created": .time(call.now),
      "_card": .string(card.number),
    ])
    return method.setting(
      [
        "brand": .string(card.brand), "country": .string(card.country),
        "display_brand": .string(card.displayBrand), "exp_month": 3,
        "exp_year": .integer(Int64(year)),
        "fingerprint": .string(fingerprint), "funding": .string(card.funding),
        "last4": .string(card.last4),
        "networks": ["available": [.string(card.brand)], "preferred": .null],
      ], in: "card")
  }

  /// The test card behind a payment method.
  static func testCard(of method: JSONObject) -> TestCard? {
    method.string("_card").flatMap { TestCard.of(number: $0) }
  }

  /// Reads `card[number]` or `card[token]`.
  static func card(_ given: JSONObject, now: Timestamp) throws -> TestCard {
    if let token = given.string("token") {
      guard let card = TestCard.of(token: token) else {
        throw SandboxError.missing("token", id: token, parameter: "card[token]", status: 400)
      }
      return card
    }
    guard let number = given.string("number") else {
      throw SandboxError.missingParameter("card[number]")
    }
    for key in ["exp_month", "exp_year"] where given[key] == nil {
      throw SandboxError.missingParameter("card[\(key)]")
    }
    let digits = number.filter { $0 != " " && $0 != "-" }
    guard TestCard.isPlausible(digits) else {
      throw SandboxError.card(
        "Your card number is incorrect.", code: "incorrect_number", parameter: "number")
    }
    try checkExpiry(given, now: now)
    guard let card = TestCard.of(number: digits) else {
      throw SandboxError.card(
        """
        Your card was declined. Your request was in test mode, but used a non test card. For a \
        list of valid test cards, visit: https://stripe.com/docs/testing.
        """, code: "card_declined", declineCode: "test_mode_live_card")
    }
    return card
  }

  private static func checkExpiry(_ card: JSONObject, now: Timestamp) throws {
    let (month, year) = (card.integer("exp_month") ?? 0, card.integer("exp_year") ?? 0)
    let (today, fullYear) = (CivilTime(now), year < 100 ? 2000 + year : year)
    guard (1...12).contains(month) else {
      throw SandboxError.card(
        "Your card's expiration month is invalid.", code: "invalid_expiry_month",
        parameter: "exp_month")
    }
    guard fullYear >= Int64(today.year), fullYear <= Int64(today.year) + 50 else {
      throw SandboxError.card(
        "Your card's expiration year is invalid.", code: "invalid_expiry_year",
        parameter: "exp_year")
    }
    guard fullYear > Int64(today.year) || month >= Int64(today.month) else {
      throw SandboxError.card(
        "Your card's expiration month is invalid.", code: "invalid_expiry_month",
        parameter: "exp_month")
    }
  }
}

// MARK: Finding

extension PaymentMethods {
  /// The payment method of an id, or a new one (not stored yet) of a `pm_card_…` token.
  static func resolved(
    _ id: String, _ call: Call, parameter: String, status: Int = 400
  ) throws -> JSONObject {
    if let method = try call.find("payment_method", id) { return method }
    if id.hasPrefix("pm_card_"), let card = TestCard.of(token: id) { return made(card, call) }
    throw missing(id, parameter: parameter, status: status)
  }

  /// The payment method of an id, which must be attached to the customer.
  static func attached(
    _ id: String, to customer: String, _ call: Call, parameter: String
  ) throws -> JSONObject {
    let method = try resolved(id, call, parameter: parameter)
    guard method.string("customer") == customer else { throw notAttached(id, parameter: parameter) }
    return method
  }

  static func missing(
    _ id: String, parameter: String = "payment_method", status: Int = 400
  ) -> SandboxError {
    .invalid(
      """
      No such PaymentMethod: '\(id)'; It's possible this PaymentMethod exists on one of your \
      connected accounts, in which case you should retry this request on that connected account. \
      Learn more at https://stripe.com/docs/connect/authentication
      """, code: "resource_missing", parameter: parameter, status: status)
  }

  static func notAttached(_ id: String, parameter: String) -> SandboxError {
    .invalid(
      """
      The customer does not have a payment method with the ID \(id). The payment method must be \
      attached to the customer.
      """, code: "resource_missing", parameter: parameter)
  }
}
