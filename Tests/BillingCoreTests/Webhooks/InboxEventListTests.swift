import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct InboxEventListTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  /// Keeps events of one second each, half of which cannot be applied.
  private func keep(_ count: Int) throws {
    let events = try (0..<count).map { number in
      let items: JSON = number.isMultiple(of: 2) ? 1 : ["object": "list", "data": []]
      let object = Sample.subscription("sub_\(number)", changing: ["items": items])
      let json: JSON = [
        "id": .string("evt_\(number)"), "object": "event",
        "type": "customer.subscription.updated", "created": .integer(Int64(number / 3)),
        "livemode": false, "data": ["object": object],
      ]
      return try IncomingEvent(Array(json.compact.utf8), verdict: .trusted)
    }
    _ = try Inbox(store: store, mirror: .sample).take(events)
  }

  private func names(_ filter: EventFilter) async throws -> [String] {
    let source = InboxEventList(filter, store: store)
    var names: [String] = []
    while let batch = try await source.next() { names += batch.readings.map { $0.name } }
    return names
  }

  @Test func theOldestComeFirstOverManyBatches() async throws {
    let count = 2 * InboxEventList.batchSize + 7
    try keep(count)
    #expect(try await names(EventFilter()) == (0..<count).map { "evt_\($0)" })
  }

  @Test func onlyThoseThatAreMeant() async throws {
    try keep(20)
    var filter = EventFilter()
    filter.status = .failed
    filter.since = Timestamp(4)
    filter.until = Timestamp(6)
    #expect(try await names(filter) == ["evt_12", "evt_14", "evt_16"])
    #expect(try await names(EventFilter(ids: ["evt_3", "evt_5"])) == ["evt_3", "evt_5"])
  }

  @Test func failedOnesAreRunAgainThoughTheyFailAgain() async throws {
    let count = 2 * InboxEventList.batchSize
    try keep(count)
    var filter = EventFilter()
    filter.status = .failed
    let replay = Replay(inbox: Inbox(store: store, mirror: .sample), filter: filter)
    var counts = ReplayCounts()
    try await replay.run(InboxEventList(filter, store: store)) { batch in
      for event in batch.events { counts.add(event) }
    }
    #expect(counts.read == count / 2 && counts.failed == count / 2)
    #expect(try store.read { try $0.event("evt_0") }?.attempts == 2)
  }
}

extension EventFilter {
  fileprivate init(ids: [String]) {
    self.init()
    self.ids = ids
  }
}
