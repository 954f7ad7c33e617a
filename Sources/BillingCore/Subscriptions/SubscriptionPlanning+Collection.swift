package import Basics
package import Stripe

/// How the collection of invoices is paused: the subscription goes on, and so does access.
package struct CollectionPause: Sendable, Hashable {
  /// What becomes of the invoices that come meanwhile.
  package enum Behavior: String, Sendable, Hashable, CaseIterable {
    case void
    case keepAsDraft = "keep_as_draft"
    case markUncollectible = "mark_uncollectible"
  }

  package var behavior: Behavior
  /// When collection begins again by itself; nil for not before `unpause`.
  package var until: Timestamp?

  package init(behavior: Behavior = .void, until: Timestamp? = nil) {
    self.behavior = behavior
    self.until = until
  }
}

// MARK: Pausing and unpausing collection

extension SubscriptionPlanning {
  /// What `pause` means. A time that counts from now is kept as it was said, so that the same words
  /// mean the same a minute later.
  package static func pausing(
    ofCustomer customerID: String, _ behavior: CollectionPause.Behavior, untilText: String?
  ) -> OperationIntent {
    OperationIntent(
      command: "pause", customerID: customerID,
      words: [
        "customer": .string(customerID), "behavior": .string(behavior.rawValue),
        "until": JSON(untilText),
      ])
  }

  /// Pauses the collection of invoices, or pauses it otherwise than now.
  package static func pause(
    _ subscription: Subscription, _ pause: CollectionPause, intent: OperationIntent
  ) throws(SubscriptionConflict) -> OperationPlan {
    try requireBegun(subscription)
    guard subscription.status != .paused else {
      throw .standsStill(subscriptionID: subscription.id)
    }
    if let current = subscription.pauseCollection, current.behavior == pause.behavior.rawValue,
      current.resumesAt == pause.until
    {
      throw .alreadyPaused(subscriptionID: subscription.id, until: pause.until?.iso8601)
    }
    var parameters: JSONObject = ["behavior": .string(pause.behavior.rawValue)]
    // The whole of the pause is sent, so one that had an end loses it where none is said.
    parameters["resumes_at"] = pause.until.map { .integer($0.seconds) }
    let step = updateStep(
      subscription.id, ["pause_collection": .object(parameters)],
      holds: [
        "pause_collection": [
          "behavior": .string(pause.behavior.rawValue),
          "resumes_at": pause.until.map { .integer($0.seconds) } ?? .null,
        ]
      ])
    return OperationPlan(intent, steps: [step])
  }

  /// What `unpause` means.
  package static func unpausing(ofCustomer customerID: String) -> OperationIntent {
    OperationIntent(
      command: "unpause", customerID: customerID, words: ["customer": .string(customerID)])
  }

  /// Invoices are collected again, from the next one on.
  package static func unpause(
    _ subscription: Subscription
  ) throws(SubscriptionConflict) -> OperationPlan {
    try requireBegun(subscription)
    guard subscription.pauseCollection != nil else {
      throw subscription.status == .paused
        ? .standsStill(subscriptionID: subscription.id)
        : .notPaused(subscriptionID: subscription.id)
    }
    let step = updateStep(
      subscription.id, ["pause_collection": ""], holds: ["pause_collection": .null])
    return OperationPlan(unpausing(ofCustomer: subscription.customerID), steps: [step])
  }

  /// Stripe changes nothing of a subscription whose first payment is open.
  static func requireBegun(_ subscription: Subscription) throws(SubscriptionConflict) {
    guard subscription.status != .incomplete else {
      throw .firstPaymentOpen(subscriptionID: subscription.id)
    }
  }
}
