package import Basics
package import Stripe

/// Whom to subscribe: a customer that exists, or one that the same operation makes first.
package enum Subscriber: Sendable, Hashable {
  /// `openPages` were read before the subscriptions: one that was paid in between shows there.
  case existing(
    customerID: String, subscriptions: [Subscription], openPages: [CheckoutSession] = [])
  case new(parameters: JSONObject)
}

/// The changes of subscriptions as plans: pure, so that a dry run shows what a run does.
package enum SubscriptionPlanning {
  /// States in which a customer has a subscription that runs or can run again.
  package static let runningStatuses: Set<SubscriptionStatus> = [
    .active, .trialing, .pastDue, .unpaid, .paused,
  ]

  package static func running(_ subscriptions: [Subscription]) -> Subscription? {
    subscriptions.first { runningStatuses.contains($0.status) }
  }

  /// The subscription that a command about a customer means: the running one, else one whose first
  /// payment is open.
  package static func current(_ subscriptions: [Subscription]) -> Subscription? {
    running(subscriptions) ?? subscriptions.first { $0.status == .incomplete }
  }

  /// A plan's trial is for a customer's first subscription; one that never came about (its first
  /// payment failed) does not count.
  package static func isFirst(_ subscriptions: [Subscription]) -> Bool {
    subscriptions.allSatisfy { $0.status == .incomplete || $0.status == .incompleteExpired }
  }

  /// Over an incomplete subscription it cancels that first, and open pages on which the customer
  /// could buy another expire; a running one is a conflict.
  package static func subscribe(
    _ subscriber: Subscriber, to offer: SubscriptionOffer, expanding expansions: [String],
    intent: OperationIntent
  ) throws(SubscriptionConflict) -> OperationPlan {
    var steps: [OperationStep] = []
    let customer: JSON
    switch subscriber {
    case .new(let parameters):
      var create = CustomerPlanning.createStep(parameters)
      create.undo = deletion(of: OperationStep.result(of: 0))
      steps.append(create)
      customer = OperationStep.result(of: 0)
    case .existing(let customerID, let subscriptions, let openPages):
      customer = .string(customerID)
      if let running = running(subscriptions) {
        throw .alreadySubscribed(
          subscriptionID: running.id, status: running.status.rawValue,
          plan: running.metadata["billing_plan"])
      }
      // The pages first: once they have expired, nobody pays while this goes on.
      steps += openPages.filter { $0.isOpen && $0.mode == "subscription" }
        .map { CheckoutPlanning.expireStep($0.id) }
      steps += subscriptions.filter { $0.status == .incomplete }.map { cancelStep($0.id) }
    }
    if case .inline(_, let productID, let parameters?) = offer.price {
      steps.append(productStep(productID, parameters))
    }
    var method: JSON?
    switch offer.paymentMethod {
    case .customersDefault: break
    case .attached(let id): method = .string(id)
    case .toAttach(let id):
      method = OperationStep.result(of: steps.count)
      steps.append(
        PaymentMethodPlanning.attachStep(id, customer: customer, index: steps.count))
    }
    steps.append(
      createStep(offer, customer: customer, paymentMethod: method, expanding: expansions))
    var intent = intent
    intent.customerID = customer.string
    return OperationPlan(intent, steps: steps)
  }

  /// Takes a customer back that was just made, unless another process has subscribed it meanwhile, or
  /// it has a card: that would be lost with it.
  private static func deletion(of customer: JSON) -> OperationStep.Undo {
    .init(
      .delete, ["customers", customer],
      unused: [
        .init(["subscriptions"], ["customer": customer, "status": "all"]),
        .init(["customers", customer, "payment_methods"]),
      ])
  }

  /// What the end of a trial without a card means: nobody is billed, dunned or cut off for a card
  /// that was never given; the subscription stands still then.
  static let pausingWithoutCard: JSON = ["end_behavior": ["missing_payment_method": "pause"]]

  private static func createStep(
    _ offer: SubscriptionOffer, customer: JSON, paymentMethod: JSON?, expanding: [String]
  ) -> OperationStep {
    var item = itemPrice(offer.price)
    item["quantity"] = offer.quantity.map(JSON.integer)
    let overage = offer.overagePriceIDs.map { JSON.object(["price": .string($0)]) }
    var parameters: JSONObject = [
      "customer": customer, "items": .array([.object(item)] + overage),
      "payment_behavior": .string(offer.paymentBehavior),
    ]
    parameters["default_payment_method"] = paymentMethod
    parameters["trial_period_days"] = offer.trialDays.map { .integer(Int64($0)) }
    if offer.trialDays != nil {
      parameters["trial_settings"] = pausingWithoutCard
    }
    if let coupon = offer.couponID {
      parameters["discounts"] = [["coupon": .string(coupon)]]
    } else if let code = offer.promotionCodeID {
      parameters["discounts"] = [["promotion_code": .string(code)]]
    }
    parameters["metadata"] = ["billing_plan": .string(offer.planID)]
    parameters["expand"] = .array(expanding.map(JSON.string))
    return OperationStep(
      .post, ["subscriptions"], parameters,
      check: .created(
        list: ["subscriptions"], parameters: ["customer": customer, "status": "all"]))
  }

  static func itemPrice(_ price: SubscriptionOffer.PriceChoice) -> JSONObject {
    switch price {
    case .listed(let id): return ["price": .string(id)]
    case .inline(let price, let productID, _):
      let recurring: JSONObject = [
        "interval": .string(price.interval.unit.rawValue),
        "interval_count": .integer(Int64(price.interval.count)),
      ]
      return [
        "price_data": [
          "currency": .string(price.currency), "product": .string(productID),
          "unit_amount": .integer(price.unitAmount), "recurring": .object(recurring),
        ]
      ]
    }
  }

  /// The product stays where a later step is refused: it has no price, and the next try needs it.
  private static func productStep(_ id: String, _ parameters: JSONObject) -> OperationStep {
    OperationStep(
      .post, ["products"], parameters,
      check: .holds(object: ["products", .string(id)], values: ["id": .string(id)]))
  }

  static func cancelStep(
    _ subscriptionID: String, _ parameters: JSONObject = [:]
  ) -> OperationStep {
    let path: [JSON] = ["subscriptions", .string(subscriptionID)]
    return OperationStep(.delete, path, parameters, check: .ended(object: path))
  }
}

