package import Basics
import Stripe

/// Keeps the events that come in, each id once, and lets each have its effect once: through the one
/// door into the mirror, in the transaction that says so.
package struct Inbox: Sendable {
  private let store: Store
  private let mirror: StripeMirror
  private let now: (@Sendable () -> Timestamp)?

  /// - Parameter now: by which clock the receipt and the next attempts are written down; the
  ///   store's own where there is none.
  package init(store: Store, mirror: StripeMirror, now: (@Sendable () -> Timestamp)? = nil) {
    self.store = store
    self.mirror = mirror
    self.now = now
  }

  // MARK: Receiving

  /// Keeps events for later, in one durable transaction. One that had failed and comes again is due
  /// again at once.
  ///
  /// - Parameter alongside: what is to be kept of them in the same transaction.
  package func receive(
    _ events: [IncomingEvent],
    alongside: (Transaction, [EventReceipt]) throws -> Void = { _, _ in }
  ) throws -> [EventReceipt] {
    try store.write { transaction in
      let batch = try batch(in: transaction, isolatesEach: false)
      let receipts = try events.map { try batch.receive($0) }
      try alongside(transaction, receipts)
      return receipts
    }
  }

  /// Keeps events and applies them, in one transaction. One that cannot be applied is kept as
  /// failed and does not stop the rest.
  ///
  /// - Parameter force: applies again what was processed before.
  /// - Parameter alongside: what is to be kept in the same transaction, such as how far one got; it
  ///   is asked for anew where the transaction is.
  package func take(
    _ events: [IncomingEvent], force: Bool = false,
    alongside: (Transaction) throws -> Void = { _ in }
  ) throws -> [EventOutcome] {
    try apply { transaction, batch in
      let outcomes = try events.map { try batch.take($0, force: force) }
      try alongside(transaction)
      return outcomes
    }
  }

  /// The same in a transaction that the next call goes on with, until `commit` or another write
  /// ends it. An error takes back what all of them took.
  func takeOn(
    _ events: [IncomingEvent], force: Bool, alongside: (Transaction) throws -> Void
  ) throws -> [EventOutcome] {
    try store.writeOn { transaction in
      let batch = try batch(in: transaction, isolatesEach: false)
      let outcomes = try events.map { try batch.take($0, force: force) }
      try alongside(transaction)
      return outcomes
    }
  }

  var isTakingOn: Bool { get throws { try store.isWritingOn } }

  func commit() throws { try store.commit() }

  /// Applies events that are kept already: those that waited, and those that failed and are asked
  /// for. What another process has done with them meanwhile is not done again.
  ///
  /// - Parameter force: applies again what was processed before.
  package func run(_ ids: [String], force: Bool = false) throws -> [EventOutcome] {
    try run(ids) { force || !$0.isSettled }
  }

  /// The same, of those that wait or whose next attempt is due.
  package func runDue(_ ids: [String], at time: Timestamp) throws -> [EventOutcome] {
    try run(ids) { $0.isDue(at: time) }
  }

  private func run(
    _ ids: [String], where isWanted: (InboxEvent) -> Bool
  ) throws -> [EventOutcome] {
    try apply { transaction, batch in
      try ids.map { id in
        guard let kept = try transaction.keptEvent(id) else { return .otherMode }
        return isWanted(kept.event) ? try batch.run(kept) : .duplicate
      }
    }
  }

  /// Applies events in one transaction. Where the tables do not take what one of them says, which
  /// nothing before has noticed, all of it is done once more, each event by itself: so that one
  /// fails alone, and a savepoint an event is paid for only then.
  private func apply<Value>(_ body: (Transaction, InboxBatch) throws -> Value) throws -> Value {
    do {
      return try store.write { try body($0, batch(in: $0, isolatesEach: false)) }
    } catch StoreError.ruleBroken {
      return try store.write { try body($0, batch(in: $0, isolatesEach: true)) }
    }
  }

  /// Returns when everything that was taken is durable: at once but in bulk.
  func settle() async throws { try await store.settle() }

  private func batch(in transaction: Transaction, isolatesEach: Bool) throws -> InboxBatch {
    InboxBatch(
      transaction: transaction, mirror: mirror, now: now?() ?? transaction.now,
      ownAccount: try transaction.setting(.account), isolatesEach: isolatesEach)
  }
}
