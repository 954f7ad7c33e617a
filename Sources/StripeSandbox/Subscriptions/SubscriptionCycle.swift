import Basics

/// The end of a period: a subscription renews, or its trial is over.
enum SubscriptionCycle {
  /// How long the invoice of a renewal stays a draft.
  static let draftSeconds: Int64 = 3600

  /// When the current period is over; nil for what is not billed: not yet or not any more.
  static func end(of subscription: JSONObject) -> Timestamp? {
    guard
      ["active", "past_due", "trialing", "unpaid"].contains(subscription.string("status"))
    else { return nil }
    return SubscriptionFields.periodEnd(subscription)
  }

  static func run(_ call: Call, _ stored: JSONObject) throws {
    let subscription = try Subscriptions.current(stored, call)
    guard try !SubscriptionTrialEnd.stops(subscription, call) else { return }
    // What could not be done at its moment is done later, but for the same periods.
    let over = min(call.now, end(of: subscription) ?? call.now)
    let draft = try renewal(of: subscription, at: over, call)
    guard let next = draft.subscription else { throw SandboxError.unexpected }
    let event = "customer.subscription.updated"
    // With metered prices alone, and nothing used, there may be nothing to bill.
    guard !draft.lines.isEmpty else {
      try call.update(subscription, to: next, event: event)
      return
    }
    let made = timed(try draft.made(call), of: subscription, call)
    let renewed = next.setting([
      "latest_invoice": .string(made.id),
      "_debits": try SubscriptionLines.debits(of: made, on: next),
    ])
    try call.update(subscription, to: renewed, event: event)
    let invoice = try draft.store(made, call)
    try SubscriptionPause.close(
      invoice, behavior: SubscriptionPause.behavior(of: subscription), call)
  }
}

// MARK: The next period

extension SubscriptionCycle {
  /// The invoice of the next period: what waits, the items for the period that begins, and what was
  /// used in the one that is over. Its subscription is the one of the next period. Nothing is
  /// stored.
  ///
  /// - Parameters:
  ///   - subscription: as it is before, with its prices as they are now.
  ///   - moment: when the period is over.
  static func renewal(
    of subscription: JSONObject, at moment: Timestamp, _ call: Call
  ) throws -> InvoiceDraft {
    guard let item = subscription.listed("items").first else { throw SandboxError.unexpected }
    let over = BillingPeriod(start: SubscriptionItems.period(of: item).start, end: moment)
    let next = try renewed(subscription, at: moment)
    let pending = try InvoiceItems.pending(of: subscription, call)
    // What was used in a trial costs nothing.
    let isTrial = subscription.string("status") == "trialing"
    let usage = try isTrial ? [] : MeteredLines.lines(of: subscription, in: over, call)
    let running = try Discounts.running(subscription.strings("discounts"), at: moment, call)
    return InvoiceDraft(
      customer: try call.required("customer", subscription.string("customer") ?? ""),
      subscription: next,
      lines: pending.map { InvoiceItems.line($0) } + (try SubscriptionLines.full(of: next, call))
        + usage,
      reason: "subscription_cycle", period: over, discountIDs: running.map { $0.discount.id },
      items: pending)
  }

  /// The subscription in the period that begins at a moment, on the grid of its anchor; a trial is
  /// then behind it.
  static func renewed(_ subscription: JSONObject, at moment: Timestamp) throws -> JSONObject {
    let items = subscription.listed("items")
    guard let interval = items.first?.object("price").flatMap({ BillingInterval(price: $0) }),
      let anchor = subscription.timestamp("billing_cycle_anchor")
    else { throw SandboxError.unexpected }
    let period = interval.period(containing: moment, anchor: anchor)
    let moved = Subscriptions.withItems(
      subscription, items.map { SubscriptionItems.setting(period, of: $0) })
    return subscription.string("status") == "trialing"
      ? moved.setting(["status": "active"]) : moved
  }

  /// A draft as it goes on: it is issued by itself after an hour, or stays as it is where the
  /// subscription is unpaid or its collection is paused with `keep_as_draft`.
  static func timed(
    _ draft: JSONObject, of subscription: JSONObject, _ call: Call
  ) -> JSONObject {
    guard subscription.string("status") != "unpaid",
      SubscriptionPause.behavior(of: subscription) != "keep_as_draft"
    else { return draft.setting(["auto_advance": false]) }
    let moment = JSON.time(call.now + draftSeconds)
    let isCharged = subscription.string("collection_method") == "charge_automatically"
    return draft.setting([
      "automatically_finalizes_at": moment, "next_payment_attempt": isCharged ? moment : .null,
    ])
  }
}
