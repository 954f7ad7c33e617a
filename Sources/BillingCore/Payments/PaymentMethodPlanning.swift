import Basics
package import Stripe

/// Why nothing can be done with a payment method as things stand.
package enum PaymentMethodConflict: Error, Sendable, Hashable {
  case unknown(id: String)
  case attachedAlready(id: String, customerID: String)
  case belongsToAnother(id: String)
  case notAttached(id: String, customerID: String)
  case detachedAlready(id: String)
  /// A running subscription is charged to it.
  case inUse(id: String, subscriptionID: String, customerID: String)
}

/// A customer with what decides which payment method is charged.
package struct PaymentMethodOwner: Sendable, Hashable {
  package let customerID: String
  package let customerDefault: String?
  /// The subscription that runs, if one does.
  package let subscription: Subscription?

  package init(customerID: String, customerDefault: String?, subscription: Subscription?) {
    self.customerID = customerID
    self.customerDefault = customerDefault
    self.subscription = subscription
  }

  /// The payment method that the next bill is charged to: the running subscription's own, else the
  /// customer's default.
  package var charged: String? { subscription?.defaultPaymentMethodID ?? customerDefault }

  /// Whether a payment method is the default already, wherever a default stands.
  fileprivate func hasAsDefault(_ id: String) -> Bool { customerDefault == id && charged == id }
}

/// The changes of payment methods as plans: pure, so that a dry run shows what a run does.
package enum PaymentMethodPlanning {
  package static func attachment(
    of id: String, to customerID: String, isDefault: Bool
  ) -> OperationIntent {
    OperationIntent(
      command: "payment-method attach", customerID: customerID,
      words: [
        "customer": .string(customerID), "payment_method": .string(id),
        "default": .bool(isDefault),
      ])
  }

  package static func detachment(of id: String, from customerID: String?) -> OperationIntent {
    OperationIntent(
      command: "payment-method detach", customerID: customerID,
      words: ["payment_method": .string(id)])
  }

  package static func choice(of id: String, by customerID: String) -> OperationIntent {
    OperationIntent(
      command: "payment-method default", customerID: customerID,
      words: ["customer": .string(customerID), "payment_method": .string(id)])
  }

  /// Attaches a payment method; as the default also of the subscription that has one of its own, so
  /// that it is the one that is charged. Nil where all is as asked for.
  ///
  /// - Parameter method: as Stripe has it; nil for a name of Stripe's test cards, which makes a new
  ///   one each time.
  package static func attach(
    _ id: String, _ method: PaymentMethod?, to owner: PaymentMethodOwner, isDefault: Bool
  ) throws(PaymentMethodConflict) -> OperationPlan? {
    let intent = attachment(of: id, to: owner.customerID, isDefault: isDefault)
    if let holder = method?.customerID {
      guard holder == owner.customerID else { throw .belongsToAnother(id: id) }
      guard isDefault else { throw .attachedAlready(id: id, customerID: holder) }
      return choosing(.string(id), of: owner, intent)
    }
    let customer = JSON.string(owner.customerID)
    var steps = [attachStep(id, customer: customer, index: 0)]
    if isDefault { steps += defaultSteps(OperationStep.result(of: 0), of: owner) }
    return OperationPlan(intent, steps: steps)
  }

  /// - Parameter index: which step of its operation it is.
  static func attachStep(_ id: String, customer: JSON, index: Int) -> OperationStep {
    // Stripe takes no payment method again that was detached, so the customer's own stays, to be
    // tried once more. Of a test card each attachment makes a new one.
    let isTestCard = id.hasPrefix(PaymentMethod.testCardPrefix)
    return OperationStep(
      .post, ["payment_methods", .string(id), "attach"], ["customer": customer],
      check: .holds(object: ["payment_methods", .string(id)], values: ["customer": customer]),
      undo: isTestCard
        ? .init(.post, ["payment_methods", OperationStep.result(of: index), "detach"]) : nil,
      mayStay: true)
  }

  /// Nil where it is the default already.
  package static func makeDefault(
    _ method: PaymentMethod, of owner: PaymentMethodOwner
  ) throws(PaymentMethodConflict) -> OperationPlan? {
    guard let holder = method.customerID else {
      throw .notAttached(id: method.id, customerID: owner.customerID)
    }
    guard holder == owner.customerID else { throw .belongsToAnother(id: method.id) }
    return choosing(
      .string(method.id), of: owner, choice(of: method.id, by: owner.customerID))
  }

  private static func choosing(
    _ method: JSON, of owner: PaymentMethodOwner, _ intent: OperationIntent
  ) -> OperationPlan? {
    if let id = method.string, owner.hasAsDefault(id) { return nil }
    return OperationPlan(intent, steps: defaultSteps(method, of: owner))
  }

  private static func defaultSteps(
    _ method: JSON, of owner: PaymentMethodOwner
  ) -> [OperationStep] {
    let customer: [JSON] = ["customers", .string(owner.customerID)]
    let settings: JSONObject = ["invoice_settings": ["default_payment_method": method]]
    var steps = [
      OperationStep(.post, customer, settings, check: .holds(object: customer, values: settings))
    ]
    if let subscription = owner.subscription, subscription.defaultPaymentMethodID != nil {
      let path: [JSON] = ["subscriptions", .string(subscription.id)]
      let own: JSONObject = ["default_payment_method": method]
      steps.append(OperationStep(.post, path, own, check: .holds(object: path, values: own)))
    }
    return steps
  }

  /// Takes a payment method from its customer for good. Not the one that a running subscription is
  /// charged to, unless that ends with its period and has no usage to bill.
  package static func detach(
    _ method: PaymentMethod, from owner: PaymentMethodOwner?
  ) throws(PaymentMethodConflict) -> OperationPlan {
    guard let owner else { throw .detachedAlready(id: method.id) }
    if let subscription = owner.subscription, owner.charged == method.id,
      subscription.willBeBilled
    {
      throw .inUse(
        id: method.id, subscriptionID: subscription.id, customerID: owner.customerID)
    }
    let path: [JSON] = ["payment_methods", .string(method.id)]
    return OperationPlan(
      detachment(of: method.id, from: owner.customerID),
      steps: [
        OperationStep(
          .post, path + ["detach"], check: .holds(object: path, values: ["customer": .null]))
      ])
  }
}

extension Subscription {
  /// Whether there will be one more bill, as far as is known now.
  fileprivate var willBeBilled: Bool {
    guard cancelAtPeriodEnd else { return true }
    return items.contains { $0.price.recurring?.usageType == "metered" }
  }
}
