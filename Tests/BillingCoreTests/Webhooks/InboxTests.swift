import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct InboxTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  var inbox: Inbox { Inbox(store: store, mirror: .sample) }

  func event(
    _ id: String, _ type: String, _ object: JSON, at created: Int64 = 100,
    with fields: JSONObject = [:]
  ) throws -> IncomingEvent {
    var json: JSONObject = [
      "id": .string(id), "object": "event", "type": .string(type), "created": .integer(created),
      "livemode": false, "api_version": "2026-10-28.endive", "data": ["object": object],
    ]
    for (key, value) in fields { json[key] = value }
    return try IncomingEvent(Array(JSON.object(json).compact.utf8), verdict: .verified)
  }

  func take(_ events: IncomingEvent..., force: Bool = false) throws -> [EventOutcome] {
    try inbox.take(events, force: force)
  }

  func counts() throws -> [String: Int] { try store.read { try $0.eventCounts() } }

  let broken = Sample.subscription(changing: ["items": 1])

  @Test func eachEventHasOneEffect() throws {
    let events = [
      try event("evt_1", "customer.created", Sample.customer()),
      try event("evt_2", "customer.subscription.created", Sample.subscription()),
      try event("evt_3", "balance.available", ["id": "bal_1", "object": "balance"]),
    ]
    let first = try inbox.take(events) { try $0.setCursor("sandbox", to: "9") }
    #expect(first.map { $0.word } == ["processed", "processed", "ignored"])
    let second = try inbox.take(events) { try $0.setCursor("sandbox", to: "10") }
    #expect(second == [.duplicate, .duplicate, .duplicate])
    #expect(try counts() == ["processed": 2, "ignored": 1])
    #expect(try store.read { try $0.cursor("sandbox") } == "10")
    #expect(
      try store.read { try $0.changes(ofCustomer: "cus_1") }.map { $0.cause } == ["evt_2", "evt_2"])
  }

  @Test func twoIDsOfOneChangeHaveOneEffect() throws {
    let first = try take(event("evt_1", "customer.subscription.created", Sample.subscription()))
    #expect(first.map { $0.transitions.count } == [2])
    let second = try take(event("evt_2", "customer.subscription.created", Sample.subscription()))
    #expect(second == [.processed([])])
  }

  @Test func whatIsForcedIsAppliedAgain() throws {
    _ = try take(event("evt_1", "customer.created", Sample.customer()))
    let again = try take(event("evt_1", "customer.created", Sample.customer()), force: true)
    #expect(again == [.processed([])])
    #expect(try store.read { try $0.event("evt_1") }?.attempts == 2)
  }

  // MARK: What goes wrong

  @Test func oneThatCannotBeReadDoesNotStopTheRest() throws {
    let outcomes = try take(
      event("evt_1", "customer.subscription.created", broken),
      event("evt_2", "customer.created", Sample.customer()))
    #expect(outcomes.map { $0.word } == ["failed", "processed"])
    #expect(try store.read { try $0.subscription("sub_1") } == nil)
    let failed = try store.read { try $0.event("evt_1") }
    #expect(failed?.error == "subscription sub_1: items is not a list")
    #expect(failed?.nextAttemptAt == noon + 10)
    #expect(try store.read { try $0.dueEventIDs(at: noon + 9, limit: 9) } == [])
    #expect(try store.read { try $0.dueEventIDs(at: noon + 10, limit: 9) } == ["evt_1"])
  }

  @Test func afterTheLastAttemptItIsGivenUp() throws {
    _ = try take(event("evt_1", "customer.subscription.created", broken))
    for attempt in 2...7 {
      #expect(try inbox.run(["evt_1"]).map { $0.word } == ["failed"])
      let event = try store.read { try $0.event("evt_1") }
      #expect(event?.attempts == attempt)
      #expect((event?.nextAttemptAt == nil) == (attempt == 7))
    }
  }

  @Test func oneThatFailedIsTakenAgainWhenItComesAgain() throws {
    _ = try take(event("evt_1", "customer.subscription.created", broken))
    let corrected = try event("evt_1", "customer.subscription.created", Sample.subscription())
    #expect(try take(corrected).map { $0.word } == ["processed"])
    let row = try store.read { try $0.event("evt_1") }
    #expect(row?.status == .processed && row?.error == nil && row?.attempts == 2)
    #expect(try store.read { try $0.keptEvent("evt_1") }?.body == corrected.body)
  }

  /// What was received and waits is what came last, too.
  @Test func oneThatFailedIsReceivedAgainWithWhatItSaysNow() throws {
    _ = try take(event("evt_1", "customer.subscription.created", broken))
    _ = try inbox.receive([
      try event("evt_1", "customer.subscription.created", Sample.subscription())
    ])
    #expect(try inbox.run(["evt_1"]).map { $0.word } == ["processed"])
  }

  @Test(
    arguments: [
      ("type", ["type": "customer.updated"]), ("created", ["created": 101]),
      ("account", ["account": "acct_2"]),
      ("object id", ["data": ["object": ["id": "cus_2", "object": "customer"]]]),
    ] as [(String, JSONObject)])
  func theSameIDWithOtherContentIsKeptAside(_ field: String, _ fields: JSONObject) throws {
    _ = try take(event("evt_1", "customer.created", Sample.customer()))
    let other = try event("evt_1", "customer.created", Sample.customer(), with: fields)
    #expect(try take(other) == [.conflict(in: field)])
    #expect(try take(other) == [.conflict(in: field)])
    #expect(try counts() == ["processed": 1])
    #expect(try store.read { try $0.customer("cus_2") } == nil)
  }

  // MARK: Whose it is

  @Test func theFirstEventStampsTheMode() throws {
    let test = try event("evt_1", "customer.created", Sample.customer())
    let live = try event("evt_2", "customer.created", Sample.customer(), with: ["livemode": true])
    #expect(try take(test, live).map { $0.word } == ["processed", "other mode"])
    #expect(try counts() == ["processed": 1])
    #expect(try store.mode() == .test)
    #expect(try inbox.receive([live]) == [.settled(.otherMode)])
  }

  @Test func aConnectedAccountsObjectsAreNotOurs() throws {
    let event = try event(
      "evt_1", "customer.created", Sample.customer(), with: ["account": "acct_other"])
    #expect(try take(event) == [.ignored])
    #expect(try store.read { try $0.customer("cus_1") } == nil)
    #expect(try store.read { try $0.event("evt_1") }?.account == "acct_other")
  }

  @Test func anUnknownCustomersEventsAreLinkedWhenItAppears() throws {
    let subscription = try event(
      "evt_1", "customer.subscription.created", Sample.subscription(), at: 101)
    #expect(try take(subscription).map { $0.word } == ["processed"])
    #expect(try store.read { try $0.customers(email: "one@example.com") }.isEmpty)
    _ = try take(event("evt_2", "customer.created", Sample.customer(), at: 100))
    let customer = try store.read { try $0.customers(email: "one@example.com") }.first
    let id = try #require(customer?.id)
    #expect(try store.read { try $0.subscriptions(ofCustomer: id) }.map { $0.id } == ["sub_1"])
  }

  // MARK: Receiving

  @Test func whatIsReceivedWaitsUntilItIsRun() throws {
    let events = [
      try event("evt_2", "customer.updated", Sample.customer(), at: 101),
      try event("evt_1", "customer.created", Sample.customer(), at: 100),
    ]
    #expect(try inbox.receive(events) == [.kept, .kept])
    #expect(try inbox.receive(events) == [.again, .again])
    #expect(try store.read { try $0.event("evt_1") }?.attempts == 0)
    #expect(try store.read { try $0.customer("cus_1") } == nil)
    let waiting = try store.read { try $0.pendingEventIDs(limit: 9) }
    #expect(waiting == ["evt_1", "evt_2"])
    #expect(try inbox.run(waiting).map { $0.word } == ["processed", "processed"])
    #expect(try store.read { try $0.event("evt_1") }?.attempts == 1)
    #expect(try inbox.receive(events) == [.settled(.duplicate), .settled(.duplicate)])
  }

  @Test func whatFailedAndWasGivenUpIsDueWhenItIsReceivedAgain() throws {
    let event = try event("evt_1", "customer.subscription.created", broken)
    _ = try take(event)
    for _ in 2...7 { _ = try inbox.run(["evt_1"]) }
    #expect(try store.read { try $0.event("evt_1") }?.nextAttemptAt == nil)
    #expect(try inbox.receive([event]) == [.again])
    #expect(try store.read { try $0.dueEventIDs(at: noon, limit: 9) } == ["evt_1"])
    #expect(try store.read { try $0.event("evt_1") }?.attempts == 7)
  }

  @Test func aThinEventIsKeptWithTheObjectThatItNames() throws {
    let body: JSON = [
      "id": "evt_1", "object": "v2.core.event", "livemode": false,
      "type": "v1.billing.meter.error_report_triggered", "created": "2026-11-20T10:00:00.000Z",
      "related_object": [
        "id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters/mtr_1",
      ],
    ]
    let thin = try IncomingEvent(Array(body.compact.utf8), verdict: .verified)
    #expect(try take(thin) == [.ignored])
    let row = try store.read { try $0.event("evt_1") }
    #expect(row?.objectID == "mtr_1")
    #expect(row?.created.iso8601 == "2026-11-20T10:00:00Z")
  }

  @Test func deletedBeforeCreatedStaysDeleted() throws {
    _ = try take(
      event("evt_2", "customer.deleted", Sample.customer(), at: 101),
      event("evt_1", "customer.created", Sample.customer(), at: 100))
    #expect(try store.read { try $0.customers(email: "one@example.com") }.isEmpty)
  }
}

extension EventOutcome {
  fileprivate var transitions: [Transition] {
    if case .processed(let transitions) = self { transitions } else { [] }
  }

  var word: String {
    switch self {
    case .processed: "processed"
    case .ignored: "ignored"
    case .duplicate: "duplicate"
    case .conflict: "conflict"
    case .failed: "failed"
    case .otherMode: "other mode"
    }
  }
}
