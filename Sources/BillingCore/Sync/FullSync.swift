package import Basics
import Stripe
private import Synchronization

/// Makes the mirror as Stripe is: reads everything and takes it in through the one door, deletions
/// too. What is read is kept page by page, so that a run that was stopped goes on where it was.
package final class FullSync: Sendable {
  /// A run that was stopped longer ago is begun anew: what it had read is old by then.
  private static let resumableSeconds: Int64 = 7 * 86_400

  /// How it went, up to its end or to where it was stopped.
  package struct Summary: Sendable {
    /// How many objects were read.
    package internal(set) var objects = 0
    /// Of how many the mirror had something else, or nothing.
    package internal(set) var changed = 0
    /// How many of those Stripe no longer has.
    package internal(set) var deleted = 0
    /// What could not be taken in, each with the reason.
    package internal(set) var failures: [String] = []
    /// The lists that could not be read, each with the reason.
    package internal(set) var refusals: [String] = []
    /// When the reading began, by Stripe's clock; nil where not even that is known.
    package internal(set) var started: Timestamp?
    /// What stopped it; nil where it came to its end.
    package internal(set) var error: (any Error)?
  }

  private let gateway: StripeGateway
  private let now: Timestamp
  private let summary = Mutex(Summary())

  /// - Parameter now: by Stripe's clock.
  package init(gateway: StripeGateway, now: Timestamp) {
    self.gateway = gateway
    self.now = now
  }

  /// Where a run that was stopped would go on, in words: `invoices 1/4 after in_…`; nil where there
  /// is none.
  package static func place(in transaction: Transaction) throws -> String? {
    guard try transaction.cursor(SyncPlace.start) != nil else { return nil }
    let open = try transaction.syncPlaces().compactMap { name, position -> String? in
      guard case .after(let id) = position else { return nil }
      return "\(name) after \(id)"
    }
    return open.isEmpty ? "the lists that are not read yet" : open.sorted().joined(separator: ", ")
  }

  /// - Parameter advance: told of how many objects were taken.
  package func run(advance: @escaping @Sendable (Int) -> Void) async -> Summary {
    do {
      let refusals = try await read(advance)
      try gateway.store.write { transaction in
        try transaction.removeCursors(startingWith: SyncPlace.prefix)
        try transaction.removeCursor(SyncPlace.start)
      }
      summary.withLock { $0.refusals = refusals }
    } catch {
      summary.withLock { $0.error = error }
    }
    return summary.withLock { $0 }
  }

  private func read(_ advance: @escaping @Sendable (Int) -> Void) async throws -> [String] {
    let started = try begin()
    summary.withLock { $0.started = started }
    let places = try gateway.store.read { try $0.syncPlaces() }
    return try await FullReading(
      client: gateway.client, store: gateway.store, started: started, places: places
    ) { part in
      try self.take(part)
      advance(part.snapshots.count)
    }.run()
  }

  /// When the reading began that this one is, or goes on with.
  private func begin() throws -> Timestamp {
    let earlier = try gateway.store.read { try $0.cursor(SyncPlace.start) }
      .flatMap { Int64($0) }.map { Timestamp($0) }
    if let earlier, now - Self.resumableSeconds <= earlier { return earlier }
    try gateway.store.write { transaction in
      try transaction.removeCursors(startingWith: SyncPlace.prefix)
      try transaction.setCursor(SyncPlace.start, to: "\(now.seconds)")
    }
    return now
  }

  // MARK: One part

  /// In one transaction with how far that is.
  private func take(_ part: FullReading.Part) throws {
    let taken = try gateway.store.write { transaction in
      var taken = Summary()
      for snapshot in part.snapshots {
        taken.objects += 1
        let isNews = try take(snapshot, in: transaction, failures: &taken.failures)
        guard isNews else { continue }
        taken.changed += 1
        if part.areGone || snapshot.isDeletion { taken.deleted += 1 }
      }
      if let place = part.place { try transaction.setPlace(place) }
      return taken
    }
    summary.withLock { summary in
      summary.objects += taken.objects
      summary.changed += taken.changed
      summary.deleted += taken.deleted
      summary.failures += taken.failures
    }
  }

  /// Whether the mirror had something else. What cannot be taken in fails by itself.
  private func take(
    _ snapshot: Snapshot, in transaction: Transaction, failures: inout [String]
  ) throws -> Bool {
    let comparison = MirrorComparison(
      client: gateway.client, store: gateway.store, mirror: gateway.mirror)
    var isNews = false
    do {
      try transaction.savepoint {
        let differences = try comparison.differences(of: snapshot, in: transaction)
        try gateway.mirror.apply(snapshot, in: transaction)
        let hasOtherColumns = try transaction.hasOtherColumns(snapshot.id, type: snapshot.type)
        if hasOtherColumns || differences.contains(where: { $0.isColumn && $0.id == snapshot.id }) {
          try gateway.mirror.renewColumns(of: snapshot, in: transaction)
        }
        isNews =
          try hasOtherColumns
          || !differences.isEmpty
            && comparison.differences(of: snapshot, in: transaction) != differences
      }
      return isNews
    } catch let error as MalformedObject {
      failures.append("\(snapshot.id): \(error)")
    } catch StoreError.ruleBroken(let detail) {
      failures.append("\(snapshot.id): the database does not take it: \(detail)")
    }
    return false
  }
}
