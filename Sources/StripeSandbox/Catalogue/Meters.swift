import Basics

/// What usage is counted by: `/v1/billing/meters`.
enum Meters: Resource {
  static let types = [
    ResourceType(
      "billing.meter", idPrefix: "mtr_test", label: "meter", indexed: ["status", "event_name"])
  ]

  static let operations: [Operation] = [
    .post("/v1/billing/meters", create),
    .get("/v1/billing/meters", list),
    .get("/v1/billing/meters/{id}", retrieve),
    .post("/v1/billing/meters/{id}", update),
    .post("/v1/billing/meters/{id}/deactivate", deactivate),
    .post("/v1/billing/meters/{id}/reactivate", reactivate),
  ]

  private static func create(_ call: Call) throws -> JSON {
    try call.checkLength("display_name", atMost: 250)
    try call.checkLength("event_name", atMost: 100)
    try refuseSecondActive(named: call.string("event_name") ?? "", call)
    let mapping = call.object("customer_mapping")
    let meter: JSONObject = [
      "id": .string(call.newID("mtr_test", length: 30)), "object": "billing.meter",
      "created": .integer(call.now.seconds),
      "customer_mapping": [
        "event_payload_key": mapping?["event_payload_key"] ?? "stripe_customer_id",
        "type": "by_id",
      ],
      "default_aggregation": call["default_aggregation"] ?? .null,
      "display_name": call["display_name"] ?? .null, "event_name": call["event_name"] ?? .null,
      "event_time_window": call["event_time_window"] ?? .null, "livemode": false,
      "status": "active", "status_transitions": ["deactivated_at": .null],
      "updated": .integer(call.now.seconds),
      "value_settings": call["value_settings"] ?? ["event_payload_key": "value"],
    ]
    return .object(try call.create(meter, event: "billing.meter.created"))
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("billing.meter"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list("billing.meter", matching: ["status": call["status"]])
  }

  private static func update(_ call: Call) throws -> JSON {
    let meter = try call.required("billing.meter")
    try call.refuseEmpty("display_name")
    try call.checkLength("display_name", atMost: 250)
    return try change(meter, event: "billing.meter.updated", call) {
      if let name = call["display_name"] { $0["display_name"] = name }
    }
  }

  private static func deactivate(_ call: Call) throws -> JSON {
    let meter = try call.required("billing.meter")
    guard meter["status"] == "active" else { return .object(meter) }
    return try change(meter, event: "billing.meter.deactivated", call) {
      $0["status"] = "inactive"
      $0["status_transitions"] = ["deactivated_at": .integer(call.now.seconds)]
    }
  }

  private static func reactivate(_ call: Call) throws -> JSON {
    let meter = try call.required("billing.meter")
    guard meter["status"] != "active" else { return .object(meter) }
    try refuseSecondActive(named: meter["event_name"]?.string ?? "", call)
    return try change(meter, event: "billing.meter.reactivated", call) {
      $0["status"] = "active"
      $0["status_transitions"] = ["deactivated_at": .null]
    }
  }

  private static func change(
    _ meter: JSONObject, event: String, _ call: Call, _ edit: (inout JSONObject) -> Void
  ) throws -> JSON {
    var new = meter
    edit(&new)
    if new != meter { new["updated"] = .integer(call.now.seconds) }
    return .object(try call.update(meter, to: new, event: event))
  }

  /// Usage goes to a meter by its event's name, so only one active meter may have it.
  private static func refuseSecondActive(named name: String, _ call: Call) throws {
    let holders = try call.all(
      "billing.meter", where: ["event_name": .string(name), "status": "active"])
    guard holders.isEmpty else {
      throw SandboxError.invalid(
        "An active meter with the event name `\(name)` already exists.", parameter: "event_name")
    }
  }
}
