import Basics

/// What Stripe tells beforehand: the end of a trial, the next invoice.
enum SubscriptionNotices {
  /// How long before a trial ends it is told; a shorter trial's end is told at once.
  static let trialNoticeSeconds: Int64 = 3 * 86_400

  static func trialWillEnd(_ subscription: JSONObject) -> Timestamp? {
    guard subscription.string("status") == "trialing", let end = subscription["trial_end"],
      subscription["_trial_end_told"] != end
    else { return nil }
    return subscription.timestamp("trial_end").map { $0 - trialNoticeSeconds }
  }

  static func tellTrialWillEnd(_ call: Call, _ subscription: JSONObject) throws {
    try call.save(
      subscription.setting(["_trial_end_told": subscription["trial_end"] ?? .null]))
    try call.emit("customer.subscription.trial_will_end", subscription)
  }
}

// MARK: The next invoice

extension SubscriptionNotices {
  /// How long before a renewal `invoice.upcoming` is told.
  ///
  /// At Stripe it is a setting of the account; here it is a week. Periods that are no longer than
  /// that, trials and subscriptions that are about to end have no such notice.
  static let upcomingNoticeSeconds: Int64 = 7 * 86_400

  static func upcoming(_ subscription: JSONObject) -> Timestamp? {
    guard ["active", "past_due"].contains(subscription.string("status")),
      let item = subscription.listed("items").first
    else { return nil }
    let period = SubscriptionItems.period(of: item)
    guard period.seconds > upcomingNoticeSeconds,
      subscription["_upcoming_told"] != .time(period.end),
      SubscriptionEnd.moment(subscription).map({ $0 > period.end }) ?? true
    else { return nil }
    return period.end - upcomingNoticeSeconds
  }

  static func tellUpcoming(_ call: Call, _ stored: JSONObject) throws {
    guard let end = SubscriptionFields.periodEnd(stored) else { return }
    try call.save(stored.setting(["_upcoming_told": .time(end)]))
    let subscription = try Subscriptions.current(stored, call)
    guard let invoice = try upcomingInvoice(of: subscription, at: end, call) else { return }
    try call.emit(
      "invoice.upcoming",
      invoice.setting(["next_payment_attempt": .time(end + SubscriptionCycle.draftSeconds)]))
  }

  /// nil where there is nothing to bill, or where it cannot be reckoned: the notice must not hold
  /// the renewal up.
  private static func upcomingInvoice(
    of subscription: JSONObject, at end: Timestamp, _ call: Call
  ) throws -> JSONObject? {
    do {
      var draft = try SubscriptionCycle.renewal(of: subscription, at: end, call)
      guard !draft.lines.isEmpty else { return nil }
      draft.id = call.newID("upcoming_in", length: 24)
      return try draft.made(call)
    } catch is SandboxError {
      return nil
    }
  }
}
