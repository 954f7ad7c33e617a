import Basics

/// A new schedule: `POST /v1/subscription_schedules`, of phases to come or from a subscription that
/// runs.
enum ScheduleCreate {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(
      only: "customer", "start_date", "phases", "end_behavior", "default_settings", "metadata",
      "from_subscription", "billing_mode")
    if let id = call.string("from_subscription") {
      return .object(try adopt(id, call))
    }
    guard let customerID = call.string("customer") else {
      throw SandboxError.missingParameter("customer")
    }
    let customer = try Customers.referenced(customerID, call)
    var schedule = try made(for: customer, call)
    try SubscriptionSchedules.applyDefaults(call, to: &schedule)
    try SubscriptionSchedules.applyEnd(call, to: &schedule)
    let phases = SchedulePhases(call: call, customer: customer.id)
    let start = phases.moment(call["start_date"])
    guard let start else { throw SandboxError.missingParameter("start_date") }
    guard start >= call.now else {
      throw SandboxError.invalid(
        "The sandbox does not offer schedules that began before they were made.",
        code: "parameter_unsupported", parameter: "start_date")
    }
    schedule["phases"] = .array(try phases.read(from: start).map { .object($0) })
    guard start == call.now else {
      return .object(
        try call.create(
          ScheduleRun.noted(schedule, at: call.now), event: "subscription_schedule.created"))
    }
    let begun = try ScheduleRun.begun(schedule, call)
    return .object(try call.create(begun, event: "subscription_schedule.created"))
  }

  private static func made(for customer: JSONObject, _ call: Call) throws -> JSONObject {
    let mode = call.object("billing_mode")?.string("type") ?? "flexible"
    let flexible = call.object("billing_mode")?.object("flexible")
    return SubscriptionSchedules.template.setting([
      "id": .string(call.newID("sub_sched", length: 24)), "created": .time(call.now),
      "billing_mode": [
        "flexible": mode == "flexible"
          ? ["proration_discounts": flexible?["proration_discounts"] ?? "included"] : .null,
        "type": .string(mode), "updated_at": .time(call.now),
      ], "customer": .string(customer.id), "metadata": try call.newMetadata(),
      "test_clock": customer["test_clock"] ?? .null,
    ])
  }
}

// MARK: From a subscription

extension ScheduleCreate {
  /// A schedule for a subscription that runs: one phase, its current period.
  private static func adopt(_ id: String, _ call: Call) throws -> JSONObject {
    for name in call.parameters.keys
    where !["from_subscription", "metadata", "expand"].contains(name) {
      throw SandboxError.invalid(
        "You cannot set `\(name)` if `from_subscription` is set.", parameter: name)
    }
    let stored = try call.referenced("subscription", id, parameter: "from_subscription")
    let subscription = try Subscriptions.current(stored, call)
    try checkFree(subscription)
    let customer = try call.required("customer", subscription.string("customer") ?? "")
    let phase = try phase(of: subscription)
    let schedule = try made(for: customer, call).setting([
      "billing_mode": subscription["billing_mode"] ?? .null,
      "current_phase": ScheduleRun.bounds(of: phase),
      "end_behavior": subscription["cancel_at"]?.integer == nil ? "release" : "cancel",
      "phases": [.object(phase)], "status": "active", "subscription": .string(id),
    ]).setting(
      [
        "collection_method": subscription["collection_method"] ?? .null,
        "default_payment_method": subscription["default_payment_method"] ?? .null,
        "description": subscription["description"] ?? .null,
      ], in: "default_settings")
    try call.update(
      subscription, to: subscription.setting(["schedule": .string(schedule.id)]),
      event: "customer.subscription.updated")
    return try call.create(
      ScheduleRun.noted(schedule, at: call.now), event: "subscription_schedule.created")
  }

  private static func checkFree(_ subscription: JSONObject) throws {
    if let schedule = subscription.string("schedule") {
      throw SandboxError.invalid(
        """
        You cannot migrate a subscription that is already attached to a schedule: `\(schedule)`.
        """, parameter: "from_subscription")
    }
    let status = subscription.string("status") ?? ""
    guard !SubscriptionStatus.isTerminal(subscription), status != "incomplete" else {
      throw SandboxError.invalid(
        "You cannot migrate a subscription that is in the `\(status)` status.",
        parameter: "from_subscription")
    }
  }

  private static func phase(of subscription: JSONObject) throws -> JSONObject {
    guard let item = subscription.listed("items").first else { throw SandboxError.unexpected }
    let period = SubscriptionItems.period(of: item)
    let isTrial = subscription.string("status") == "trialing"
    return SchedulePhases.template.setting([
      "currency": subscription["currency"] ?? .null,
      "discounts": .array(
        subscription.strings("discounts").map {
          ["coupon": .null, "discount": .string($0), "promotion_code": .null]
        }),
      "end_date": .time(subscription.timestamp("cancel_at") ?? period.end),
      "items": PhaseItems.stored(of: subscription), "start_date": .time(period.start),
      "trial_end": isTrial ? subscription["trial_end"] ?? .null : .null,
    ])
  }
}
