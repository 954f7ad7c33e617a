import Basics
package import Stripe

// MARK: Discounts of a running subscription

extension SubscriptionPlanning {
  /// What `discount apply` means.
  package static func discounting(
    ofCustomer customerID: String, couponID: String?, promotionCode: String?
  ) -> OperationIntent {
    OperationIntent(
      command: "discount apply", customerID: customerID,
      words: [
        "customer": .string(customerID), "coupon": JSON(couponID),
        "promotion_code": JSON(promotionCode),
      ])
  }

  /// Gives a subscription its one discount, from the next invoice on.
  ///
  /// A second one is refused: every view of a subscription shows one, and a reduction that adds up
  /// unseen is money given away.
  package static func applyDiscount(
    _ subscription: Subscription, _ discount: RedeemableDiscount, intent: OperationIntent
  ) throws(SubscriptionConflict) -> OperationPlan {
    try requireBegun(subscription)
    guard subscription.discounts.isEmpty else {
      throw .alreadyDiscounted(
        subscriptionID: subscription.id, coupon: subscription.discounts.first?.couponID)
    }
    guard !subscription.cancelAtPeriodEnd, subscription.cancelAt == nil else {
      throw .endsAnyway(
        subscriptionID: subscription.id,
        at: (subscription.cancelAt ?? subscription.currentPeriodEnd)?.iso8601)
    }
    var step = updateStep(subscription.id, ["discounts": [discount.parameter]], holds: [:])
    step.check = .holds(
      object: step.path, values: ["discounts": [.object(discount.terms)]],
      expanding: ["discounts"])
    return OperationPlan(intent, steps: [step])
  }

  /// What `discount remove` means.
  package static func undiscounting(ofCustomer customerID: String) -> OperationIntent {
    OperationIntent(
      command: "discount remove", customerID: customerID,
      words: ["customer": .string(customerID)])
  }

  /// Takes every discount of the subscription away, from the next invoice on.
  package static func removeDiscounts(
    _ subscription: Subscription
  ) throws(SubscriptionConflict) -> OperationPlan {
    try requireBegun(subscription)
    guard !subscription.discounts.isEmpty else {
      throw .noDiscount(subscriptionID: subscription.id)
    }
    let step = updateStep(subscription.id, ["discounts": ""], holds: ["discounts": []])
    return OperationPlan(undiscounting(ofCustomer: subscription.customerID), steps: [step])
  }
}
