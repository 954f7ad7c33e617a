import Basics

/// Changes of a subscription that are planned ahead: `/v1/subscription_schedules`. How one is made,
/// changed, carried out and ended stands in a file each.
enum SubscriptionSchedules: Resource {
  static let types = [
    ResourceType(
      "subscription_schedule", idPrefix: "sub_sched", label: "subscription schedule",
      indexed: ["customer", "status", "subscription"],
      expandable: [
        "customer": .reference("customer"), "subscription": .reference("subscription"),
        "phases.items.price": .reference("price"),
        "phases.discounts.coupon": .reference("coupon"),
        "phases.discounts.discount": .reference("discount"),
        "phases.discounts.promotion_code": .reference("promotion_code"),
        "phases.default_payment_method": .reference("payment_method"),
        "default_settings.default_payment_method": .reference("payment_method"),
        "test_clock": .reference("test_helpers.test_clock"),
      ], due: ScheduleRun.due)
  ]

  static let operations: [Operation] = [
    .post("/v1/subscription_schedules", ScheduleCreate.run),
    .get("/v1/subscription_schedules", list),
    .get("/v1/subscription_schedules/{id}", retrieve),
    .post("/v1/subscription_schedules/{id}", ScheduleUpdate.run),
    .post("/v1/subscription_schedules/{id}/release", ScheduleEnd.release),
    .post("/v1/subscription_schedules/{id}/cancel", ScheduleEnd.cancel),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("subscription_schedule"))
  }

  private static func list(_ call: Call) throws -> JSON {
    let moments = ["canceled_at", "completed_at", "released_at"]
    guard call.has("scheduled") || moments.contains(where: { call.has($0) }) else {
      return try call.list("subscription_schedule", matching: ["customer": call["customer"]])
    }
    var query = ObjectQuery(type: "subscription_schedule")
    if let customer = call["customer"] { query.conditions = [("customer", [customer])] }
    query.created = try call.createdRange()
    query.includesClocks = call.clock != nil
    let found = try call.store.objects(query).filter { schedule in
      let isScheduled = schedule.string("status") == "not_started"
      return (call.bool("scheduled").map { !$0 || isScheduled } ?? true)
        && moments.allSatisfy { name in
          !call.has(name)
            || schedule.integer(name) != nil
              && Subscriptions.lies(schedule.integer(name), in: call[name])
        }
    }
    return try call.page(of: found)
  }

  static let template = JSONObject.template(
    """
    {"id":"","object":"subscription_schedule","application":null,"billing_mode":{
    "flexible":{"proration_discounts":"included"},"type":"flexible","updated_at":0},
    "canceled_at":null,"completed_at":null,"created":0,"current_phase":null,"customer":"",
    "customer_account":null,"default_settings":{"application_fee_percent":null,
    "automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null},
    "billing_cycle_anchor":"automatic","billing_thresholds":null,
    "collection_method":"charge_automatically","default_payment_method":null,"description":null,
    "invoice_settings":{"account_tax_ids":null,"custom_fields":null,"days_until_due":null,
    "description":null,"footer":null,"issuer":{"account":null,"type":"self"}},
    "on_behalf_of":null,"transfer_data":null},"end_behavior":"release","livemode":false,
    "metadata":{},"pause_schedules":[],"phases":[],"released_at":null,
    "released_subscription":null,"status":"not_started","subscription":null,"test_clock":null}
    """)

  /// Reads `default_settings`.
  static func applyDefaults(_ call: Call, to schedule: inout JSONObject) throws {
    var settings = schedule.object("default_settings") ?? [:]
    for (name, value) in call.object("default_settings") ?? [:] {
      let place = "default_settings[\(name)]"
      switch name {
      case "collection_method", "description", "billing_cycle_anchor":
        settings[name] = value == "" ? .null : value
      case "default_payment_method":
        settings[name] = .string(
          try PaymentMethods.attached(
            value.string ?? "", to: schedule.string("customer") ?? "", call, parameter: place
          ).id)
      case "invoice_settings":
        try SchedulePhases.checkInvoiceSettings(value, parameter: place)
        settings = settings.setting(
          ["days_until_due": value["days_until_due"] ?? .null], in: "invoice_settings")
      default: throw SchedulePhases.unsupported(place)
      }
    }
    schedule["default_settings"] = .object(settings)
  }

  /// Reads `end_behavior`: two of its values are out of use.
  static func applyEnd(_ call: Call, to schedule: inout JSONObject) throws {
    guard let behavior = call.string("end_behavior") else { return }
    guard ["release", "cancel"].contains(behavior) else {
      throw SandboxError.invalid(
        "The sandbox offers the end behaviors release and cancel only.",
        code: "parameter_unsupported", parameter: "end_behavior")
    }
    schedule["end_behavior"] = .string(behavior)
  }
}
