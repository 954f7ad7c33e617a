import Basics

/// A subscription that stands still: `POST /v1/subscriptions/{id}/pause` and `…/resume`. (To pause
/// only the collection of its invoices is another feature, `pause_collection`.)
enum PausedSubscription {
  /// Pauses a subscription; its current period ends now.
  ///
  /// What is not said in `bill_for` is not billed, and what is billed waits unless
  /// `invoicing_behavior` says otherwise (a choice).
  static func pause(_ call: Call) throws -> JSON {
    try call.accept(only: "type", "bill_for", "invoicing_behavior")
    let subscription = try Subscriptions.current(try call.required("subscription"), call)
    try checkPausable(subscription)
    let customer = try call.required("customer", subscription.string("customer") ?? "")
    let billsUsage =
      call.object("bill_for")?.object("outstanding_usage_through")?.string("type") == "now"
    let items = subscription.listed("items").map { item in
      let ended = item.setting(["current_period_end": .time(call.now)])
      return billsUsage ? ended.setting(["_usage_since": .time(call.now)]) : ended
    }
    let paused = Subscriptions.withItems(subscription, items).setting([
      "status": "paused",
      "status_details": [
        "paused": [
          "subscription": ["type": "pause_requested"], "transitioned_at": .time(call.now),
          "type": "subscription",
        ]
      ],
    ])
    let change = SubscriptionChange(
      items: items, course: .samePeriod,
      anchor: subscription.timestamp("billing_cycle_anchor") ?? call.now,
      period: SubscriptionItems.period(of: items[0]),
      prorations: try bill(subscription, includingUsage: billsUsage, call),
      isInvoicedAtOnce: call.string("invoicing_behavior") == "invoice")
    try SubscriptionBilling.carryOut(
      change, from: subscription, to: paused, customer: customer, call)
    let stored = try call.required("subscription")
    try call.emit("customer.subscription.paused", stored)
    return .object(try Subscriptions.current(stored, call))
  }

  private static func checkPausable(_ subscription: JSONObject) throws {
    let status = subscription.string("status") ?? ""
    guard ["active", "past_due", "unpaid"].contains(status) else {
      throw SandboxError.invalid("You cannot pause a subscription whose status is \(status).")
    }
    guard subscription.object("billing_mode")?.string("type") == "flexible" else {
      throw SandboxError.invalid("You can only pause a subscription in flexible billing mode.")
    }
    guard subscription.string("collection_method") == "charge_automatically" else {
      throw SandboxError.invalid(
        "You can only pause a subscription with `collection_method=charge_automatically`.")
    }
    guard subscription.string("schedule") == nil else {
      throw SandboxError.invalid("You cannot pause a subscription that a schedule manages.")
    }
  }

  /// `bill_for`: the credit for unused time, the charge for what was used.
  private static func bill(
    _ subscription: JSONObject, includingUsage: Bool, _ call: Call
  ) throws -> [InvoiceLine] {
    let items = subscription.listed("items")
    let period = SubscriptionItems.period(of: items[0])
    let wanted = call.object("bill_for")
    var lines: [InvoiceLine] = []
    let unused = wanted?.object("unused_time_from")?.string("type") ?? "none"
    if unused != "none" {
      let proration = try SubscriptionProration(
        of: subscription, from: unused == "now" ? call.now : period.start, call)
      lines = try items.flatMap { try proration.credits(for: $0) }
    }
    if includingUsage {
      lines += try MeteredLines.lines(
        of: subscription, in: BillingPeriod(start: period.start, end: call.now), call)
    }
    return lines
  }
}

// MARK: Going on

extension PausedSubscription {
  /// Resumes a subscription: in a new period from now on, or in the rest of the period of its old
  /// anchor. The invoice is issued at once.
  static func resume(_ call: Call) throws -> JSON {
    try call.accept(
      only: "billing_cycle_anchor", "proration_behavior", "proration_date", "payment_behavior")
    let subscription = try Subscriptions.current(try call.required("subscription"), call)
    guard subscription.string("status") == "paused" else {
      throw SandboxError.invalid(
        "You can only resume a subscription whose status is paused.")
    }
    let idle = try PendingUpdate.drop(from: subscription, call)
    let customer = try call.required("customer", idle.string("customer") ?? "")
    let change = try resumption(of: idle, call)
    let resumed = change.applied(to: idle, at: call.now)
      .setting(["status": "active", "status_details": .null])
    let behavior =
      switch call.string("payment_behavior") {
      case "resume_on_payment_success": PendingUpdate.behavior
      case SubscriptionCollection.onlyDrafts: SubscriptionCollection.onlyDrafts
      default: "allow_incomplete"
      }
    try SubscriptionBilling.carryOut(
      change, from: idle, to: resumed, customer: customer,
      call.calling(["payment_behavior": .string(behavior)], on: call.id))
    let stored = try call.required("subscription")
    if stored.string("status") != "paused" {
      try call.emit("customer.subscription.resumed", stored)
    }
    return .object(try Subscriptions.current(stored, call))
  }

  private static func resumption(
    of subscription: JSONObject, _ call: Call
  ) throws -> SubscriptionChange {
    let items = subscription.listed("items")
    guard let first = items.first,
      let interval = first.object("price").flatMap({ BillingInterval(price: $0) })
    else { throw SandboxError.unexpected }
    let keepsAnchor = call.object("billing_cycle_anchor")?.string("type") == "unchanged"
    let course = keepsAnchor ? SubscriptionChange.Course.newGrid : .restart
    let current = SubscriptionItems.period(of: first)
    let (period, anchor) = SubscriptionChange.schedule(
      course, current: current,
      anchor: subscription.timestamp("billing_cycle_anchor") ?? current.start,
      interval: interval, now: call.now)
    var change = SubscriptionChange(
      items: items.map { SubscriptionItems.setting(period, of: $0) }, course: course,
      anchor: anchor, period: period, isInvoicedAtOnce: true)
    let after = change.applied(to: subscription, at: call.now).setting(["status": "active"])
    guard keepsAnchor else {
      change.charges = try SubscriptionLines.full(of: after, call)
      return change
    }
    guard call.string("proration_behavior") != "none" else { return change }
    let proration = try SubscriptionProration(
      of: after, from: call.timestamp("proration_date") ?? call.now, call)
    let charges = try proration.charges(in: after)
    change.prorations = change.items.compactMap { charges[$0.id] }
    return change
  }
}