// MARK: Ending and resuming

/// How a cancellation is to be.
package struct Cancellation: Sendable, Hashable {
  package var isNow: Bool
  package var invoicesNow: Bool
  package var creditsUnused: Bool
  /// In the customer's words.
  package var comment: String?
  /// One of Stripe's reasons: `too_expensive`, `unused` …
  package var feedback: String?

  package init(
    isNow: Bool = false, invoicesNow: Bool = false, creditsUnused: Bool = false,
    comment: String? = nil, feedback: String? = nil
  ) {
    self.isNow = isNow
    self.invoicesNow = invoicesNow
    self.creditsUnused = creditsUnused
    self.comment = comment
    self.feedback = feedback
  }

  fileprivate var details: JSONObject {
    var details = JSONObject()
    details["comment"] = comment.map(JSON.string)
    details["feedback"] = feedback.map(JSON.string)
    return details
  }

  /// What `cancel` means: of the customer, whose subscription may be gone when it is asked again.
  package func intent(ofCustomer customerID: String) -> OperationIntent {
    OperationIntent(
      command: "cancel", customerID: customerID,
      words: [
        "customer": .string(customerID), "now": .bool(isNow), "invoice_now": .bool(invoicesNow),
        "prorate": .bool(creditsUnused), "details": .object(details),
      ])
  }
}

