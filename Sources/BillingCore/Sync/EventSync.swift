package import Basics
import Stripe

/// Takes in what happened at Stripe since the last sync, from its list of events. What was
/// delivered by webhook meanwhile is known by its id and has no second effect.
package struct EventSync: Sendable {
  private static let cursor = "sync"
  /// Events are not listed in the very moment in which they happen, so that each sync begins a bit
  /// before the end of the last one.
  private static let overlapSeconds: Int64 = 300

  private let gateway: StripeGateway
  private let now: Timestamp

  /// - Parameter now: by Stripe's clock, or about.
  package init(gateway: StripeGateway, now: Timestamp) {
    self.gateway = gateway
    self.now = now
  }

  /// Up to when everything is known; nil where there was no sync.
  package static func known(in transaction: Transaction) throws -> Timestamp? {
    try transaction.cursor(cursor).flatMap { Int64($0) }.map { Timestamp($0) }
  }

  /// Where the list of events of a stopped sync goes on; nil where none was stopped.
  package static func place(in transaction: Transaction) throws -> Timestamp? {
    try StripeEventProgress.load(query(since: nil), in: transaction)?.taken
  }

  private static func query(since: Timestamp?) -> StripeEventQuery {
    var filter = EventFilter()
    filter.since = since
    return StripeEventQuery(filter, areUndelivered: false, isForced: false)
  }

  /// Takes in all events since a moment, and writes down up to when everything is known then, where
  /// nothing before that moment is missing. Throws `StripeError`, what the store throws, and
  /// `CancellationError`; what was taken until then is kept.
  ///
  /// - Parameters:
  ///   - since: up to when everything is known already, or from when on it is wanted.
  ///   - show: called with each batch once it is durable.
  package func run(
    since: Timestamp, show: (ReplayedBatch) async throws -> Void
  ) async throws {
    // Events that happen from now on are the next sync's.
    let answer = try await gateway.client.send(
      StripeRequest(.get, StripePath("events"), ["limit": 1]))
    let end = answer.date ?? now
    let query = Self.query(since: since - Self.overlapSeconds)
    let progress = try gateway.store.read { try StripeEventProgress.load(query, in: $0) }
    let source = StripeEventList(
      query, client: gateway.client, now: now, progress: progress, keepsProgress: true)
    let inbox = Inbox(store: gateway.store, mirror: gateway.mirror)
    try await Replay(inbox: inbox, filter: query.filter).run(source, show: show)
    try gateway.store.write { transaction in
      guard let known = try Self.known(in: transaction), since <= known, known < end
      else { return }
      try transaction.setCursor(Self.cursor, to: "\(end.seconds)")
    }
  }

  /// Writes down that everything is known up to a moment, since all of it was read.
  package static func setKnown(_ moment: Timestamp, in transaction: Transaction) throws {
    try transaction.setCursor(cursor, to: "\(moment.seconds)")
  }
}
