import Basics

/// The fields of a subscription that are set as they are given, on creation and on update.
enum SubscriptionFields {
  static func apply(
    _ call: Call, to subscription: inout JSONObject, customer: JSONObject
  ) throws {
    if let description = call["description"] { subscription["description"] = description }
    if let method = call["default_payment_method"] {
      let parameter = "default_payment_method"
      let id = try method.string.map {
        try PaymentMethods.attached($0, to: customer.id, call, parameter: parameter).id
      }
      subscription["default_payment_method"] = JSON(id)
    }
    try applyCollection(call, to: &subscription)
    for key in ["payment_settings", "invoice_settings"] {
      for (name, value) in call.object(key) ?? [:] {
        subscription = subscription.setting([name: value == "" ? .null : value], in: key)
      }
    }
    if let end = call.object("trial_settings")?.object("end_behavior") {
      var behavior = subscription.object("trial_settings")?.object("end_behavior") ?? [:]
      for (name, value) in end { behavior[name] = value }
      subscription["trial_settings"] = ["end_behavior": .object(behavior)]
    }
  }

  private static func applyCollection(
    _ call: Call, to subscription: inout JSONObject
  ) throws {
    if let method = call.string("collection_method") {
      subscription["collection_method"] = .string(method)
      if method == "charge_automatically" { subscription["days_until_due"] = .null }
    }
    let isSent = subscription.string("collection_method") == "send_invoice"
    if let days = call.integer("days_until_due") {
      guard isSent else {
        throw SandboxError.invalid(
          "`days_until_due` can only be set when `collection_method` is `send_invoice`.",
          parameter: "days_until_due")
      }
      try Call.checkRange(days, 0...36_500, parameter: "days_until_due")
      subscription["days_until_due"] = .integer(days)
    }
    guard !isSent || subscription["days_until_due"]?.integer != nil else {
      throw SandboxError.invalid(
        """
        If `collection_method` is set to `send_invoice`, you must also set `days_until_due`.
        """, code: "parameter_missing", parameter: "days_until_due")
    }
  }

  /// `cancel_at_period_end`, `cancel_at` and `cancellation_details`.
  static func applyCancellation(_ call: Call, to subscription: inout JSONObject) throws {
    try call.checkExclusive("cancel_at_period_end", "cancel_at")
    if let atEnd = call.bool("cancel_at_period_end") {
      if atEnd {
        schedule(&subscription, at: periodEnd(subscription), atPeriodEnd: true, call)
      } else if subscription.bool("cancel_at_period_end") == true {
        unschedule(&subscription)
      }
    } else if let moment = call["cancel_at"] {
      try applyCancelAt(moment, to: &subscription, call)
    }
    applyDetails(call.object("cancellation_details"), to: &subscription)
  }

  private static func applyCancelAt(
    _ wanted: JSON, to subscription: inout JSONObject, _ call: Call
  ) throws {
    guard !wanted.isNull else { return unschedule(&subscription) }
    let given = wanted.integer ?? wanted.string.flatMap { Int64($0) }
    // All items have one period here, so that its earliest and its latest end are the same.
    let isEnd = ["min_period_end", "max_period_end"].contains(wanted.string)
    let moment = isEnd ? periodEnd(subscription) : given.map { Timestamp($0) }
    guard let moment, moment > call.now, moment <= .latest else {
      throw SandboxError.invalid(
        "Invalid timestamp: must be an integer Unix timestamp in the future.",
        parameter: "cancel_at")
    }
    schedule(&subscription, at: moment, atPeriodEnd: moment == periodEnd(subscription), call)
  }

  private static func schedule(
    _ subscription: inout JSONObject, at moment: Timestamp?, atPeriodEnd: Bool, _ call: Call
  ) {
    subscription = subscription.setting([
      "cancel_at": .time(moment), "cancel_at_period_end": .bool(atPeriodEnd),
      "canceled_at": .time(call.now),
    ]).setting(["reason": "cancellation_requested"], in: "cancellation_details")
  }

  private static func unschedule(_ subscription: inout JSONObject) {
    subscription = withoutEnd(subscription)
  }

  /// A subscription that is not to end any more.
  static func withoutEnd(_ subscription: JSONObject) -> JSONObject {
    subscription.setting([
      "cancel_at": .null, "cancel_at_period_end": false, "canceled_at": .null,
    ]).setting(
      ["comment": .null, "feedback": .null, "feedback_option": .null, "reason": .null],
      in: "cancellation_details")
  }

  static func applyDetails(_ details: JSONObject?, to subscription: inout JSONObject) {
    for (name, value) in details ?? [:] {
      subscription = subscription.setting(
        [name: value == "" ? .null : value], in: "cancellation_details")
    }
  }

  static func periodEnd(_ subscription: JSONObject) -> Timestamp? {
    subscription.listed("items").compactMap { $0.timestamp("current_period_end") }.min()
  }
}
