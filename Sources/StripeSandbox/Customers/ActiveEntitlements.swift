import Basics

/// The features that a customer may use, by the products of the subscriptions that run:
/// `/v1/entitlements/active_entitlements`.
enum ActiveEntitlements: Resource {
  static let types = [
    ResourceType(
      "entitlements.active_entitlement", idPrefix: "ent", label: "active entitlement",
      expandable: ["feature": .reference("entitlements.feature")])
  ]

  static let operations: [Operation] = [
    .get("/v1/entitlements/active_entitlements", list)
  ]

  private static func list(_ call: Call) throws -> JSON {
    let customer = try Customers.referenced(call.string("customer") ?? "", call)
    return try call.page(of: try entitlements(of: customer.id, call))
  }

  /// One for each feature, sorted by their lookup keys.
  static func entitlements(of customer: String, _ call: Call) throws -> [JSONObject] {
    var found: [String: JSONObject] = [:]
    for subscription in try call.all("subscription", where: ["customer": .string(customer)])
    where ["active", "trialing", "past_due"].contains(subscription.string("status")) {
      for item in subscription.listed("items") {
        let product = item.object("price")?.string("product") ?? ""
        for attached in try call.all("product_feature", where: ["_product": .string(product)]) {
          let id = attached.string("_feature") ?? ""
          found[id] = try call.find("entitlements.feature", id)
        }
      }
    }
    return found.values.map { made(feature: $0, customer: customer) }
      .sorted { ($0.string("lookup_key") ?? "") < ($1.string("lookup_key") ?? "") }
  }

  /// The same feature of the same customer always has the same id.
  private static func made(feature: JSONObject, customer: String) -> JSONObject {
    let digest = Hex.encode(Hash.sha256(Array("\(customer) \(feature.id)".utf8)))
    return [
      "id": .string("ent_test_\(digest.prefix(24))"), "object": "entitlements.active_entitlement",
      "feature": .string(feature.id), "livemode": false,
      "lookup_key": feature["lookup_key"] ?? .null,
    ]
  }
}
