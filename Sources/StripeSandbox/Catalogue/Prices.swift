import Basics

/// What a product costs: `/v1/prices`.
enum Prices: Resource {
  static let types = [
    ResourceType(
      "price", idPrefix: "price",
      indexed: [
        "active", "currency", "lookup_key", "product", "type", "recurring.interval",
        "recurring.meter", "recurring.usage_type",
      ],
      expandable: [
        "product": .reference("product"), "tiers": .hidden, "currency_options": .hidden,
      ])
  ]

  static let operations: [Operation] = [
    .post("/v1/prices", create),
    .get("/v1/prices", list),
    .get("/v1/prices/{id}", retrieve),
    .post("/v1/prices/{id}", update),
  ]

  private static func create(_ call: Call) throws -> JSON {
    try call.checkExclusive("product", "product_data")
    var terms = call.parameters
    var product: JSONObject?
    if let data = call.object("product_data") {
      let id = data["id"]?.string ?? call.newID("prod")
      guard try call.find("product", id) == nil else {
        throw SandboxError.alreadyExists("Product")
      }
      var made = Products.made(id: id, from: data, at: call.now)
      made["metadata"] = try Metadata.merged(
        [:], with: data["metadata"], parameter: "product_data[metadata]")
      (product, terms["product"]) = (made, .string(id))
    } else {
      guard let id = call.string("product") else { throw SandboxError.missingParameter("product") }
      _ = try call.referenced("product", id, parameter: "product")
    }
    let price = try made(terms, call)
    if let product { try call.create(product, event: "product.created") }
    try claimLookupKey(price["lookup_key"]?.string, for: price["id"]?.string ?? "", call)
    return .object(try call.create(price, event: "price.created"))
  }

  private static func retrieve(_ call: Call) throws -> JSON { .object(try call.required("price")) }

  private static func list(_ call: Call) throws -> JSON {
    try call.checkCount("lookup_keys", atMost: 10)
    var conditions = ["active", "currency", "product", "type"].reduce(into: [String: [JSON]]()) {
      if let value = call[$1] { $0[$1] = [value] }
    }
    conditions["lookup_key"] = call.array("lookup_keys")
    for (key, value) in call.object("recurring") ?? [:] { conditions["recurring.\(key)"] = [value] }
    return try call.list("price", anyOf: conditions)
  }

  private static func update(_ call: Call) throws -> JSON {
    let price = try call.required("price")
    try call.checkLength("lookup_key", atMost: 200)
    var new = price
    for name in ["active", "nickname", "lookup_key"] {
      if let value = call[name] { new[name] = value }
    }
    if let behavior = call["tax_behavior"], behavior != price["tax_behavior"] {
      guard price["tax_behavior"] == "unspecified" else {
        throw SandboxError.invalid(
          "The tax behavior of a price cannot be changed once it is inclusive or exclusive.",
          parameter: "tax_behavior")
      }
      new["tax_behavior"] = behavior
    }
    if call.has("currency_options") {
      new["currency_options"] = try PriceTerms.options(call, price)
    }
    new["metadata"] = try call.mergedMetadata(of: price)
    try refuseArchivingDefault(new, call)
    if call.has("lookup_key") { try claimLookupKey(call.string("lookup_key"), for: call.id, call) }
    return .object(try call.update(price, to: new, event: "price.updated"))
  }

  private static func refuseArchivingDefault(_ price: JSONObject, _ call: Call) throws {
    guard price["active"] == false, let id = price["product"]?.string,
      try call.find("product", id)?["default_price"] == price["id"]
    else { return }
    throw SandboxError.invalid(
      "This price cannot be archived because it is the default price of its product.",
      parameter: "active")
  }

  /// Takes a lookup key over from the price that has it, or refuses if that was not asked for.
  private static func claimLookupKey(_ key: String?, for id: String, _ call: Call) throws {
    guard let key else { return }
    for holder in try call.all("price", where: ["lookup_key": .string(key)])
    where holder["id"]?.string != id {
      guard call.bool("transfer_lookup_key") == true else {
        throw SandboxError.invalid(
          "A price (`\(holder["id"]?.string ?? "")`) already uses that lookup key.",
          parameter: "lookup_key")
      }
      var without = holder
      without["lookup_key"] = .null
      try call.update(holder, to: without, event: "price.updated")
    }
  }
}

// MARK: Making

extension Prices {
  /// A new price from checked parameters, not stored yet.
  ///
  /// - Parameter parameter: how a parameter is named in an error, for prices inside another
  ///   request (`default_price_data[unit_amount]`).
  static func made(
    _ terms: JSONObject, _ call: Call, parameter: @escaping (String) -> String = { $0 }
  ) throws -> JSONObject {
    let terms = PriceTerms(terms: terms, name: parameter)
    let recurring = try terms.recurring(call)
    let amounts = try terms.amounts()
    if let key = terms.terms["lookup_key"]?.string, key.count > 200 {
      throw SandboxError.invalid(
        "Invalid string: \(key.prefix(5))...\(key.suffix(5)); must be at most 200 characters",
        parameter: parameter("lookup_key"))
    }
    let given = { (name: String) -> JSON in
      terms.terms[name].map { $0 == "" ? .null : $0 } ?? .null
    }
    var price: JSONObject = [
      "id": .string(call.newID("price", length: 24)), "object": "price",
      "active": terms.terms["active"] ?? true,
      "billing_scheme": amounts.tiers == nil ? "per_unit" : "tiered",
      "created": .integer(call.now.seconds), "currency": .string(try terms.currency()),
      "custom_unit_amount": amounts.custom, "livemode": false, "lookup_key": given("lookup_key"),
      "metadata": try Metadata.merged(
        [:], with: terms.terms["metadata"], parameter: parameter("metadata")),
      "nickname": given("nickname"), "product": given("product"), "recurring": recurring,
      "tax_behavior": terms.terms["tax_behavior"] ?? "unspecified",
      "tiers_mode": amounts.tiers == nil ? .null : given("tiers_mode"),
      "transform_quantity": given("transform_quantity"),
      "type": recurring.isNull ? "one_time" : "recurring", "unit_amount": amounts.unit.whole,
      "unit_amount_decimal": amounts.unit.decimal,
    ]
    if let tiers = amounts.tiers { price["tiers"] = .array(tiers) }
    price["currency_options"] = try terms.currencyOptions(of: price, call.now)
    return price
  }
}
