package import Basics
package import Stripe

/// The change of a subscription to another plan, interval or quantity, thought through: pure, so
/// that a preview, a dry run and a run are about the very same requests.
package struct PlanChange: Sendable {
  /// The prices of the plan with their ids at Stripe.
  package struct Target: Sendable, Hashable {
    package var priceID: String
    package var overagePriceIDs: [String]

    package init(priceID: String, overagePriceIDs: [String] = []) {
      self.priceID = priceID
      self.overagePriceIDs = overagePriceIDs
    }
  }

  package let request: PlanChangeRequest
  package let subscription: Subscription
  let items: PlanItems
  /// The plan's prices; nil for those that it has, and for the default plan.
  package var target: Target?
  let isToDefaultPlan: Bool
  /// From when a change at once counts: that of the preview, so that the amounts are its amounts.
  package var prorationDate: Timestamp?
  /// What an unpaid invoice of a change at once means.
  package var paymentBehavior: String?
  /// What to expand in the answer.
  package var expansions: [String] = []

  /// Throws where the change makes no sense, before anything is read of prices.
  package init(
    _ request: PlanChangeRequest, of subscription: Subscription, to plan: Plan,
    in catalogue: Catalogue
  ) throws(PlanChangeConflict) {
    let isToDefaultPlan = plan.id == catalogue.defaultPlanID
    // Down to the default plan is a cancellation, which no open bill stands in the way of.
    if request.direction == .upgrade || !isToDefaultPlan { try Self.requirePaid(subscription) }
    try Self.requireChangeable(subscription, in: catalogue)
    guard request.waits || subscription.pauseCollection == nil else {
      throw .collectionPaused(subscriptionID: subscription.id)
    }
    guard let items = PlanItems(subscription, in: catalogue) else {
      throw .withoutPlanItem(subscriptionID: subscription.id)
    }
    if let current = items.planID.flatMap({ catalogue.plan($0) }), current.id != plan.id {
      let isWrong =
        request.direction == .upgrade ? plan.rank < current.rank : plan.rank > current.rank
      guard !isWrong else {
        throw .wrongDirection(request.direction, from: current.id, to: plan.id)
      }
    }
    if items.planID == plan.id { try Self.requireQuantity(request, items) }
    self.request = request
    self.subscription = subscription
    self.items = items
    self.isToDefaultPlan = isToDefaultPlan
    if isToDefaultPlan, !request.waits { throw .defaultPlanAtOnce(plan: plan.id) }
  }

  /// Whether it keeps the price that it has, which the catalogue may no longer have: where neither
  /// the plan changes nor an interval is named.
  package var keepsPrice: Bool { items.planID == request.planID && request.interval == nil }

  /// How often it is billed now.
  package var currentInterval: BillingInterval? { items.licensed.price.interval }

  /// The moment, or the nearest one in the period that runs: Stripe prorates no other, and this
  /// machine's clock may be off.
  package func withinPeriod(_ moment: Timestamp) -> Timestamp {
    let start = subscription.currentPeriodStart ?? moment
    return min(max(moment, start), max(start, subscription.currentPeriodEnd ?? moment))
  }

  /// More seats of the same plan are an upgrade, fewer a downgrade: each has its own default of when
  /// it counts. Another interval goes either way.
  private static func requireQuantity(
    _ request: PlanChangeRequest, _ items: PlanItems
  ) throws(PlanChangeConflict) {
    guard let wanted = request.quantity, let current = items.licensed.quantity,
      request.interval == nil || request.interval == items.licensed.price.interval
    else { return }
    let isWrong = request.direction == .upgrade ? wanted < current : wanted > current
    guard !isWrong else {
      throw .wrongQuantity(request.direction, from: current, to: wanted, plan: request.planID)
    }
  }

  private static func requirePaid(_ subscription: Subscription) throws(PlanChangeConflict) {
    switch subscription.status {
    case .pastDue, .unpaid:
      throw .paymentOpen(subscriptionID: subscription.id, status: subscription.status.rawValue)
    default: break
    }
  }

  /// Only a subscription that runs and has nothing pending can change.
  private static func requireChangeable(
    _ subscription: Subscription, in catalogue: Catalogue
  ) throws(PlanChangeConflict) {
    switch subscription.status {
    case .incomplete: throw .firstPaymentOpen(subscriptionID: subscription.id)
    case .paused: throw .paused(subscriptionID: subscription.id)
    default: break
    }
    guard !subscription.cancelAtPeriodEnd, subscription.cancelAt == nil else {
      let end = subscription.cancelAt ?? subscription.currentPeriodEnd
      throw .cancelling(subscriptionID: subscription.id, at: end?.iso8601)
    }
    if let pending = PendingChange.of(subscription, in: catalogue) {
      throw .changePending(
        subscriptionID: subscription.id, plan: pending.planID, at: pending.at.iso8601)
    }
  }
}

