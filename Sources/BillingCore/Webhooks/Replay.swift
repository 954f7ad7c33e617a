import Basics
import Synchronization

/// Takes the events of a source into the inbox, batch by batch: while one batch is written, the
/// next is read. What was taken is kept whatever comes after, and taken again it has no effect, so a
/// replay that was stopped is simply run again.
package struct Replay: Sendable {
  private let inbox: Inbox
  let filter: EventFilter
  private let isForced: Bool
  private let countsSettled: Bool

  /// - Parameters:
  ///   - isForced: applies again what was processed before.
  ///   - countsSettled: whether the filter's limit is also of what the inbox has and is not run
  ///     again: where something else is done with it.
  package init(
    inbox: Inbox, filter: EventFilter = EventFilter(), isForced: Bool = false,
    countsSettled: Bool = false
  ) {
    self.inbox = inbox
    self.filter = filter
    self.isForced = isForced
    self.countsSettled = countsSettled
  }

  /// Ends at the source's end, at the filter's limit, or with a `CancellationError` between two
  /// batches.
  ///
  /// - Parameter show: called with each batch once it is durable, in order.
  package func run(
    _ source: any EventSource, show: (ReplayedBatch) async throws -> Void
  ) async throws {
    var taken = TakenBatches()
    do {
      try await run(source, &taken, show: show)
    } catch {
      try await finish(&taken, show: show)
      throw error
    }
    try await finish(&taken, show: show)
    try Task.checkCancellation()
  }

  private func run(
    _ source: any EventSource, _ taken: inout TakenBatches,
    show: (ReplayedBatch) async throws -> Void
  ) async throws {
    var room = filter.limit ?? .max
    let spent = SpentBatches()
    let upcoming = EventReadAhead(source) { spent.free() }
    async let _ = upcoming.run()
    while room > 0, let batch = try await upcoming.next() {
      try Task.checkCancellation()
      spent.add(batch, try take(batch, room: &room, into: &taken))
      // Nobody else can write while the transaction goes on.
      if taken.isFull || !upcoming.isNextThere { try await commit(&taken, show: show) }
    }
  }

  /// Takes one more batch, in the transaction that goes on where it can be.
  func take(
    _ batch: EventBatch, room: inout Int, into taken: inout TakenBatches
  ) throws -> ReplayedBatch {
    // An error takes nothing back of a transaction that somebody else has ended.
    if try batch.hasKept || !inbox.isTakingOn { try endTransaction(&taken) }
    let roomBefore = room
    do {
      let replayed = try take(batch, room: &room, goingOn: !batch.hasKept)
      taken.add(TakenBatches.Open(batch, taken: replayed, room: roomBefore))
      return replayed
    } catch StoreError.ruleBroken {
      room = roomBefore
      return try takeEachAlone(batch, room: &room, into: &taken)
    } catch {
      taken.takeOpen()
      throw error
    }
  }

  /// Takes the batches of a transaction of which nothing is left, and the one that broke a rule of
  /// the tables, each in its own: so that only what breaks the rule fails.
  private func takeEachAlone(
    _ last: EventBatch, room: inout Int, into taken: inout TakenBatches
  ) throws -> ReplayedBatch {
    for earlier in taken.takeOpen() {
      var room = earlier.room
      taken.closed.append(try take(earlier.batch(), room: &room).envelopes)
    }
    let replayed = try take(last, room: &room)
    taken.closed.append(replayed.envelopes)
    return replayed
  }

  private func endTransaction(_ taken: inout TakenBatches) throws {
    do {
      try inbox.commit()
    } catch {
      taken.takeOpen()
      throw error
    }
    taken.close()
  }

  /// Ends the transaction. While the disk is at work on it the next one goes on, and what the one
  /// before took is shown: that is durable by now, or soon.
  private func commit(
    _ taken: inout TakenBatches, show: (ReplayedBatch) async throws -> Void
  ) async throws {
    try endTransaction(&taken)
    let (inbox, earlier) = (inbox, taken.settling)
    taken.settling = (taken.closed, Task { try await inbox.settle() })
    taken.closed = []
    if let earlier {
      try await earlier.end.value
      taken.durable += earlier.batches
    }
    while let batch = taken.durable.first {
      taken.durable.removeFirst()
      try await show(batch)
    }
  }

  private func finish(
    _ taken: inout TakenBatches, show: (ReplayedBatch) async throws -> Void
  ) async throws {
    try await commit(&taken, show: show)
    // The second time for what the first one has committed.
    try await commit(&taken, show: show)
  }

  /// Takes one batch, in one transaction.
  ///
  /// - Parameters:
  ///   - room: how many events may still be taken.
  ///   - goingOn: whether that transaction goes on.
  func take(
    _ batch: EventBatch, room: inout Int, goingOn: Bool = false
  ) throws -> ReplayedBatch {
    var found: [(reading: EventReading, fate: Fate)] = []
    var (incoming, kept): ([IncomingEvent], [String]) = ([], [])
    for reading in batch.readings {
      guard room > 0 else { break }
      let fate = early(reading, incoming: incoming.count, kept: kept.count)
      found.append((reading, fate))
      if case .settled(let settled) = fate {
        if countsSettled, settled == .taken(.duplicate) { room -= 1 }
        continue
      }
      room -= 1
      switch reading {
      case .event(let event): incoming.append(event)
      case .kept(let event): kept.append(event.id)
      case .unreadable: break
      }
    }
    let alongside = found.count == batch.readings.count ? batch.alongside : nil
    let ran = kept.isEmpty ? [] : try inbox.run(kept, force: isForced)
    var taken: [EventOutcome] = []
    if !incoming.isEmpty || alongside != nil {
      let take = goingOn ? inbox.takeOn : inbox.take
      taken = try take(incoming, isForced) { try alongside?($0) }
    }
    let events = found.map { reading, fate in
      ReplayedEvent(reading: reading, fate: fate.settled(taken: taken, ran: ran))
    }
    return ReplayedBatch(events: events, length: batch.length)
  }

  /// What becomes of what was found at one place.
  private enum Fate {
    /// It is clear before anything is written.
    case settled(ReplayedEvent.Fate)
    /// It has this place among those that are taken in.
    case toTake(Int)
    /// It has this place among those of the inbox that are run again.
    case toRun(Int)

    func settled(taken: [EventOutcome], ran: [EventOutcome]) -> ReplayedEvent.Fate {
      switch self {
      case .settled(let fate): fate
      case .toTake(let place): .taken(taken[place])
      case .toRun(let place): .taken(ran[place])
      }
    }
  }

  private func early(_ reading: EventReading, incoming: Int, kept: Int) -> Fate {
    switch reading {
    case .event(let event):
      filter.matches(event.event) ? .toTake(incoming) : .settled(.filteredOut)
    case .kept(let event):
      event.isSettled && !isForced ? .settled(.taken(.duplicate)) : .toRun(kept)
    case .unreadable: .settled(.unreadable)
    }
  }
}

