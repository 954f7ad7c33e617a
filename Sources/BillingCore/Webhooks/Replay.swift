import Basics

/// Takes the events of a source into the inbox, batch by batch: while one batch is written, the
/// next is read. What was taken is kept whatever comes after, and taken again it has no effect, so a
/// replay that was stopped is simply run again.
package struct Replay: Sendable {
  private let inbox: Inbox
  let filter: EventFilter
  private let isForced: Bool

  /// - Parameter isForced: applies again what was processed before.
  package init(inbox: Inbox, filter: EventFilter = EventFilter(), isForced: Bool = false) {
    self.inbox = inbox
    self.filter = filter
    self.isForced = isForced
  }

  /// Ends at the source's end, at the filter's limit, or with a `CancellationError` between two
  /// batches.
  ///
  /// - Parameter show: called with each batch once it is durable, in order.
  package func run(
    _ source: any EventSource, show: (ReplayedBatch) async throws -> Void
  ) async throws {
    var room = filter.limit ?? .max
    var upcoming = try await source.next()
    while room > 0, let batch = upcoming {
      try Task.checkCancellation()
      async let next = source.next()
      let replayed = try take(batch, room: &room)
      try await show(replayed)
      upcoming = try await next
    }
    try Task.checkCancellation()
  }

  /// Takes one batch, in one transaction.
  ///
  /// - Parameter room: how many events may still be taken.
  func take(_ batch: EventBatch, room: inout Int) throws -> ReplayedBatch {
    var events: [ReplayedEvent] = []
    var (incoming, kept): ([IncomingEvent], [String]) = ([], [])
    for reading in batch.readings {
      guard room > 0 else { break }
      let fate = early(reading)
      events.append(ReplayedEvent(reading: reading, fate: fate))
      guard fate == .awaited else { continue }
      room -= 1
      switch reading {
      case .event(let event): incoming.append(event)
      case .kept(let event): kept.append(event.id)
      case .unreadable: break
      }
    }
    precondition(incoming.isEmpty || kept.isEmpty, "a batch is from one kind of source")
    let isWhole = events.count == batch.readings.count
    let alongside = isWhole ? batch.alongside : nil
    var outcomes: [EventOutcome] = []
    if !kept.isEmpty {
      outcomes = try inbox.run(kept)
    } else if !incoming.isEmpty || alongside != nil {
      outcomes = try inbox.take(incoming, force: isForced) { try alongside?($0) }
    }
    var next = outcomes.makeIterator()
    for index in events.indices where events[index].fate == .awaited {
      if let outcome = next.next() { events[index].fate = .taken(outcome) }
    }
    return ReplayedBatch(events: events, length: batch.length)
  }

  /// What is clear before anything is written.
  private func early(_ reading: EventReading) -> ReplayedEvent.Fate {
    switch reading {
    case .event(let incoming): filter.matches(incoming.event) ? .awaited : .filteredOut
    case .kept(let event): event.isSettled && !isForced ? .taken(.duplicate) : .awaited
    case .unreadable: .unreadable
    }
  }
}

/// The events of one batch, with what became of each.
package struct ReplayedBatch: Sendable {
  package let events: [ReplayedEvent]
  /// How much of the source these were: of files bytes, else events.
  package let length: Int64
}

/// What was found at one place of a source, and what became of it.
package struct ReplayedEvent: Sendable {
  package enum Fate: Sendable, Hashable {
    case taken(EventOutcome)
    /// Not one of those that were meant.
    case filteredOut
    case unreadable
    /// Between reading and writing; nobody outside sees it.
    case awaited
  }

  package let reading: EventReading
  package fileprivate(set) var fate: Fate
}
