import Basics

/// What is sold: `/v1/products`.
enum Products: Resource {
  static let types = [
    ResourceType(
      "product", idPrefix: "prod", indexed: ["active", "shippable", "url", "type"],
      expandable: ["default_price": .reference("price"), "tax_code": .reference("tax_code")])
  ]

  static let operations: [Operation] = [
    .post("/v1/products", create),
    .get("/v1/products", list),
    .get("/v1/products/{id}", retrieve),
  ]

  private static func create(_ call: Call) throws -> JSON {
    let id = call.string("id") ?? call.newID("prod")
    guard try call.find("product", id) == nil else { throw SandboxError.alreadyExists("Product") }
    let product: JSONObject = [
      "id": .string(id), "object": "product", "active": .bool(call.bool("active") ?? true),
      "created": .integer(call.now.seconds), "default_price": .null,
      "description": call["description"] ?? .null, "images": call["images"] ?? [],
      "livemode": false, "marketing_features": call["marketing_features"] ?? [],
      "metadata": try call.newMetadata(), "name": call["name"] ?? .null,
      "package_dimensions": call["package_dimensions"] ?? .null,
      "shippable": call["shippable"] ?? .null,
      "statement_descriptor": call["statement_descriptor"] ?? .null,
      "tax_code": call["tax_code"] ?? .null, "tax_details": .null,
      "type": call["type"] ?? "service", "unit_label": call["unit_label"] ?? .null,
      "updated": .integer(call.now.seconds), "url": call["url"] ?? .null,
    ]
    return .object(try call.create(product, event: "product.created"))
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("product"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list(
      "product",
      matching: [
        "active": call["active"], "shippable": call["shippable"], "url": call["url"],
        "type": call["type"],
      ])
  }
}