extension SubscriptionPlanning {
  /// At the end of the period, or at once. An incomplete subscription can only end at once.
  package static func cancel(
    _ subscription: Subscription, _ cancellation: Cancellation
  ) throws(SubscriptionConflict) -> OperationPlan {
    let details = cancellation.details
    var parameters = JSONObject()
    if !details.isEmpty { parameters["cancellation_details"] = .object(details) }
    var steps: [OperationStep] = []
    if cancellation.isNow || subscription.status == .incomplete {
      if cancellation.invoicesNow { parameters["invoice_now"] = true }
      if cancellation.creditsUnused { parameters["prorate"] = true }
      steps.append(cancelStep(subscription.id, parameters))
    } else {
      guard subscription.status != .paused else {
        throw .standsStill(subscriptionID: subscription.id)
      }
      guard !subscription.cancelAtPeriodEnd, subscription.cancelAt == nil else {
        throw .alreadyCancelling(
          subscriptionID: subscription.id,
          at: (subscription.cancelAt ?? subscription.currentPeriodEnd)?.iso8601)
      }
      steps += releaseSteps(subscription)
      parameters["cancel_at_period_end"] = true
      steps.append(
        updateStep(subscription.id, parameters, holds: ["cancel_at_period_end": true]))
    }
    return OperationPlan(cancellation.intent(ofCustomer: subscription.customerID), steps: steps)
  }

  /// What `resume` means.
  package static func resumption(ofCustomer customerID: String) -> OperationIntent {
    OperationIntent(
      command: "resume", customerID: customerID, words: ["customer": .string(customerID)])
  }

  /// Takes a pending cancellation or a pending change back, or lets one that stands still go on.
  ///
  /// - Parameter paymentBehavior: what an unpaid bill means for one that stands still; nil where
  ///   Stripe's version has no say in it.
  package static func resume(
    _ subscription: Subscription, paymentBehavior: String? = nil
  ) throws(SubscriptionConflict) -> OperationPlan {
    if subscription.status == .paused { return goOn(subscription, paymentBehavior) }
    if subscription.schedule?.upcomingPhase != nil {
      return OperationPlan(
        resumption(ofCustomer: subscription.customerID), steps: releaseSteps(subscription))
    }
    guard subscription.cancelAtPeriodEnd || subscription.cancelAt != nil else {
      throw .nothingToResume(subscriptionID: subscription.id)
    }
    let parameters: JSONObject =
      subscription.cancelAtPeriodEnd ? ["cancel_at_period_end": false] : ["cancel_at": ""]
    let held: JSONObject =
      subscription.cancelAtPeriodEnd ? ["cancel_at_period_end": false] : ["cancel_at": .null]
    return OperationPlan(
      resumption(ofCustomer: subscription.customerID),
      steps: [updateStep(subscription.id, parameters, holds: held)])
  }

  /// Ends a standstill. The new period begins now, and its invoice is due at once.
  private static func goOn(
    _ subscription: Subscription, _ paymentBehavior: String?
  ) -> OperationPlan {
    var parameters = JSONObject()
    parameters["payment_behavior"] = paymentBehavior.map(JSON.string)
    let path: [JSON] = ["subscriptions", .string(subscription.id)]
    let step = OperationStep(
      .post, path + ["resume"], parameters,
      check: .holds(object: path, values: ["status": "active"]))
    return OperationPlan(resumption(ofCustomer: subscription.customerID), steps: [step])
  }

  /// What has to come before the end or the items of a subscription are changed: it is let go by
  /// its schedule, which would change it back. One whose last phase runs is only a remnant.
  static func releaseSteps(_ subscription: Subscription) -> [OperationStep] {
    guard let id = subscription.scheduleID else { return [] }
    let path: [JSON] = ["subscription_schedules", .string(id)]
    return [
      OperationStep(
        .post, path + ["release"], check: .holds(object: path, values: ["status": "released"]))
    ]
  }

  static func endStep(_ subscriptionID: String) -> OperationStep {
    updateStep(
      subscriptionID, ["cancel_at_period_end": true], holds: ["cancel_at_period_end": true])
  }

  static func updateStep(
    _ subscriptionID: String, _ parameters: JSONObject, holds values: JSONObject
  ) -> OperationStep {
    let path: [JSON] = ["subscriptions", .string(subscriptionID)]
    return OperationStep(.post, path, parameters, check: .holds(object: path, values: values))
  }
}
