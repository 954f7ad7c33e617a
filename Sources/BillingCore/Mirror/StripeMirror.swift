import Basics
package import Stripe

/// The one door: everything that Stripe says — the answer to a call, an event, a page of a list —
/// enters the database through `apply`, which decides whether it is news, writes it, and returns
/// what became different.
package struct StripeMirror: Sendable {
  /// The plan that a price belongs to: the catalogue's answer, nil where it has none.
  package typealias PlanOfPrice = @Sendable (Price) -> String?

  let planOfPrice: PlanOfPrice
  /// The metadata keys under which a customer's own id is looked for, in this order.
  private let externalIDKeys: [String]

  package init(planOfPrice: @escaping PlanOfPrice, externalIDKeys: [String]) {
    self.planOfPrice = planOfPrice
    self.externalIDKeys = externalIDKeys
  }

  /// Takes one snapshot in, with the objects that are expanded in it. Throws `MalformedObject` for
  /// an object that is not what its type says; the transaction is then the caller's to roll back.
  @discardableResult
  package func apply(_ snapshot: Snapshot, in transaction: Transaction) throws -> [Transition] {
    var transitions: [Transition] = []
    for inner in snapshot.expanded { transitions += try apply(inner, in: transaction) }
    guard Self.mirroredTypes.contains(snapshot.type), !snapshot.isPreview else {
      return transitions
    }
    let stored = try transaction.storedObject(snapshot.id)
    if let stored, let rivals = try transaction.sameSecond(snapshot, as: stored) {
      return try transitions + settle(rivals, over: stored, in: transaction)
    }
    let json = snapshot.kept
    switch Freshness.of(snapshot, json: json, against: stored) {
    case .stale: try noteStale(snapshot, in: transaction)
    case .known:
      // It was still so at this age: what is older than that is no news either.
      if let stored, snapshot.asOf > stored.asOf { try transaction.confirmObject(snapshot) }
    case .news:
      try transaction.putObject(json, of: snapshot)
      transitions += try write(json, before: stored?.json, of: snapshot, in: transaction)
    }
    return transitions
  }

  /// Lets all events of one second decide together what is so after it.
  private func settle(
    _ rivals: [Snapshot], over stored: Freshness.Stored, in transaction: Transaction
  ) throws -> [Transition] {
    let tellings = rivals.map { SameSecond.Telling($0) }
    let (last, isGuess) = SameSecond.last(of: tellings)
    let json = tellings[last].json
    var transitions: [Transition] = []
    if json != stored.json, Freshness.isTerminal(json) || !Freshness.isTerminal(stored.json) {
      try transaction.putObject(json, of: rivals[last])
      transitions = try write(json, before: stored.json, of: rivals[last], in: transaction)
    }
    try transaction.setDoubt(isGuess, ofObject: rivals[last].id)
    return transitions
  }

  /// Old news of a subscription changes nothing of it, but may tell since when a payment is due.
  private func noteStale(_ snapshot: Snapshot, in transaction: Transaction) throws {
    guard snapshot.type == "subscription", case .event = snapshot.origin else { return }
    try transaction.correctGrace(ofSubscription: snapshot.id)
  }

  /// The types that have a table, or whose whole JSON is wanted later.
  private static let mirroredTypes: Set<String> = [
    "customer", "subscription", "subscription_schedule", "invoice", "payment_method", "product",
    "price", "coupon", "promotion_code", "discount", "billing.meter", "entitlements.feature",
    "refund", "charge", "payment_intent", "checkout.session",
    "entitlements.active_entitlement_summary", "test_helpers.test_clock",
  ]

  private func write(
    _ json: JSON, before: JSON?, of snapshot: Snapshot, in transaction: Transaction
  ) throws -> [Transition] {
    switch snapshot.type {
    case "customer": try writeCustomer(json, in: transaction)
    case "subscription": return try writeSubscription(json, of: snapshot, in: transaction)
    case "subscription_schedule":
      return try writeSchedule(json, before: before, of: snapshot, in: transaction)
    case "invoice" where json["deleted"]?.bool == true:
      try transaction.removeInvoice(snapshot.id)
    case "invoice": try transaction.putInvoice(Invoice(json))
    case "payment_method": try transaction.putPaymentMethod(PaymentMethod(json))
    case "product" where json["deleted"]?.bool == true:
      try transaction.markProductDeleted(snapshot.id)
    case "price" where json["deleted"]?.bool == true:
      try transaction.markPriceDeleted(snapshot.id)
    case "product": try transaction.putProduct(Product(json))
    case "price": try transaction.putPrice(Price(json))
    case "refund": try transaction.putRefund(Refund(json))
    default: break
    }
    return []
  }

  private func writeCustomer(_ json: JSON, in transaction: Transaction) throws {
    let customer = try Customer(json)
    if customer.isDeleted {
      try transaction.markCustomerDeleted(customer.id)
    } else {
      try transaction.putCustomer(
        CustomerRow(customer, externalID: externalID(in: customer.metadata)))
    }
  }

  /// A customer's own id, under whichever key a program wrote it.
  package func externalID(in metadata: [String: String]) -> String? {
    externalIDKeys.lazy.compactMap { metadata[$0] }.first { !$0.isEmpty }
  }

  private func writeSubscription(
    _ json: JSON, of snapshot: Snapshot, in transaction: Transaction
  ) throws -> [Transition] {
    let subscription = try Subscription(json)
    var row = SubscriptionRow(subscription, plan: plan(of: subscription))
    let old = try transaction.subscription(row.id)
    // A plan that has left the catalogue is still what the customer is on.
    if row.plan == nil, row.productID == old?.productID { row.plan = old?.plan }
    let transitions = Transition.between(old, row, at: snapshot.asOf, cause: snapshot.cause)
    try transaction.putSubscription(row, items: subscription.items)
    for transition in transitions { try transaction.append(transition) }
    if !transitions.isEmpty {
      try transaction.provision(row, after: old, at: snapshot.asOf, cause: snapshot.cause)
    }
    return transitions
  }

  private func plan(of subscription: Subscription) -> String? {
    guard let price = subscription.licensedItem?.price else { return nil }
    return planOfPrice(price) ?? subscription.metadata["billing_plan"]
  }
}

extension Snapshot {
  /// Whether it is a bill that does not exist: a preview, of which Stripe tells by an id of its own.
  fileprivate var isPreview: Bool { type == "invoice" && id.hasPrefix(Invoice.previewID) }
}
