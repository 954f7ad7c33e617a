import Basics

/// What a customer may do: `/v1/entitlements/features`.
enum Features: Resource {
  static let types = [
    ResourceType(
      "entitlements.feature", idPrefix: "feat_test", label: "feature",
      indexed: ["active", "lookup_key"])
  ]

  static let operations: [Operation] = [
    .post("/v1/entitlements/features", create),
    .get("/v1/entitlements/features", list),
    .get("/v1/entitlements/features/{id}", retrieve),
    .post("/v1/entitlements/features/{id}", update),
  ]

  private static func create(_ call: Call) throws -> JSON {
    try call.checkLength("lookup_key", atMost: 80)
    try call.checkLength("name", atMost: 80)
    let key = call["lookup_key"] ?? .null
    guard try call.all("entitlements.feature", where: ["lookup_key": key]).isEmpty else {
      throw SandboxError.invalid(
        "A feature with the lookup key `\(key.string ?? "")` already exists.",
        code: "resource_already_exists", parameter: "lookup_key")
    }
    let feature: JSONObject = [
      "id": .string(call.newID("feat_test", length: 30)), "object": "entitlements.feature",
      "active": true, "livemode": false, "lookup_key": key, "metadata": try call.newMetadata(),
      "name": call["name"] ?? .null,
    ]
    try call.insert(feature)
    return .object(feature)
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("entitlements.feature"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list(
      "entitlements.feature",
      matching: [
        "active": call.bool("archived").map { .bool(!$0) }, "lookup_key": call["lookup_key"],
      ])
  }

  private static func update(_ call: Call) throws -> JSON {
    let feature = try call.required("entitlements.feature")
    try call.refuseEmpty("name")
    try call.checkLength("name", atMost: 80)
    var new = feature
    if let active = call["active"] { new["active"] = active }
    if let name = call["name"] { new["name"] = name }
    new["metadata"] = try call.mergedMetadata(of: feature)
    try call.save(new)
    return .object(new)
  }
}
