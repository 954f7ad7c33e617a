import Basics

/// What is sold: `/v1/products`.
enum Products: Resource {
  static let types = [
    ResourceType(
      "product", idPrefix: "prod", indexed: ["id", "active", "shippable", "url", "type"],
      expandable: ["default_price": .reference("price"), "tax_code": .reference("tax_code")])
  ]

  static let operations: [Operation] = [
    .post("/v1/products", create),
    .get("/v1/products", list),
    .get("/v1/products/{id}", retrieve),
    .post("/v1/products/{id}", update),
    .delete("/v1/products/{id}", delete),
  ]

  private static func create(_ call: Call) throws -> JSON {
    try checkLimits(call)
    let id = call.string("id") ?? call.newID("prod")
    guard try call.find("product", id) == nil else { throw SandboxError.alreadyExists("Product") }
    var product = made(id: id, from: call.parameters, at: call.now)
    product["metadata"] = try call.newMetadata()
    guard let data = call.object("default_price_data") else {
      return .object(try call.create(product, event: "product.created"))
    }
    var terms = data
    terms["product"] = .string(id)
    let price = try Prices.made(terms, call, parameter: { "default_price_data[\($0)]" })
    product["default_price"] = price["id"]
    try call.create(product, event: "product.created")
    try call.create(price, event: "price.created")
    return .object(product)
  }

  /// A new product without metadata, from the parameters of a product or of a price's
  /// `product_data`.
  static func made(id: String, from parameters: JSONObject, at now: Timestamp) -> JSONObject {
    let given = { (name: String) -> JSON in
      parameters[name].map { $0 == "" ? .null : $0 } ?? .null
    }
    return [
      "id": .string(id), "object": "product", "active": parameters["active"] ?? true,
      "created": .integer(now.seconds), "default_price": .null,
      "description": given("description"), "images": parameters["images"] ?? [],
      "livemode": false, "marketing_features": parameters["marketing_features"] ?? [],
      "metadata": [:], "name": given("name"),
      "package_dimensions": given("package_dimensions"), "shippable": given("shippable"),
      "statement_descriptor": given("statement_descriptor"), "tax_code": given("tax_code"),
      "tax_details": taxDetails(parameters["tax_details"]),
      "type": parameters["type"] ?? "service", "unit_label": given("unit_label"),
      "updated": .integer(now.seconds), "url": given("url"),
    ]
  }

  private static func taxDetails(_ given: JSON?) -> JSON {
    guard let details = given?.object else { return .null }
    return [
      "performance_location": details["performance_location"] ?? .null,
      "tax_code": details["tax_code"] ?? .null,
    ]
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("product"))
  }

  private static func list(_ call: Call) throws -> JSON {
    var conditions = ["active", "shippable", "url", "type"].reduce(into: [String: [JSON]]()) {
      if let value = call[$1] { $0[$1] = [value] }
    }
    conditions["id"] = call.array("ids")
    return try call.list("product", anyOf: conditions)
  }

  private static func update(_ call: Call) throws -> JSON {
    let product = try call.required("product")
    try call.refuseEmpty("name")
    try checkLimits(call)
    var new = product
    for name in [
      "active", "description", "name", "package_dimensions", "shippable", "statement_descriptor",
      "tax_code", "unit_label", "url",
    ] {
      if let value = call[name] { new[name] = value }
    }
    for name in ["images", "marketing_features"] {
      if let value = call[name] { new[name] = value.array.map { .array($0) } ?? [] }
    }
    if let details = call["tax_details"] { new["tax_details"] = taxDetails(details) }
    if let price = call["default_price"] { new["default_price"] = try defaultPrice(price, call) }
    new["metadata"] = try call.mergedMetadata(of: product)
    if new != product { new["updated"] = .integer(call.now.seconds) }
    return .object(try call.update(product, to: new, event: "product.updated"))
  }

  private static func defaultPrice(_ id: JSON, _ call: Call) throws -> JSON {
    guard let id = id.string else { return .null }
    let price = try call.referenced("price", id, parameter: "default_price")
    guard price["product"]?.string == call.id else {
      throw SandboxError.invalid(
        "The price `\(id)` cannot be the default price, for it belongs to another product.",
        parameter: "default_price")
    }
    guard price["active"] == true else {
      throw SandboxError.invalid(
        "The price `\(id)` cannot be the default price, for it is inactive.",
        parameter: "default_price")
    }
    return .string(id)
  }

  private static func delete(_ call: Call) throws -> JSON {
    let product = try call.required("product")
    guard try call.all("price", where: ["product": .string(call.id)]).isEmpty else {
      throw SandboxError.invalid(
        "This product cannot be deleted because it has one or more user-created prices.")
    }
    guard try call.all("product_feature", where: ["_product": .string(call.id)]).isEmpty else {
      throw SandboxError.invalid(
        "This product cannot be deleted because it has one or more features attached to it.")
    }
    return try call.delete(product, event: "product.deleted")
  }

  private static func checkLimits(_ call: Call) throws {
    try call.checkLength("unit_label", atMost: 12)
    try call.checkLength("statement_descriptor", atMost: 22)
    try call.checkCount("images", atMost: 8)
    try call.checkCount("marketing_features", atMost: 15)
  }
}
