import Basics

/// Who fills in a page, and what is typed on it besides the card.
struct CheckoutBuyer {
  let session: JSONObject
  let email: String
  let name: String?
  let address: JSON

  /// The address of who says nothing else.
  static let usualEmail = "customer@example.com"

  /// Where an address is required, this one is typed; else the page asks for the country alone,
  /// which is the card's.
  private static let usualAddress: JSONObject = [
    "city": "South San Francisco", "country": "US", "line1": "354 Oyster Point Blvd",
    "postal_code": "94080", "state": "CA",
  ]

  init(_ session: JSONObject, method: JSONObject?, _ call: Call) throws {
    self.session = session
    let known = session.object("customer_details")?.string("email")
    if let known, let typed = call.string("email"), typed != known {
      throw SandboxError.invalid(
        "The email address of this Checkout Session is \(known) and cannot be changed on it.",
        parameter: "email")
    }
    email = known ?? call.string("email") ?? Self.usualEmail
    name = call.string("name")
    if session.string("billing_address_collection") == "required" {
      address = Address.complete(Self.usualAddress)
    } else {
      address = Address.complete(
        method.map { ["country": $0.object("card")?["country"] ?? .null] } ?? [:])
    }
  }

  /// The method with what was typed beside it.
  func signed(_ method: JSONObject) -> JSONObject {
    guard method.string("customer") == nil else { return method }
    let redisplay = session.string("_redisplay") ?? "limited"
    return method.setting(["allow_redisplay": .string(redisplay)]).setting(
      ["address": address, "email": .string(email), "name": JSON(name)], in: "billing_details")
  }

  /// The session's customer, brought up to date, or a new one where one is wanted.
  func customer(isNeeded: Bool, _ call: Call) throws -> JSONObject? {
    guard let id = session.string("customer") else {
      guard isNeeded || session.string("customer_creation") == "always" else { return nil }
      var parameters: JSONObject = ["email": .string(email)]
      if let name { parameters["name"] = .string(name) }
      if session.string("billing_address_collection") == "required" {
        parameters["address"] = address
      }
      return try Customers.create(call.calling(parameters)).object
    }
    let customer = try call.required("customer", id)
    let rules = session.object("_customer_update") ?? [:]
    var changed = customer
    if customer.string("email") == nil { changed["email"] = .string(email) }
    if rules.string("name") == "auto", let name { changed["name"] = .string(name) }
    if rules.string("address") == "auto" { changed["address"] = address }
    return try call.update(customer, to: changed, event: "customer.updated")
  }

  /// What the completed session shows of the buyer. Promotions by mail are agreed to.
  func signing(_ session: JSONObject) -> JSONObject {
    let collection = session.object("consent_collection")
    let isRequired = collection?.string("terms_of_service") == "required"
    return session.setting([
      "consent": collection == nil
        ? .null
        : [
          "promotions": collection?.string("promotions") == "auto" ? "opt_in" : .null,
          "terms_of_service": isRequired ? "accepted" : .null,
        ],
      "customer_details": [
        "address": address, "business_name": .null, "email": .string(email),
        "individual_name": .null, "name": JSON(name), "phone": .null, "tax_exempt": "none",
        "tax_ids": [],
      ],
    ])
  }
}
