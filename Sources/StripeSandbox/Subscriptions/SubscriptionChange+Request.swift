import Basics
import Foundation

// What a request changes of what is billed.

extension SubscriptionChange {
  /// Whether a call asks for a change of what is billed.
  static func isAsked(_ call: Call) -> Bool {
    ["items", "trial_end", "billing_cycle_anchor", "add_invoice_items"].contains { call.has($0) }
  }

  /// The change that a call asks for; nil where it changes nothing of what is billed.
  ///
  /// - Parameter subscription: as it is, but for discounts, which are the new ones already.
  static func asked(_ call: Call, of subscription: JSONObject) throws -> SubscriptionChange? {
    guard isAsked(call) else { return nil }
    let old = subscription.listed("items")
    let requests = try ItemRequest.read(call, current: old)
    let new = try items(old, requests, subscription: subscription.id, call)
    guard let first = old.first,
      let interval = new.first?.object("price").flatMap({ BillingInterval(price: $0) })
    else { throw SandboxError.unexpected }
    let wish = try wish(call, of: subscription, new)
    let course = course(wish)
    let current = SubscriptionItems.period(of: first)
    let (period, anchor) = schedule(
      course, current: current, isTrialing: wish.isTrialing,
      anchor: subscription.timestamp("billing_cycle_anchor") ?? current.start,
      interval: interval, now: call.now)
    var change = SubscriptionChange(
      items: new.map { SubscriptionItems.setting(period, of: $0) }, course: course,
      anchor: anchor, period: period)
    change.isInvoicedAtOnce =
      call.string("proration_behavior") == "always_invoice" || wish.leavesFree
      || !(course == .samePeriod || course == .trial)
    try change.fillLines(from: subscription, call)
    try change.addUsage(
      besides: Set(requests.filter { $0.clearsUsage }.compactMap { $0.id }), subscription, call)
    // A trial that is only moved costs nothing.
    if case .trialUntil = course, change.charges.isEmpty { change.isInvoicedAtOnce = false }
    return change
  }

  private static func wish(
    _ call: Call, of subscription: JSONObject, _ new: [JSONObject]
  ) throws -> Wish {
    let old = subscription.listed("items")
    let intervals = [old, new].map {
      $0.first?.object("price").flatMap { BillingInterval(price: $0) }
    }
    let costs = try [old, new].map { items in
      try SubscriptionLines.full(of: Subscriptions.withItems(subscription, items), call)
        .map { $0.amount }
    }
    return Wish(
      isTrialing: subscription.string("status") == "trialing",
      endsTrial: call.string("trial_end") == "now",
      trialUntil: try SubscriptionTrial.requestedEnd(call),
      anchor: call.object("billing_cycle_anchor")?.string("type"),
      changesInterval: intervals[0] != intervals[1],
      leavesFree: !costs[0].isEmpty && costs[0].allSatisfy { $0 == 0 }
        && costs[1].contains { $0 > 0 },
      isFlexible: subscription.object("billing_mode")?.string("type") == "flexible")
  }

  private mutating func fillLines(from subscription: JSONObject, _ call: Call) throws {
    let old = subscription.listed("items")
    let isTrialing = subscription.string("status") == "trialing"
    let isProrated = call.string("proration_behavior") != "none"
    let after = applied(to: subscription, at: call.now)
    let moment = try Self.moment(call, in: subscription)
    if isProrated {
      prorations = try SubscriptionProration(of: subscription, from: moment, call)
        .lines(from: old, to: after, course)
    }
    switch course {
    case .restart:
      charges = try SubscriptionLines.full(of: after, call)
      // The period of what was used is over, too.
      if !isTrialing, let item = old.first {
        let start = SubscriptionItems.period(of: item).start
        charges += try MeteredLines.lines(
          of: subscription, in: BillingPeriod(start: start, end: call.now), call)
      }
    case .newGrid where !isProrated && !isTrialing:
      charges = try SubscriptionLines.full(of: after, call)
    case .trialUntil where !isTrialing:
      charges = try SubscriptionLines.full(of: after, call)
    default: break
    }
  }

  /// What was used of metered prices that go, with their items or for other prices, is billed with
  /// the change (a choice).
  ///
  /// - Parameter forgotten: the items whose usage is forgotten instead.
  private mutating func addUsage(
    besides forgotten: Set<String>, _ subscription: JSONObject, _ call: Call
  ) throws {
    let gone = subscription.listed("items").filter { old in
      let new = items.first { $0.id == old.id }
      return PriceAmount.isMetered(old.object("price") ?? [:])
        && new?.object("price")?.id != old.object("price")?.id
    }
    charges.removeAll { $0.subscriptionItemID.map(forgotten.contains) ?? false }
    let ids = Set(gone.map { $0.id }).subtracting(forgotten)
    guard !ids.isEmpty, course == .samePeriod || course == .newGrid,
      subscription.string("status") != "trialing", let item = subscription.listed("items").first
    else { return }
    let start = SubscriptionItems.period(of: item).start
    let used = try MeteredLines.lines(
      of: subscription, in: BillingPeriod(start: start, end: call.now), call)
    prorations += used.filter { line in
      ids.contains(line.subscriptionItemID ?? "")
        && (line.amount > 0 || line.exactQuantity ?? 0 > 0)
    }
  }

  /// `proration_date`, else now.
  static func moment(_ call: Call, in subscription: JSONObject) throws -> Timestamp {
    guard let date = call.timestamp("proration_date") else { return call.now }
    if let current = subscription.listed("items").first.map(SubscriptionItems.period(of:)) {
      guard current.start <= date, date <= current.end else {
        throw SandboxError.invalid(
          "Cannot specify a proration date outside of the current subscription period.",
          parameter: "proration_date")
      }
    }
    return date
  }
}