// MARK: What it comes to

extension PlanChange {
  var priceID: String { target?.priceID ?? items.licensed.price.id }
  var quantity: Int64? { request.quantity ?? items.licensed.quantity }

  /// The metered items that the plan does not have.
  var removed: [SubscriptionItem] {
    guard let target else { return [] }
    return items.metered.filter { !target.overagePriceIDs.contains($0.price.id) }
  }

  /// Whether it bills what was used so far: of the metered prices that go, and of all where another
  /// period begins. Stripe bills what it hears of later nowhere.
  package var billsUse: Bool {
    guard !request.waits, subscription.status != .trialing else { return false }
    return changesInterval || removed.contains { $0.price.recurring?.meterID != nil }
  }

  /// The metered prices that are not there yet.
  var addedPriceIDs: [String] {
    let present = items.metered.map { $0.price.id }
    return (target?.overagePriceIDs ?? []).filter { !present.contains($0) }
  }

  private func requireDifference() throws(PlanChangeConflict) {
    guard
      priceID != items.licensed.price.id || quantity != items.licensed.quantity
        || !removed.isEmpty || !addedPriceIDs.isEmpty
    else {
      throw .nothingToChange(subscriptionID: subscription.id, plan: request.planID)
    }
  }

  /// The parameter `items` of a change at once. What a price without a meter has counted goes with
  /// its item, which Stripe wants to be told; of one with a meter nothing is lost.
  var itemParameters: [JSON] {
    var licensed: JSONObject = [
      "id": .string(items.licensed.id), "price": .string(priceID),
    ]
    // A new price without a quantity would be one of it.
    licensed["quantity"] = quantity.map(JSON.integer)
    let gone = removed.map { item in
      var entry: JSONObject = ["id": .string(item.id), "deleted": true]
      if item.price.recurring?.meterID == nil { entry["clear_usage"] = true }
      return JSON.object(entry)
    }
    return [.object(licensed)] + gone + addedPriceIDs.map { ["price": .string($0)] }
  }
}

// MARK: The plan

extension PlanChange {
  package func operationPlan() throws(PlanChangeConflict) -> OperationPlan {
    let intent = request.intent(ofCustomer: subscription.customerID)
    let release = SubscriptionPlanning.releaseSteps(subscription)
    if isToDefaultPlan {
      return OperationPlan(
        intent, steps: release + [SubscriptionPlanning.endStep(subscription.id)])
    }
    try requireDifference()
    guard request.waits else { return OperationPlan(intent, steps: release + [atOnce]) }
    let made = release.count
    return OperationPlan(
      intent, steps: release + [scheduleStep(index: made), phasesStep(schedule: made)])
  }

  /// `always_invoice`, where nothing else is asked for.
  package var prorationBehavior: String { request.proration ?? "always_invoice" }

  var path: [JSON] { ["subscriptions", .string(subscription.id)] }

  private var atOnce: OperationStep {
    var parameters: JSONObject = [
      "items": .array(itemParameters), "proration_behavior": .string(prorationBehavior),
    ]
    parameters["proration_date"] = prorationDate.map { .integer($0.seconds) }
    parameters["payment_behavior"] = paymentBehavior.map(JSON.string)
    parameters["metadata"] = [Catalogue.planMetadataKey: .string(request.planID)]
    if !expansions.isEmpty { parameters["expand"] = .array(expansions.map(JSON.string)) }
    return OperationStep(
      .post, path, parameters,
      check: .holds(
        object: path,
        values: [
          "metadata": [Catalogue.planMetadataKey: .string(request.planID)],
          "items": .object(heldItems("data") { ["id": .string($0)] }),
        ]))
  }

  /// By what the items are known afterwards: the plan's price, the metered ones that came, and none
  /// of those that went.
  ///
  /// - Parameter list: the member that lists them.
  /// - Parameter price: how a price stands in them.
  func heldItems(_ list: String, price: (String) -> JSON) -> JSONObject {
    var licensed: JSONObject = ["price": price(priceID)]
    licensed["quantity"] = quantity.map(JSON.integer)
    let added: [JSON] = addedPriceIDs.map { ["price": price($0)] }
    var held: JSONObject = [list: .array([.object(licensed)] + added)]
    let gone: [JSON] = removed.map { item in [list: [["price": price(item.price.id)]]] }
    if !gone.isEmpty { held["$not"] = .object(OperationStep.any(gone)) }
    return held
  }
}
