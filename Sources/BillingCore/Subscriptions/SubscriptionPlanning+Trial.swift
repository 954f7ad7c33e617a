package import Basics
package import Stripe

// MARK: Trials

extension SubscriptionPlanning {
  /// The longest trial that Stripe takes, counted from now.
  static let maximumTrialDays: Int64 = 730

  /// What `trial CUSTOMER extend` means.
  package static func trialExtension(
    ofCustomer customerID: String, days: Int64
  ) -> OperationIntent {
    OperationIntent(
      command: "trial extend", customerID: customerID,
      words: ["customer": .string(customerID), "days": .integer(days)])
  }

  /// Moves the end of a running trial by whole days.
  package static func extendTrial(
    _ subscription: Subscription, days: Int64, now: Timestamp
  ) throws(SubscriptionConflict) -> OperationPlan {
    let end = try trialEnd(of: subscription) + days * 86_400
    guard end - now <= maximumTrialDays * 86_400 else {
      throw .trialTooLong(subscriptionID: subscription.id, end: end.iso8601)
    }
    let step = updateStep(
      subscription.id,
      ["trial_end": .integer(end.seconds), "proration_behavior": "none"],
      holds: ["trial_end": .integer(end.seconds)])
    return OperationPlan(
      trialExtension(ofCustomer: subscription.customerID, days: days), steps: [step])
  }

  /// What `trial CUSTOMER end` means.
  package static func trialEnding(ofCustomer customerID: String) -> OperationIntent {
    OperationIntent(
      command: "trial end", customerID: customerID, words: ["customer": .string(customerID)])
  }

  /// Ends a running trial now, and takes the first payment. One that fails leaves the trial as it
  /// was.
  package static func endTrial(
    _ subscription: Subscription
  ) throws(SubscriptionConflict) -> OperationPlan {
    let end = try trialEnd(of: subscription)
    guard !subscription.cancelAtPeriodEnd, subscription.cancelAt == nil else {
      throw .trialIsLast(subscriptionID: subscription.id)
    }
    let step = updateStep(
      subscription.id, ["trial_end": "now", "payment_behavior": "error_if_incomplete"],
      // Not by its status: a trial that ran out by itself is over as well, but at its own time.
      holds: ["trial_end": OperationStep.below(end.seconds)])
    return OperationPlan(trialEnding(ofCustomer: subscription.customerID), steps: [step])
  }

  private static func trialEnd(
    of subscription: Subscription
  ) throws(SubscriptionConflict) -> Timestamp {
    try requireBegun(subscription)
    guard subscription.status != .paused else {
      throw .standsStill(subscriptionID: subscription.id)
    }
    guard subscription.status == .trialing, let end = subscription.trialEnd else {
      throw .noTrial(subscriptionID: subscription.id, status: subscription.status.rawValue)
    }
    guard subscription.schedule?.upcomingPhase == nil else {
      throw .changePending(subscriptionID: subscription.id)
    }
    return end
  }
}