/// What was taken and is no longer needed: to give its memory back takes as long as to write some of
/// it, so that this is done beside the writer.
private final class SpentBatches: Sendable {
  private let batches = Mutex<[(EventBatch, ReplayedBatch)]>([])

  func add(_ batch: EventBatch, _ replayed: ReplayedBatch) {
    batches.withLock { $0.append((batch, replayed)) }
  }

  func free() {
    // Who writes does not wait until they are gone.
    _ = batches.withLock { batches in
      defer { batches = [] }
      return batches
    }
  }
}

/// The events of one batch, with what became of each.
package struct ReplayedBatch: Sendable {
  package let events: [ReplayedEvent]
  /// How much of the source these were: of files bytes, else events.
  package let length: Int64

  /// The same without what the events said.
  var envelopes: ReplayedBatch {
    let events = events.map { told in
      guard let incoming = told.reading.incoming else { return told }
      return ReplayedEvent(reading: .event(incoming.envelope), fate: told.fate)
    }
    return ReplayedBatch(events: events, length: length)
  }
}

/// What was found at one place of a source, and what became of it.
package struct ReplayedEvent: Sendable {
  package enum Fate: Sendable, Hashable {
    case taken(EventOutcome)
    /// Not one of those that were meant.
    case filteredOut
    case unreadable
  }

  package let reading: EventReading
  package let fate: Fate
}
