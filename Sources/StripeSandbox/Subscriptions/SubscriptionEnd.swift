import Basics

/// A cancellation that was scheduled takes effect: `cancel_at_period_end` and `cancel_at`.
enum SubscriptionEnd {
  static func moment(_ subscription: JSONObject) -> Timestamp? {
    guard subscription.string("status") != "incomplete" else { return nil }
    return subscription.bool("cancel_at_period_end") == true
      ? SubscriptionFields.periodEnd(subscription) : subscription.timestamp("cancel_at")
  }

  /// Bills what waits and what was used, and ends the subscription.
  ///
  /// Nothing of a period that is cut short is given back: Stripe prorates such an end only where
  /// the request that scheduled it asked for it. What was scheduled stays to be seen.
  static func run(_ call: Call, _ stored: JSONObject) throws {
    let subscription = try Subscriptions.current(stored, call)
    try invoiceRest(of: subscription, call)
    let billed = try call.required("subscription", stored.id)
    try SubscriptionCancel.end(billed, keepsSchedule: true, call)
  }

  /// The last invoice: what waits and the usage since the period began. There is none where there
  /// is nothing to bill.
  private static func invoiceRest(of subscription: JSONObject, _ call: Call) throws {
    let pending = try InvoiceItems.pending(of: subscription, call)
    let start = subscription.listed("items").first.map { SubscriptionItems.period(of: $0).start }
    let period = BillingPeriod(start: start ?? call.now, end: call.now)
    let isTrial = subscription.string("status") == "trialing"
    let usage = try isTrial ? [] : MeteredLines.lines(of: subscription, in: period, call)
    let lines = pending.map { InvoiceItems.line($0) } + usage
    guard !lines.isEmpty else { return }
    let draft = InvoiceDraft(
      customer: try call.required("customer", subscription.string("customer") ?? ""),
      subscription: subscription, lines: lines, reason: "subscription_cycle", period: period,
      discountIDs: subscription.strings("discounts"), items: pending)
    let made = SubscriptionCycle.timed(try draft.made(call), of: subscription, call)
    try call.save(subscription.setting(["latest_invoice": .string(made.id)]))
    _ = try draft.store(made, call)
  }
}
