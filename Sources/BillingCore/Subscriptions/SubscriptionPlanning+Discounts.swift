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
    if let schedule = pendingSchedule(of: subscription) {
      return OperationPlan(intent, steps: [phasesStep(schedule, discount)])
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
    // The schedule first, which would bring it back; then the subscription, since a phase that was
    // without it already changes nothing there.
    let phases = pendingSchedule(of: subscription).map { [phasesStep($0, nil)] } ?? []
    let step = updateStep(subscription.id, ["discounts": ""], holds: ["discounts": []])
    return OperationPlan(
      undiscounting(ofCustomer: subscription.customerID), steps: phases + [step])
  }

  /// The schedule by which a change is pending: each of its phases says what discounts there are,
  /// whatever the subscription has by then. In the phase that runs, it counts at once.
  private static func pendingSchedule(of subscription: Subscription) -> SubscriptionSchedule? {
    subscription.schedule.flatMap { $0.upcomingPhase == nil ? nil : $0 }
  }

  /// The phases as they are, all with this discount or none.
  private static func phasesStep(
    _ schedule: SubscriptionSchedule, _ discount: RedeemableDiscount?
  ) -> OperationStep {
    let path: [JSON] = ["subscription_schedules", .string(schedule.id)]
    let phases = schedule.openPhases.map { phase in
      var parameters = phase.parameters
      // Stripe empties a list that is set to an empty text.
      parameters["discounts"] = discount.map { [$0.parameter] } ?? ""
      return JSON.object(parameters)
    }
    let held = schedule.openPhases.map { phase -> JSON in
      [
        "start_date": .integer(phase.start.seconds),
        "discounts": discount.map { [.object($0.termsInPhase)] } ?? [],
      ]
    }
    return OperationStep(
      .post, path, ["phases": .array(phases), "proration_behavior": "none"],
      check: .holds(object: path, values: ["phases": .array(held)]))
  }
}
