import Basics
import Stripe

/// What becomes different is told to those who hear of it, in the transaction that writes it.
extension StripeMirror {
  /// To be called before an object is written. Subscriptions are told of by their transitions.
  func tell(
    _ entry: MirrorEntry, over stored: StoredText?, in transaction: Transaction
  ) throws {
    switch entry.content {
    case .invoice(let invoice):
      try tell(invoice, over: stored, entry.snapshot, in: transaction)
    case .paymentMethod(let method):
      try tell(method, over: stored, entry.snapshot, in: transaction)
    case .none where entry.snapshot.type == "payment_intent":
      try tellPayment(entry, over: stored, in: transaction)
    default: break
    }
  }

  func tell(
    _ transitions: [Transition], of row: SubscriptionRow, after old: SubscriptionRow?,
    _ snapshot: Snapshot, in transaction: Transaction
  ) throws {
    guard !transitions.isEmpty else { return }
    for (kind, moment) in Occurrence.kinds(of: row, after: old, at: snapshot.asOf) {
      guard try transaction.hears(kind, at: moment, customerID: row.customerID) else { continue }
      try transaction.tell(Occurrence(kind, row, transitions, at: moment))
    }
  }

  /// A change that is planned, or was taken back, is one of the subscription.
  func tell(_ planned: Transition, in transaction: Transaction) throws {
    guard
      try transaction.hears(
        .subscriptionUpdated, at: planned.at, customerID: planned.customerID),
      let row = try transaction.subscription(planned.subscriptionID)
    else { return }
    var occurrence = Occurrence(.subscriptionUpdated, row, [planned], at: planned.at)
    occurrence.payload["pending_change"] = JSON(planned.to)
    try transaction.tell(occurrence)
  }

  private func tell(
    _ invoice: Invoice, over stored: StoredText?, _ snapshot: Snapshot,
    in transaction: Transaction
  ) throws {
    guard let customerID = invoice.customerID else { return }
    if stored == nil,
      try transaction.hears(.invoiceCreated, at: invoice.created, customerID: customerID)
    {
      try transaction.tell(
        Occurrence(.invoiceCreated, invoice, of: customerID, at: invoice.created))
    }
    guard invoice.status == "paid", try stored?.isOver(in: transaction) != true else { return }
    let paidAt = invoice.paidAt ?? snapshot.asOf
    if try transaction.hears(.invoicePaid, at: paidAt, customerID: customerID) {
      try transaction.tell(Occurrence(.invoicePaid, invoice, of: customerID, at: paidAt))
    }
    if try transaction.hears(.paymentRecovered, at: paidAt, customerID: customerID),
      try invoice.attemptCount > 1 || transaction.hasFailedPayment(ofInvoice: invoice.id)
    {
      try transaction.tell(Occurrence(.paymentRecovered, invoice, of: customerID, at: paidAt))
    }
  }

  private func tell(
    _ method: PaymentMethod, over stored: StoredText?, _ snapshot: Snapshot,
    in transaction: Transaction
  ) throws {
    let kind: Occurrence.Kind =
      method.customerID == nil ? .paymentMethodDetached : .paymentMethodAttached
    guard try transaction.hears(kind) else { return }
    let moment = snapshot.tellsWhen || stored != nil ? snapshot.asOf : method.created
    let before = try transaction.customerID(ofPaymentMethod: method.id) ?? snapshot.customerBefore
    guard let customerID = method.customerID ?? before,
      method.customerID == nil || before == nil,
      try transaction.hears(kind, at: moment, customerID: customerID)
    else { return }
    try transaction.tell(Occurrence(kind, method, of: customerID, at: moment))
  }

  /// A payment that went well stays so.
  private func tellPayment(
    _ entry: MirrorEntry, over stored: StoredText?, in transaction: Transaction
  ) throws {
    let (json, snapshot) = (entry.json, entry.snapshot)
    guard json["status"] == "succeeded", try stored?.isOver(in: transaction) != true,
      let customerID = json["customer"]?.string
    else { return }
    let moment = stored == nil ? snapshot.moment : snapshot.asOf
    guard try transaction.hears(.paymentIntentSucceeded, at: moment, customerID: customerID),
      let occurrence = Occurrence(.paymentIntentSucceeded, payment: json, at: moment)
    else { return }
    try transaction.tell(occurrence)
  }

  /// That a payment was credited with tokens.
  func tell(
    _ purchase: TokenPurchase, credited entry: TokenEntry, by snapshot: Snapshot,
    in transaction: Transaction
  ) throws {
    let moment = snapshot.moment
    guard
      try transaction.hears(.tokensPurchased, at: moment, customerID: purchase.customerID)
    else { return }
    try transaction.tell(Occurrence(purchase, credited: entry, at: moment))
  }
}

extension Snapshot {
  /// Whether it was told when it happened: by its event, or by the answer to a change of ours. What
  /// is only read may have happened at any time before.
  fileprivate var tellsWhen: Bool {
    switch origin {
    case .event: true
    case .response: cause != nil
    case .page: false
    }
  }

  /// When it happened; of what is only read, when the object was made: not before.
  fileprivate var moment: Timestamp {
    guard !tellsWhen, let created = object["created"]?.integer else { return asOf }
    return Timestamp(created)
  }

  /// Whose it was, as its event says.
  fileprivate var customerBefore: String? {
    guard case .event(_, let previous) = origin else { return nil }
    return previous?["customer"]?.string
  }
}

extension StoredText {
  /// Whether nothing could come after it.
  fileprivate func isOver(in transaction: Transaction) throws -> Bool {
    if let hasEnded { return hasEnded }
    return try transaction.storedObject(self).map { Freshness.isTerminal($0.json) } ?? false
  }
}
