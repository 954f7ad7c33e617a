import Basics

/// Ending a subscription at once: `DELETE /v1/subscriptions/{id}`.
enum SubscriptionCancel {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(
      only: "invoice_now", "prorate", "cancellation_details", "payment_behavior",
      "proration_date")
    let stored = try call.required("subscription")
    // What has ended is gone for this operation.
    guard !SubscriptionStatus.isTerminal(stored) else {
      throw SandboxError.missing("subscription", id: stored.id)
    }
    var subscription = try PendingUpdate.drop(
      from: try Subscriptions.current(stored, call), call)
    let invoicesNow = call.bool("invoice_now") ?? false
    if call.bool("prorate") == true {
      try credit(subscription, call)
    } else if !invoicesNow {
      try InvoiceItems.removePending(of: subscription, call)
    }
    SubscriptionFields.applyDetails(call.object("cancellation_details"), to: &subscription)
    try end(subscription, call)
    if invoicesNow { try invoiceRest(of: subscription, call) }
    return .object(try Subscriptions.current(try call.required("subscription"), call))
  }

  /// Ends a subscription: canceled, or expired where it was never paid for. Its first invoice is
  /// then void; others stay open, but are no longer collected.
  ///
  /// - Parameters:
  ///   - reason: why it ended.
  ///   - keepsSchedule: whether the end that was scheduled stays to be seen.
  static func end(
    _ subscription: JSONObject, reason: String = "cancellation_requested",
    keepsSchedule: Bool = false, _ call: Call
  ) throws {
    let isIncomplete = subscription.string("status") == "incomplete"
    for invoice in try call.all(
      "invoice", where: ["_subscription": .string(subscription.id), "status": "open"])
    {
      if isIncomplete {
        try InvoiceVoid.end(invoice, call)
      } else {
        try call.update(
          invoice,
          to: invoice.setting(["auto_advance": false, "next_payment_attempt": .null]),
          event: "invoice.updated")
      }
    }
    let canceledAt = subscription["canceled_at"]?.integer.map { JSON.integer($0) }
    var ended = subscription.setting([
      "status": isIncomplete ? "incomplete_expired" : "canceled",
      "canceled_at": canceledAt ?? .time(call.now), "ended_at": .time(call.now),
      "pause_collection": .null,
    ]).setting(["reason": .string(reason)], in: "cancellation_details")
    if !keepsSchedule {
      ended = ended.setting(["cancel_at": .null, "cancel_at_period_end": false])
    }
    try call.become(subscription, ended, "customer.subscription.deleted")
    try ScheduleEnd.follow(ended, reason: reason, call)
  }

  /// `prorate`: what is left of what was charged waits as a credit.
  private static func credit(_ subscription: JSONObject, _ call: Call) throws {
    guard subscription.string("status") != "incomplete",
      let customer = try call.find("customer", subscription.string("customer") ?? "")
    else { return }
    let moment = try SubscriptionChange.moment(call, in: subscription)
    let proration = try SubscriptionProration(of: subscription, from: moment, call)
    for line in try subscription.listed("items").flatMap({ try proration.credits(for: $0) }) {
      _ = try InvoiceItems.add(line, customer: customer, to: subscription, call)
    }
  }

  /// `invoice_now`: what waits and what was used is billed, and collected if it can be.
  private static func invoiceRest(of subscription: JSONObject, _ call: Call) throws {
    let pending = try InvoiceItems.pending(of: subscription, call)
    let start = subscription.listed("items").first.map { SubscriptionItems.period(of: $0).start }
    let period = BillingPeriod(start: start ?? call.now, end: call.now)
    let isBilled = !["incomplete", "trialing"].contains(subscription.string("status"))
    let usage = try isBilled ? MeteredLines.lines(of: subscription, in: period, call) : []
    guard !pending.isEmpty || !usage.isEmpty,
      let customer = try call.find("customer", subscription.string("customer") ?? "")
    else { return }
    let draft = InvoiceDraft(
      customer: customer, subscription: subscription,
      lines: pending.map { InvoiceItems.line($0) } + usage, reason: "subscription_update",
      period: period, items: pending)
    let invoice = try draft.store(try draft.made(call), call)
    let ended = try call.required("subscription", subscription.id)
    try call.save(ended.setting(["latest_invoice": .string(invoice.id)]))
    try SubscriptionCollection(of: subscription, customer: customer, call).collect(invoice, call)
  }
}
