import Basics
package import Stripe

/// The one door: everything that Stripe says — the answer to a call, an event, a page of a list —
/// enters the database through `apply`, which decides whether it is news, writes it, and returns
/// what became different.
package struct StripeMirror: Sendable {
  /// The plan that a price belongs to: the catalogue's answer, nil where it has none.
  package typealias PlanOfPrice = @Sendable (Price) -> String?

  /// A package of tokens by its id: the catalogue's answer, nil where it has none.
  package typealias PackageOfID = @Sendable (String) -> TokenPackage?

  let planOfPrice: PlanOfPrice
  let packageOf: PackageOfID
  /// The metadata keys under which a customer's own id is looked for, in this order.
  private let externalIDKeys: [String]

  package init(
    planOfPrice: @escaping PlanOfPrice, packageOf: @escaping PackageOfID = { _ in nil },
    externalIDKeys: [String]
  ) {
    self.planOfPrice = planOfPrice
    self.packageOf = packageOf
    self.externalIDKeys = externalIDKeys
  }

  /// Takes one snapshot in, with the objects that are expanded in it. Throws `MalformedObject` for
  /// an object that is not what its type says; the transaction is then the caller's to roll back.
  @discardableResult
  package func apply(_ snapshot: Snapshot, in transaction: Transaction) throws -> [Transition] {
    try apply(MirrorEntry(snapshot), in: transaction)
  }

  /// - Parameter recent: what events said that came shortly before, by their ids: those of one second
  ///   mostly come together, and need not be read again.
  func apply(
    _ entry: MirrorEntry, recent: [String: MirrorEntry] = [:], in transaction: Transaction
  ) throws -> [Transition] {
    var transitions: [Transition] = []
    for inner in entry.inner {
      transitions += try apply(inner, recent: recent, in: transaction)
    }
    guard entry.isKept else { return transitions }
    transitions += try applyAlone(entry, recent: recent, in: transaction)
    try countTokens(entry, in: transaction)
    return transitions
  }

  /// Takes one object in, without what stands expanded in it.
  private func applyAlone(
    _ entry: MirrorEntry, recent: [String: MirrorEntry], in transaction: Transaction
  ) throws -> [Transition] {
    let snapshot = entry.snapshot
    let stored = try transaction.storedText(snapshot.id)
    if let stored {
      let rivals = try transaction.rivals(of: snapshot, over: stored)
        .compactMap { try recent[$0] ?? transaction.entry(ofEvent: $0) }
      if !rivals.isEmpty {
        return try settle(rivals + [entry], over: stored, in: transaction)
      }
    }
    switch try stored.map({ try freshness(of: entry, over: $0, in: transaction) }) ?? .news {
    case .stale: try noteStale(snapshot, in: transaction)
    case .known:
      // It was still so at this age: what is older than that is no news either.
      if let stored, snapshot.asOf > stored.asOf {
        try transaction.putObject(entry, over: stored)
      }
    case .news:
      try transaction.putObject(entry, over: stored)
      return try write(entry, over: stored, in: transaction)
    }
    return []
  }

  /// Takes all in as `apply` does; where it throws, nothing of it is written, and the transaction can
  /// go on.
  func applyWhole(
    _ entry: MirrorEntry, recent: [String: MirrorEntry], in transaction: Transaction
  ) throws -> [Transition] {
    guard entry.canFailHalfway else { return try apply(entry, recent: recent, in: transaction) }
    var transitions: [Transition] = []
    try transaction.savepoint {
      transitions = try apply(entry, recent: recent, in: transaction)
    }
    return transitions
  }

  /// Lets all events of one second decide together what is so after it.
  private func settle(
    _ rivals: [MirrorEntry], over stored: StoredText, in transaction: Transaction
  ) throws -> [Transition] {
    let (last, isGuess) = SameSecond.last(
      of: rivals.map { SameSecond.Telling($0.snapshot, json: $0.json) })
    let entry = rivals[last]
    let teller = rivals.first { $0.snapshot.teller == stored.cause }
    if let known = try teller?.json ?? transaction.storedObject(stored)?.json,
      entry.json != known, entry.hasEnded || !Freshness.isTerminal(known)
    {
      try transaction.putObject(entry, over: stored, isInDoubt: isGuess)
      return try write(entry, over: stored, in: transaction)
    }
    if isGuess != stored.isInDoubt { try transaction.setDoubt(isGuess, ofObject: stored.id) }
    return []
  }

  /// The answer of `Freshness.of`, at the least expense.
  private func freshness(
    of entry: MirrorEntry, over stored: StoredText, in transaction: Transaction
  ) throws -> Freshness {
    if let text = entry.text, text == stored.text { return .known }
    // Two texts differ by now; of two events it is not worth reading whether they say the same.
    let isOfOneKind = (entry.text == nil) == (stored.text == nil)
    if isOfOneKind, stored.isOvertaken(by: entry.snapshot) { return .news }
    return Freshness.of(
      entry.snapshot, json: entry.json, against: try transaction.storedObject(stored))
  }

  /// Old news of a subscription changes nothing of it, but may tell since when a payment is due.
  private func noteStale(_ snapshot: Snapshot, in transaction: Transaction) throws {
    guard snapshot.type == "subscription", case .event = snapshot.origin else { return }
    try transaction.correctGrace(ofSubscription: snapshot.id)
  }

  /// - Parameter isNews: whether Stripe said something else; else the columns are made anew.
  private func write(
    _ entry: MirrorEntry, over stored: StoredText?, isNews: Bool = true,
    in transaction: Transaction
  ) throws -> [Transition] {
    if isNews { try tell(entry, over: stored, in: transaction) }
    switch entry.content {
    case .customer(let customer) where customer.isDeleted:
      try transaction.markCustomerDeleted(customer.id)
    case .customer(let customer):
      try transaction.putCustomer(
        CustomerRow(customer, externalID: externalID(in: customer.metadata)))
    case .subscription(let subscription):
      return try writeSubscription(
        subscription, of: entry.snapshot, isNews: isNews, in: transaction)
    case .invoice(let invoice): try transaction.putInvoice(invoice)
    case .paymentMethod(let method): try transaction.putPaymentMethod(method)
    case .product(let product): try transaction.putProduct(product)
    case .price(let price): try transaction.putPrice(price)
    case .refund(let refund): try transaction.putRefund(refund)
    case .deleted: try writeDeleted(entry.snapshot, in: transaction)
    case .none where entry.snapshot.type == "subscription_schedule":
      return try writeSchedule(
        entry.json, before: stored.flatMap { try transaction.storedObject($0)?.json },
        of: entry.snapshot, in: transaction)
    case .none where entry.snapshot.type == "discount":
      guard let id = entry.json["subscription"]?.string else { break }
      try transaction.recordRevenue(ofSubscription: id, toldAt: entry.snapshot.asOf)
    case .none: break
    }
    return []
  }

  private func writeDeleted(_ snapshot: Snapshot, in transaction: Transaction) throws {
    switch snapshot.type {
    case "invoice": try transaction.removeInvoice(snapshot.id)
    case "product": try transaction.markProductDeleted(snapshot.id)
    default: try transaction.markPriceDeleted(snapshot.id)
    }
  }

  /// A customer's own id, under whichever key a program wrote it.
  package func externalID(in metadata: [String: String]) -> String? {
    externalIDKeys.lazy.compactMap { metadata[$0] }.first { !$0.isEmpty }
  }

  private func writeSubscription(
    _ subscription: Subscription, of snapshot: Snapshot, isNews: Bool,
    in transaction: Transaction
  ) throws -> [Transition] {
    let old = try transaction.subscription(subscription.id)
    let row = row(of: subscription, over: old)
    let transitions = Transition.between(old, row, at: snapshot.asOf, cause: snapshot.cause)
    try transaction.putSubscription(row, after: old, items: subscription.items)
    try transaction.notePeriod(of: row, after: old)
    for transition in transitions { try transaction.append(transition) }
    try transaction.recordRevenue(
      of: subscription, planID: row.plan ?? row.productID, toldAt: snapshot.asOf)
    if !transitions.isEmpty {
      try transaction.provision(row, after: old, at: snapshot.asOf, cause: snapshot.cause)
    }
    if isNews { try tell(transitions, of: row, after: old, snapshot, in: transaction) }
    return transitions
  }

  /// The columns of a subscription as the catalogue stands now.
  func row(of subscription: Subscription, over old: SubscriptionRow?) -> SubscriptionRow {
    var row = SubscriptionRow(subscription, plan: plan(of: subscription))
    // A plan that has left the catalogue is still what the customer is on.
    if row.plan == nil, row.productID == old?.productID { row.plan = old?.plan }
    return row
  }

  /// Makes the columns of an object that is known anew, where they were made by another catalogue.
  func renewColumns(of snapshot: Snapshot, in transaction: Transaction) throws {
    let entry = try MirrorEntry(snapshot)
    guard let stored = try transaction.storedText(snapshot.id),
      try transaction.storedObject(stored)?.json == entry.json
    else { return }
    _ = try write(entry, over: stored, isNews: false, in: transaction)
  }

  private func plan(of subscription: Subscription) -> String? {
    guard let price = subscription.licensedItem?.price else { return nil }
    return planOfPrice(price) ?? subscription.metadata["billing_plan"]
  }
}
