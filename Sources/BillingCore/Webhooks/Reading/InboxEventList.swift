/// The events of the inbox that a filter asks for, as a source: the oldest first.
package actor InboxEventList: EventSource {
  static let batchSize = 250

  private let store: Store
  private let filter: EventFilter
  private var last: String?
  private var isAtEnd = false

  package init(_ filter: EventFilter, store: Store) {
    self.filter = filter
    self.store = store
  }

  package func next() async throws -> EventBatch? {
    guard !isAtEnd else { return nil }
    var part = filter
    part.limit = Self.batchSize
    let page = try store.read { [part, last] in
      try $0.events(matching: part, oldestFirst: true, after: last)
    }
    isAtEnd = page.count < Self.batchSize
    last = page.last?.id ?? last
    var batch = EventBatch()
    batch.readings = page.map { .kept($0) }
    batch.length = Int64(page.count)
    return page.isEmpty ? nil : batch
  }
}
