import Basics

/// Where events are sent: `/v1/webhook_endpoints`.
enum WebhookEndpoints: Resource {
  static let types = [
    ResourceType("webhook_endpoint", idPrefix: "we", label: "webhook endpoint")
  ]

  static let operations: [Operation] = [
    .post("/v1/webhook_endpoints", create),
    .get("/v1/webhook_endpoints", { try $0.list("webhook_endpoint") }),
    .get("/v1/webhook_endpoints/{id}", { .object(try $0.required("webhook_endpoint")) }),
    .post("/v1/webhook_endpoints/{id}", update),
    .delete("/v1/webhook_endpoints/{id}", delete),
  ]

  /// How many a sandbox of Stripe may have.
  static let limit = 16

  private static func create(_ call: Call) throws -> JSON {
    try call.accept(only: "api_version", "description", "enabled_events", "metadata", "url")
    let url = try WebhookURL.checked(call.string("url") ?? "")
    let events = try enabledEvents(call)
    guard try call.store.webhookEndpoints().count < limit else {
      throw SandboxError.invalid("You have reached the maximum of \(limit) test webhook endpoints.")
    }
    let secret = JSON.string("whsec_\(call.newToken(length: 32))")
    let endpoint: JSONObject = [
      "id": .string(call.newID("we", length: 24)), "object": "webhook_endpoint",
      "api_version": call["api_version"] ?? .null, "application": .null,
      "created": .time(call.now), "description": call["description"] ?? .null,
      "enabled_events": .array(events), "livemode": false, "metadata": try call.newMetadata(),
      "status": "enabled", "url": .string(url), "_secret": secret,
    ]
    try call.insert(endpoint)
    // Told this once.
    return .object(endpoint.setting(["secret": secret]))
  }

  private static func update(_ call: Call) throws -> JSON {
    let endpoint = try call.required("webhook_endpoint")
    try call.refuseEmpty("url", "enabled_events")
    var new = endpoint
    if let url = call.string("url") { new["url"] = .string(try WebhookURL.checked(url)) }
    if call.has("enabled_events") { new["enabled_events"] = .array(try enabledEvents(call)) }
    if let description = call["description"] { new["description"] = description }
    if let isDisabled = call.bool("disabled") {
      new["status"] = isDisabled ? "disabled" : "enabled"
    }
    new["metadata"] = try call.mergedMetadata(of: endpoint)
    try call.save(new)
    return .object(new)
  }

  private static func delete(_ call: Call) throws -> JSON {
    let endpoint = try call.required("webhook_endpoint")
    try call.store.deleteDeliveries(endpoint: endpoint.id)
    return try call.delete(endpoint, event: nil)
  }

  /// The types asked for, each once; that they exist was checked as they were read.
  private static func enabledEvents(_ call: Call) throws -> [JSON] {
    var types: [JSON] = []
    for type in call.array("enabled_events") ?? [] where !types.contains(type) {
      types.append(type)
    }
    guard !types.isEmpty else { throw SandboxError.emptyParameter("enabled_events") }
    return types
  }

  /// Whether an endpoint is sent events of a type.
  static func wants(_ endpoint: JSONObject, _ type: String) -> Bool {
    guard endpoint.string("status") == "enabled" else { return false }
    let types = endpoint.strings("enabled_events")
    return types.contains("*") || types.contains(type)
  }
}
