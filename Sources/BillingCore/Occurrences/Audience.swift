import Basics

/// Who hears of what happens, as it stands in one transaction: it is looked up at the first
/// occurrence that there could be, so that where nobody listens nothing is paid for.
final class Audience {
  /// What is told no more: whoever was away that long asks for how things stand.
  static let patienceSeconds: Int64 = 3 * 86_400

  struct Known {
    let endpoints: [OutgoingEndpoint]
    /// What goes into the outbox.
    let outbox: Set<Occurrence.Kind>
    /// What any of them, or the outbox, wants to hear of.
    let kinds: Set<Occurrence.Kind>
    /// Up to when anything is known to have happened, by Stripe's clock.
    let newest: Timestamp
    /// Whether there can be customers who live at another time.
    let hasTestClocks: Bool
  }

  private let outbox: @Sendable () -> Set<Occurrence.Kind>
  private var known: Known?

  /// - Parameter outbox: what the catalogue tells customers of.
  init(outbox: @escaping @Sendable () -> Set<Occurrence.Kind> = { [] }) { self.outbox = outbox }

  func known(in transaction: Transaction) throws -> Known {
    if let known { return known }
    let endpoints = try transaction.outgoingEndpoints()
    let wanted = Occurrence.Kind.allCases.filter { kind in endpoints.contains { $0.wants(kind) } }
    let outbox = Notification.alwaysHeard.union(outbox())
    let found = Known(
      endpoints: endpoints, outbox: outbox, kinds: outbox.union(wanted),
      newest: try transaction.newestEventTime().map { min($0, transaction.now) }
        ?? transaction.now,
      hasTestClocks: try transaction.hasTestClocks())
    known = found
    return found
  }
}

extension Transaction {
  /// Whether anybody hears of such occurrences at all.
  func hears(_ kind: Occurrence.Kind) throws -> Bool {
    try audience.known(in: self).kinds.contains(kind)
  }

  /// Whether anybody hears of such an occurrence: to be asked before it is made.
  ///
  /// What happened more than three days before the newest event that is known is not told: a mirror
  /// that is read anew, or old events that are replayed, flood nobody.
  func hears(
    _ kind: Occurrence.Kind, at time: Timestamp, customerID: String
  ) throws -> Bool {
    let known = try audience.known(in: self)
    guard known.kinds.contains(kind) else { return false }
    if time >= known.newest - Audience.patienceSeconds { return true }
    guard let theirs = try timeOfOwn(customerID, known) else { return false }
    return time >= theirs - Audience.patienceSeconds
  }

  /// Hands an occurrence to those who hear of it, once: a delivery for each endpoint that wants it,
  /// and what goes into the outbox. Each is written down in this transaction and sent later.
  ///
  /// - Returns: whether the outbox took it.
  @discardableResult
  package func tell(_ occurrence: Occurrence) throws -> Bool {
    let known = try audience.known(in: self)
    for endpoint in known.endpoints where endpoint.wants(occurrence.kind) {
      // An endpoint hears of what happens from the moment on at which it was added.
      if try occurrence.at >= endpoint.created || timeOfOwn(occurrence.customerID, known) != nil {
        try deliver(occurrence, to: endpoint)
      }
    }
    return try notify(of: occurrence)
  }

  /// The time at which a customer on a test clock lives; nil for all others.
  private func timeOfOwn(_ customerID: String, _ known: Audience.Known) throws -> Timestamp? {
    guard known.hasTestClocks, let customer = try customer(customerID), customer.testClockID != nil
    else { return nil }
    return try time(of: customer, at: known.newest)
  }
}
