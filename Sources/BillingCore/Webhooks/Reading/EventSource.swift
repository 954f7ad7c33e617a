import Stripe

/// Where events come from that are to be replayed: files, Stripe's list of events, the inbox.
///
/// Reading, verifying and decoding are the source's; they go on beside the writer, which takes the
/// batch before.
package protocol EventSource: Sendable {
  /// The next batch; nil at the end. Called again only after it has returned.
  func next() async throws -> EventBatch?
  /// How many batches are read ahead, beside the one that comes next.
  var aheadCount: Int { get }
}

extension EventSource {
  package var aheadCount: Int { 0 }
}

/// Some events of a source, one after another: all of them are taken in one transaction, or none.
package struct EventBatch: Sendable {
  package var readings: [EventReading] = []
  /// How much of the source these were: of files bytes, else events.
  package var length: Int64 = 0
  /// What is to be kept in the transaction that takes these events, such as how far one got. It is
  /// kept only where the whole batch was wanted or passed over, not where a limit cut it.
  package var alongside: (@Sendable (Transaction) throws -> Void)?

  package init() {}

  /// Whether events of the inbox are among them.
  var hasKept: Bool {
    readings.contains { if case .kept = $0 { true } else { false } }
  }
}

/// What was found at one place of a source.
package enum EventReading: Sendable {
  case event(IncomingEvent)
  /// An event of the inbox, to be run again.
  case kept(InboxEvent)
  /// No event that could be taken in.
  case unreadable(UnreadableEvent)

  /// An event that is not of the inbox.
  var incoming: IncomingEvent? {
    if case .event(let incoming) = self { incoming } else { nil }
  }

  /// The id of the event, or the place where one should have been.
  package var name: String {
    switch self {
    case .event(let incoming): incoming.event.id
    case .kept(let event): event.id
    case .unreadable(let unreadable): unreadable.place
    }
  }
}

/// A place of a source without an event that could be taken in.
package struct UnreadableEvent: Error, Sendable, Hashable {
  /// `events.jsonl:12`, `events.json, element 12`.
  package let place: String
  package let reason: String
  /// Whether it was its signature that was not believed.
  package let isUnsigned: Bool

  package init(place: String, reason: String, isUnsigned: Bool = false) {
    self.place = place
    self.reason = reason
    self.isUnsigned = isUnsigned
  }
}
