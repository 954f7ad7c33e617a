import Basics

/// The end of a schedule: released, canceled or completed.
///
/// With `end_behavior` `cancel` the last phase sets the subscription's `cancel_at`, and the schedule
/// is completed when that moment comes. With `release` it is then released, as if by the operation:
/// Stripe's pages do not say which of `completed` and `released` such a schedule becomes.
enum ScheduleEnd {
  /// `POST /v1/subscription_schedules/{id}/release`
  static func release(_ call: Call) throws -> JSON {
    try call.accept(only: "preserve_cancel_date")
    let schedule = try call.required("subscription_schedule")
    try requireOpen(schedule, to: "release")
    try released(schedule, keepsEnd: call.bool("preserve_cancel_date") ?? false, call)
    return .object(try call.required("subscription_schedule"))
  }

  /// `POST /v1/subscription_schedules/{id}/cancel`: the subscription ends at once, too.
  static func cancel(_ call: Call) throws -> JSON {
    try call.accept(only: "invoice_now", "prorate")
    let schedule = try call.required("subscription_schedule")
    try requireOpen(schedule, to: "cancel")
    guard let id = schedule.string("subscription") else {
      return .object(try canceled(schedule, event: "subscription_schedule.canceled", call))
    }
    let parameters: JSONObject = [
      "invoice_now": call["invoice_now"] ?? true, "prorate": call["prorate"] ?? true,
    ]
    _ = try SubscriptionCancel.run(call.calling(parameters, on: id))
    return .object(try call.required("subscription_schedule"))
  }

  static func requireOpen(_ schedule: JSONObject, to verb: String) throws {
    let status = schedule.string("status") ?? ""
    guard !["not_started", "active"].contains(status) else { return }
    let participle = verb == "cancel" ? "canceled" : "\(verb)d"
    throw SandboxError.invalid(
      """
      You cannot \(verb) a subscription schedule that is currently in the `\(status)` status. It \
      must be in `not_started, active` status to be \(participle).
      """)
  }
}

// MARK: Steps

extension ScheduleEnd {
  /// The last phase is over.
  static func over(_ schedule: JSONObject, _ call: Call) throws {
    guard schedule.string("end_behavior") == "cancel" else { return try released(schedule, call) }
    let completed = schedule.setting([
      "status": "completed", "completed_at": .time(call.now), "current_phase": .null,
    ])
    try call.become(schedule, completed, "subscription_schedule.completed")
  }

  /// Lets the subscription go.
  ///
  /// - Parameter keepsEnd: whether the end that the schedule has set for it stays.
  static func released(
    _ schedule: JSONObject, keepsEnd: Bool = false, _ call: Call
  ) throws {
    var left = schedule.setting([
      "subscription": .null, "released_subscription": schedule["subscription"] ?? .null,
      "current_phase": .null, "_notice": .null,
    ])
    if let id = schedule.string("subscription"), let stored = try call.find("subscription", id) {
      try call.update(schedule, to: left, event: "subscription_schedule.updated")
      let subscription = try Subscriptions.current(stored, call)
      var free = subscription.setting(["schedule": .null])
      if !keepsEnd, subscription["cancel_at"]?.integer != nil {
        free = SubscriptionFields.withoutEnd(free)
      }
      try call.update(subscription, to: free, event: "customer.subscription.updated")
    }
    left = left.setting(["status": "released", "released_at": .time(call.now)])
    try call.become(schedule, left, "subscription_schedule.released")
  }

  @discardableResult
  static func canceled(
    _ schedule: JSONObject, event: String, _ call: Call
  ) throws -> JSONObject {
    let canceled = schedule.setting([
      "status": "canceled", "canceled_at": .time(call.now), "current_phase": .null,
    ])
    return try call.become(schedule, canceled, event)
  }

  /// The schedule of a subscription that has ended goes with it: aborted where nobody paid.
  static func follow(_ subscription: JSONObject, reason: String, _ call: Call) throws {
    guard let id = subscription.string("schedule"),
      let schedule = try call.find("subscription_schedule", id),
      schedule.string("status") == "active"
    else { return }
    let word = reason == "payment_failed" ? "aborted" : "canceled"
    try canceled(schedule, event: "subscription_schedule.\(word)", call)
  }

  /// Refuses to end a subscription otherwise than its schedule says.
  static func check(_ call: Call, _ subscription: JSONObject) throws {
    guard let schedule = subscription.string("schedule"), !call.has("_schedule"),
      call.has("cancel_at_period_end") || call.has("cancel_at")
    else { return }
    throw SandboxError.invalid(
      """
      The subscription is managed by the subscription schedule `\(schedule)`, and updating any \
      cancelation behavior directly is not allowed. Please update the schedule instead.
      """)
  }
}
