import Basics

/// The features that a product brings: `/v1/products/{id}/features`.
enum ProductFeatures: Resource {
  static let types = [
    ResourceType(
      "product_feature", idPrefix: "prodft", label: "product feature",
      indexed: ["_product", "_feature"],
      expandable: ["entitlement_feature": .embedded("entitlements.feature")])
  ]

  static let operations: [Operation] = [
    .post("/v1/products/{id}/features", attach),
    .get("/v1/products/{id}/features", list),
    .get("/v1/products/{id}/features/{id}", retrieve),
    .delete("/v1/products/{id}/features/{id}", detach),
  ]

  private static func attach(_ call: Call) throws -> JSON {
    let product = try call.required("product")
    let feature = try call.referenced(
      "entitlements.feature", call.string("entitlement_feature") ?? "",
      parameter: "entitlement_feature")
    let (productID, featureID) = (product["id"] ?? .null, feature["id"] ?? .null)
    let same = try call.all(
      "product_feature", where: ["_product": productID, "_feature": featureID])
    guard same.isEmpty else {
      throw SandboxError.invalid(
        "The feature is already attached to this product.", code: "resource_already_exists",
        parameter: "entitlement_feature")
    }
    let attached: JSONObject = [
      "id": .string(call.newID("prodft")), "object": "product_feature",
      "created": .integer(call.now.seconds), "livemode": false, "_product": productID,
      "_feature": featureID,
    ]
    try call.insert(attached)
    return try shown(attached, call)
  }

  private static func retrieve(_ call: Call) throws -> JSON { try shown(try attached(call), call) }

  private static func list(_ call: Call) throws -> JSON {
    let product = try call.required("product")
    var list = try call.list("product_feature", matching: ["_product": product["id"]]).object ?? [:]
    let attached = list["data"]?.array ?? []
    list["data"] = .array(try attached.compactMap { try $0.object.map { try shown($0, call) } })
    return .object(list)
  }

  private static func detach(_ call: Call) throws -> JSON {
    try call.delete(try attached(call), event: nil)
  }

  /// The attachment that the path names, of the product that it names.
  private static func attached(_ call: Call) throws -> JSONObject {
    let product = try call.required("product", call.pathIDs[0])
    let attached = try call.required("product_feature")
    guard attached["_product"] == product["id"] else {
      throw SandboxError.missing("product feature", id: call.id)
    }
    return attached
  }

  /// The attachment with its feature as that is now.
  private static func shown(_ attached: JSONObject, _ call: Call) throws -> JSON {
    let feature = try call.required("entitlements.feature", attached["_feature"]?.string ?? "")
    return [
      "id": attached["id"] ?? .null, "object": "product_feature",
      "entitlement_feature": .object(feature), "livemode": false,
    ]
  }
}
