import Basics
import Stripe
import Testing

@testable import BillingCore

/// Several batches in one transaction: all the rest of a replay sees of it is that it is faster.
@Suite(.tags(.integration)) struct ReplayTransactionTests {
  let store: Store
  let replay: Replay

  init() throws {
    store = try Store.inMemory(now: { noon })
    replay = Replay(inbox: Inbox(store: store, mirror: .sample))
  }

  private func bill(_ number: Int, total: Int64 = 4900) throws -> EventReading {
    var invoice = Sample.invoice("in_\(number)").object ?? [:]
    invoice["total"] = .integer(total)
    let json: JSON = [
      "id": .string("evt_\(number)"), "object": "event", "type": "invoice.created",
      "created": 100, "livemode": false, "data": ["object": .object(invoice)],
    ]
    return .event(try IncomingEvent(Array(json.compact.utf8), verdict: .verified))
  }

  private func batch(_ readings: EventReading...) -> EventBatch {
    var batch = EventBatch()
    batch.readings = readings
    let names = readings.map { $0.name }.joined(separator: " ")
    batch.alongside = { try $0.setCursor("test", to: names) }
    return batch
  }

  private func fates(_ batches: [ReplayedBatch]) -> [[ReplayedEvent.Fate]] {
    batches.map { $0.events.map { $0.fate } }
  }

  @Test func batchesShareATransaction() throws {
    var (taken, room) = (TakenBatches(), 9)
    _ = try replay.take(batch(try bill(1)), room: &room, into: &taken)
    _ = try replay.take(batch(try bill(2)), room: &room, into: &taken)
    #expect(taken.open.count == 2 && taken.closed.isEmpty && room == 7)
    #expect(try store.isWritingOn)
    try store.commit()
    #expect(try store.read { try $0.eventCounts() } == ["processed": 2])
  }

  @Test func whatBreaksARuleFailsAlone() throws {
    try store.write { try $0.refuseInvoices(of: 666) }
    var (taken, room) = (TakenBatches(), 9)
    _ = try replay.take(batch(try bill(1)), room: &room, into: &taken)
    _ = try replay.take(batch(try bill(2)), room: &room, into: &taken)
    let last = try replay.take(
      batch(try bill(3, total: 666), try bill(4)), room: &room, into: &taken)
    let failed = EventOutcome.failed(reason: "the database does not take its object: no such total")
    #expect(fates([last]) == [[.taken(failed), .taken(.processed([]))]])
    #expect(
      fates(taken.closed) == [[.taken(.processed([]))], [.taken(.processed([]))]] + fates([last]))
    #expect(taken.open.isEmpty && room == 5)
    #expect(try store.read { try $0.objectIDs(ofType: "invoice") } == ["in_1", "in_2", "in_4"])
    #expect(try store.read { try $0.eventCounts() } == ["processed": 3, "failed": 1])
    #expect(try store.read { try $0.cursor("test") } == "evt_3 evt_4")
  }

  @Test func aTransactionEndsSomewhere() throws {
    var taken = TakenBatches()
    let event = try bill(1)
    let size = try #require(event.incoming).body.count
    func add(_ count: Int) {
      var batch = EventBatch()
      batch.readings = Array(repeating: event, count: count)
      let events = batch.readings.map { ReplayedEvent(reading: $0, fate: .unreadable) }
      taken.add(.init(batch, taken: ReplayedBatch(events: events, length: 1), room: 9))
    }
    add(639)
    #expect(!taken.isFull)
    add(1)
    #expect(taken.isFull && taken.open.last?.bodySize == size)
    taken.close()
    #expect(!taken.isFull && taken.closed.count == 2)
  }

  /// What is not kept is not said to be.
  @Test func aFullDiskTakesAllOfItBack() throws {
    var (taken, room) = (TakenBatches(), 9_999)
    _ = try replay.take(batch(try bill(1)), room: &room, into: &taken)
    try store.writeOn { try $0.fillDisk() }
    #expect(throws: StoreError.full(path: ":memory:")) {
      var full = EventBatch()
      full.readings = try (2...400).map { try bill($0) }
      full.alongside = { try $0.setCursor("test", to: "full") }
      _ = try replay.take(full, room: &room, into: &taken)
    }
    #expect(taken.open.isEmpty && taken.closed.isEmpty)
    #expect(try store.read { try $0.eventCounts() } == [:])
  }

  /// The write of somebody else on this connection ends the transaction.
  @Test func whatSomebodyElseEndedIsKept() throws {
    try store.write { try $0.refuseInvoices(of: 666) }
    var (taken, room) = (TakenBatches(), 9)
    _ = try replay.take(batch(try bill(1)), room: &room, into: &taken)
    try store.write { try $0.setCursor("mine", to: "x") }
    _ = try replay.take(batch(try bill(2, total: 666)), room: &room, into: &taken)
    #expect(fates(taken.closed).first == [.taken(.processed([]))])
    #expect(try store.read { try $0.eventCounts() } == ["processed": 1, "failed": 1])
  }

  @Test func eventsOfTheInboxAreRunInTheirOwn() throws {
    var (taken, room) = (TakenBatches(), 9)
    _ = try replay.take(batch(try bill(1)), room: &room, into: &taken)
    let kept = try #require(try store.read { try $0.event("evt_1") })
    _ = try replay.take(batch(.kept(kept)), room: &room, into: &taken)
    #expect(fates(taken.closed) == [[.taken(.processed([]))]])
    #expect(try !store.isWritingOn)
  }

  // MARK: Others

  /// Gives one batch, and the end only when another connection has written.
  private actor WaitingForAnother: EventSource {
    private var rest: [EventBatch]
    private let other: Store

    init(_ batch: EventBatch, other: Store) { (rest, self.other) = ([batch], other) }

    func next() throws -> EventBatch? {
      if let batch = rest.popLast() { return batch }
      try other.write { try $0.setCursor("other", to: "was here") }
      return nil
    }
  }

  /// While a source is waited for, others can write.
  @Test func nobodyWaitsForASource() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("billing.db")
    let store = try Store.open(at: path, now: { noon })
    let other = try Store.open(at: path, now: { noon })
    let replay = Replay(inbox: Inbox(store: store, mirror: .sample))
    let source = WaitingForAnother(batch(try bill(1)), other: other)
    var shown = 0
    try await store.inBulk {
      try await replay.run(source) { shown += $0.events.count }
    }
    #expect(shown == 1)
    #expect(try other.read { try $0.cursor("other") } == "was here")
  }
}
