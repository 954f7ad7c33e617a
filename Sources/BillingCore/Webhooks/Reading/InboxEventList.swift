package import Basics

/// The events of the inbox that a filter asks for, as a source: the oldest first.
package actor InboxEventList: EventSource {
  static let batchSize = 250

  private let store: Store
  private let filter: EventFilter
  private var cursor: EventCursor?
  private var isAtEnd = false

  package init(_ filter: EventFilter, store: Store) {
    self.filter = filter
    self.store = store
  }

  package func next() async throws -> EventBatch? {
    guard !isAtEnd else { return nil }
    let page = try store.read {
      try $0.events(matching: filter, beyond: cursor, limit: Self.batchSize)
    }
    isAtEnd = page.count < Self.batchSize
    cursor = page.last?.cursor ?? cursor
    var batch = EventBatch()
    batch.readings = page.map { .kept($0.event) }
    batch.length = Int64(page.count)
    return page.isEmpty ? nil : batch
  }
}
