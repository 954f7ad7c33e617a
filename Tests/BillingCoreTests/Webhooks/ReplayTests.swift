import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct ReplayTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  /// Batches that are there already.
  private actor Batches: EventSource {
    private var rest: [EventBatch]
    init(
      _ batches: [[EventReading]], alongside: (@Sendable (Transaction, Int) throws -> Void)? = nil
    ) {
      rest = batches.enumerated().map { index, readings in
        var batch = EventBatch()
        batch.readings = readings
        if let alongside { batch.alongside = { try alongside($0, index) } }
        return batch
      }
    }
    func next() -> EventBatch? { rest.isEmpty ? nil : rest.removeFirst() }
  }

  func event(
    _ id: String, _ type: String = "customer.created", _ object: JSON = Sample.customer(),
    at created: Int64 = 100, isLive: Bool = false
  ) throws -> EventReading {
    let json: JSON = [
      "id": .string(id), "object": "event", "type": .string(type), "created": .integer(created),
      "livemode": .bool(isLive), "data": ["object": object],
    ]
    return .event(try IncomingEvent(Array(json.compact.utf8), verdict: .verified))
  }

  let unreadable = EventReading.unreadable(
    UnreadableEvent(place: "a.json:1", reason: "no JSON", isUnsigned: true))

  func run(
    _ batches: [[EventReading]], _ filter: EventFilter = EventFilter(), isForced: Bool = false
  ) async throws -> ReplayCounts {
    let replay = Replay(
      inbox: Inbox(store: store, mirror: .sample), filter: filter, isForced: isForced)
    var counts = ReplayCounts()
    try await replay.run(
      Batches(batches) { try $0.setCursor("test", to: "\($1)") }
    ) { batch in for event in batch.events { counts.add(event) } }
    return counts
  }

  /// `read processed duplicates ignored failed skipped verified`.
  func figures(_ counts: ReplayCounts) -> [Int] {
    [
      counts.read, counts.processed, counts.duplicates, counts.ignored, counts.failed,
      counts.skipped, counts.verified,
    ]
  }

  @Test func everyEventIsCountedOnce() async throws {
    let broken = Sample.subscription(changing: ["items": 1])
    let batches = [
      [
        try event("evt_1"), try event("evt_2", "balance.available", ["id": "bal_1"]), unreadable,
        try event("evt_3", "customer.subscription.created", broken),
      ],
      [try event("evt_1"), try event("evt_4", isLive: true), try event("evt_1", at: 101)],
    ]
    #expect(figures(try await run(batches)) == [7, 1, 1, 1, 3, 1, 6])
    #expect(try store.read { try $0.cursor("test") } == "1")
    #expect(figures(try await run(batches)) == [7, 0, 3, 0, 3, 1, 6])
    #expect(
      figures(try await run([[try event("evt_1")]], isForced: true)) == [1, 1, 0, 0, 0, 0, 1])
  }

  @Test func aFilterPassesOver() async throws {
    var filter = EventFilter()
    filter.type = EventTypePattern("customer.*")
    filter.since = Timestamp(100)
    let counts = try await run(
      [
        [try event("evt_1"), try event("evt_2", "balance.available", ["id": "bal_1"])],
        [try event("evt_3", at: 99)],
      ], filter)
    #expect(figures(counts) == [3, 1, 0, 0, 0, 2, 3])
    // What was passed over is done with.
    #expect(try store.read { try $0.cursor("test") } == "1")
  }

  /// What a limit cuts off is not read, and is still to come for who goes on from the cursor.
  @Test func aLimitEndsIt() async throws {
    var filter = EventFilter()
    filter.limit = 2
    let counts = try await run(
      [
        [try event("evt_1")], [unreadable, try event("evt_2"), try event("evt_3")],
        [try event("evt_4")],
      ], filter)
    #expect(figures(counts) == [3, 2, 0, 0, 1, 0, 2])
    #expect(try store.read { try $0.cursor("test") } == "0")
  }

  @Test func eventsOfTheInboxAreRunAgain() async throws {
    let broken = Sample.subscription(changing: ["items": 1])
    _ = try await run(
      [[try event("evt_1"), try event("evt_2", "customer.subscription.created", broken)]])
    let kept = try store.read { transaction in
      try ["evt_1", "evt_2"].compactMap { try transaction.event($0) }.map { EventReading.kept($0) }
    }
    #expect(figures(try await run([kept])) == [2, 0, 1, 0, 1, 0, 2])
    #expect(try store.read { try $0.event("evt_2") }?.attempts == 2)
    #expect(figures(try await run([kept], isForced: true)) == [2, 1, 0, 0, 1, 0, 2])
  }

  /// Those that are not run again count where something else is done with them.
  @Test(arguments: [(false, [2, 0, 2]), (true, [1, 0, 1])]) func aLimitOfTheInbox(
    _ countsSettled: Bool, _ expected: [Int]
  ) async throws {
    _ = try await run([[try event("evt_1"), try event("evt_2", at: 101)]])
    let kept = try store.read { transaction in
      try ["evt_1", "evt_2"].compactMap { try transaction.event($0) }.map { EventReading.kept($0) }
    }
    var filter = EventFilter()
    filter.limit = 1
    let replay = Replay(
      inbox: Inbox(store: store, mirror: .sample), filter: filter, countsSettled: countsSettled)
    var counts = ReplayCounts()
    try await replay.run(Batches([kept])) { batch in
      for event in batch.events { counts.add(event) }
    }
    #expect(Array(figures(counts).prefix(3)) == expected)
  }

  /// Nothing says that a source has one kind of events only.
  @Test func aBatchMayMixTheKinds() async throws {
    let broken = Sample.subscription(changing: ["items": 1])
    _ = try await run([[try event("evt_1", "customer.subscription.created", broken)]])
    let kept = try #require(try store.read { try $0.event("evt_1") })
    let replay = Replay(inbox: Inbox(store: store, mirror: .sample))
    var batch = EventBatch()
    batch.readings = [unreadable, try event("evt_2"), .kept(kept), try event("evt_2")]
    var room = 9
    let fates = try replay.take(batch, room: &room).events.map { $0.fate }
    #expect(
      fates == [
        .unreadable, .taken(.processed([])),
        .taken(.failed(reason: "subscription sub_1: items is not a list")), .taken(.duplicate),
      ])
    #expect(room == 6)
  }

  @Test func aPreviewChangesACopy() async throws {
    _ = try await run([[try event("evt_1")]])
    let changed = Sample.customer(email: "two@example.com", metadata: ["plan": "x"])
    let batch = [
      try event("evt_2", "customer.updated", changed, at: 101), try event("evt_1"), unreadable,
      try event("evt_3", "customer.subscription.created", Sample.subscription(), at: 101),
    ]
    var lines: [String] = []
    try await ReplayPreview(onCopy: try store.copy(), mirror: .sample).run(Batches([batch])) {
      let changes = $0.changes.map { "\($0.path) \($0.before?.compact ?? "-")" }.joined(
        separator: ", ")
      lines.append("\($0.event.reading.name) \($0.isNew ? "new" : "known") \(changes)")
    }
    #expect(
      lines == [
        #"evt_2 known email "one@example.com", metadata.plan -"#, "evt_1 known ",
        "a.json:1 known ", "evt_3 new ",
      ])
    #expect(try store.read { try $0.eventCounts() } == ["processed": 1])
  }
}
