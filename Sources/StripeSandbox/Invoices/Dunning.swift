import Basics

/// What follows when the automatic payment of an invoice fails: when it is tried again, and what
/// becomes of the subscription when that does not help.
///
/// At Stripe these are settings of the account. Its "smart" retries choose their moments by signs
/// that nobody sees, so that the sandbox goes by a custom schedule, which Stripe offers too: at most
/// three retries, each some days after the failure before it.
struct Dunning: Hashable, Sendable {
  /// What becomes of a subscription whose invoice could not be collected in the end.
  enum End: String, CaseIterable, Sendable {
    case cancel, unpaid
    case pastDue = "past_due"
  }

  /// The days between a failure and the next attempt.
  var retryDays: [Int64]
  var afterRetries: End

  static let usual = Dunning(retryDays: [3, 5, 7], afterRetries: .cancel)
  static let maximumRetries = 3
  static let maximumDays: Int64 = 60

  /// When to try again after that many attempts, the last of which failed now; nil for not again.
  func next(after attempts: Int64, failedAt now: Timestamp) -> Timestamp? {
    let retry = Int(clamping: attempts) - 1
    guard retryDays.indices.contains(retry) else { return nil }
    return now + retryDays[retry] * 86_400
  }
}

// MARK: At work

extension Dunning {
  /// An invoice whose payment failed, with its next attempt, if any. Of the first invoice of a
  /// subscription nothing is tried again: it expires.
  func noting(_ failed: JSONObject, subscription: JSONObject?, at now: Timestamp) -> JSONObject {
    guard failed.string("collection_method") == "charge_automatically",
      failed.bool("auto_advance") == true, subscription?.string("status") != "incomplete"
    else { return failed }
    // One that waits for its customer has not failed yet, but is tried again just so.
    let next = next(after: max(failed.integer("attempt_count") ?? 0, 1), failedAt: now)
    return failed.setting(["next_payment_attempt": .time(next), "auto_advance": .bool(next != nil)])
  }

  /// Ends the efforts for an invoice that was tried for the last time.
  func finish(_ invoice: JSONObject, _ call: Call) throws {
    guard let id = Invoices.subscriptionID(of: invoice),
      let stored = try call.find("subscription", id),
      ["active", "past_due"].contains(stored.string("status"))
    else { return }
    let subscription = try Subscriptions.current(stored, call)
    switch afterRetries {
    case .pastDue: return
    case .cancel: try SubscriptionCancel.end(subscription, reason: "payment_failed", call)
    case .unpaid:
      try call.update(
        subscription, to: subscription.setting(["status": "unpaid"]),
        event: "customer.subscription.updated")
    }
  }
}
