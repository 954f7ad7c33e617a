package import Basics

/// What a replay would change, event by event: it is tried out on a copy of the store, of which
/// nothing is left.
package struct ReplayPreview: Sendable {
  private let store: Store
  private let replay: Replay

  /// - Parameter store: a copy; it is changed.
  package init(
    onCopy store: Store, mirror: StripeMirror, filter: EventFilter = EventFilter(),
    isForced: Bool = false, countsSettled: Bool = false
  ) {
    self.store = store
    replay = Replay(
      inbox: Inbox(store: store, mirror: mirror), filter: filter, isForced: isForced,
      countsSettled: countsSettled)
  }

  package func run(
    _ source: some EventSource, show: (PreviewedEvent) async throws -> Void
  ) async throws {
    var room = replay.filter.limit ?? .max
    while room > 0, let batch = try await source.next() {
      for reading in batch.readings where room > 0 {
        try Task.checkCancellation()
        if let event = try preview(reading, room: &room) { try await show(event) }
      }
    }
  }

  private func preview(_ reading: EventReading, room: inout Int) throws -> PreviewedEvent? {
    let id = reading.objectID
    let before = try object(id)
    var batch = EventBatch()
    batch.readings = [reading]
    guard let event = try replay.take(batch, room: &room).events.first else { return nil }
    let after = try object(id)
    let isNew = before == nil && after != nil
    let changes = isNew ? [] : JSONDifference.between(before ?? .null, after ?? .null)
    return PreviewedEvent(event: event, isNew: isNew, changes: changes)
  }

  private func object(_ id: String?) throws -> JSON? {
    guard let id else { return nil }
    return try store.read { try $0.objectJSON(id) }
  }
}

/// What one event of a replay would change.
package struct PreviewedEvent: Sendable {
  package let event: ReplayedEvent
  /// Whether nothing was known of its object before.
  package let isNew: Bool
  /// What would become different of an object that was known.
  package let changes: [JSONDifference]
}

/// One place at which two JSON values differ.
package struct JSONDifference: Sendable, Hashable {
  /// `items.data.0.quantity`.
  package let path: String
  /// Nil where it was not there.
  package let before: JSON?
  package let after: JSON?

  /// In the order of the keys, those that came new last.
  static func between(_ before: JSON, _ after: JSON) -> [JSONDifference] {
    between(before, after, path: [])
  }

  private static func between(_ old: JSON?, _ new: JSON?, path: [String]) -> [JSONDifference] {
    if old == new { return [] }
    if let before = old?.object, let after = new?.object {
      let keys = before.keys + after.keys.filter { before[$0] == nil }
      return keys.flatMap { between(before[$0], after[$0], path: path + [$0]) }
    }
    if let before = old?.array, let after = new?.array, before.count == after.count {
      return before.indices.flatMap { between(before[$0], after[$0], path: path + ["\($0)"]) }
    }
    return [JSONDifference(path: path.joined(separator: "."), before: old, after: new)]
  }
}

extension EventReading {
  /// The id under which the mirror has the event's object.
  fileprivate var objectID: String? {
    switch self {
    case .event(let incoming): incoming.snapshot?.id
    case .kept(let event): event.objectID
    case .unreadable: nil
    }
  }
}
