import Basics
import Stripe
import Testing

@testable import BillingCore

/// What the database itself does not take: the fault of one event, or of the machine.
@Suite(.tags(.unit)) struct InboxFaultTests {
  let store: Store
  let inbox: Inbox

  init() throws {
    store = try Store.inMemory(now: { noon })
    inbox = Inbox(store: store, mirror: .sample)
  }

  /// A bill with the customer expanded in it, so that there is something to be taken back.
  private func bill(_ number: Int, total: Int64 = 4900) throws -> IncomingEvent {
    var invoice = Sample.invoice("in_\(number)").object ?? [:]
    invoice["total"] = .integer(total)
    invoice["customer"] = Sample.customer("cus_\(number)")
    let json: JSON = [
      "id": .string("evt_\(number)"), "object": "event", "type": "invoice.created",
      "created": 100, "livemode": false, "data": ["object": .object(invoice)],
    ]
    return try IncomingEvent(Array(json.compact.utf8), verdict: .verified)
  }

  private func bills() throws -> [IncomingEvent] {
    [try bill(1), try bill(2, total: 666), try bill(3)]
  }

  private func invoices() throws -> [String] {
    try store.read { try $0.objectIDs(ofType: "invoice") }
  }

  private let outcomes: [EventOutcome] = [
    .processed([]), .failed(reason: "the database does not take its object: no such total"),
    .processed([]),
  ]

  // MARK: One event's fault

  @Test func oneThatIsTakenFailsAlone() throws {
    try store.write { try $0.refuseInvoices(of: 666) }
    let taken = try inbox.take(try bills()) { try $0.setCursor("test", to: "3") }
    #expect(taken == outcomes)
    #expect(try store.read { try $0.cursor("test") } == "3")
    #expect(try invoices() == ["in_1", "in_3"])
    #expect(try store.read { try $0.objectIDs(ofType: "customer") } == ["cus_1", "cus_3"])
    let failed = try store.read { try $0.event("evt_2") }
    #expect(failed?.status == .failed && failed?.nextAttemptAt == noon + 10)
  }

  @Test func oneThatWaitedFailsAlone() throws {
    try store.write { try $0.refuseInvoices(of: 666) }
    let events = try bills()
    #expect(try inbox.receive(events) == [.kept, .kept, .kept])
    #expect(try inbox.run(events.map { $0.event.id }) == outcomes)
    #expect(try invoices() == ["in_1", "in_3"])
    try store.write { try $0.acceptInvoices() }
    #expect(try inbox.run(["evt_2"]) == [.processed([])])
    #expect(try store.read { try $0.event("evt_2") }?.attempts == 2)
  }

  /// What is kept beside the events is nobody's event: without it none of them is kept.
  @Test func whatBreaksARuleBesideTheEventsStopsThem() throws {
    #expect(throws: StoreError.self) {
      try inbox.take(try bills()) { transaction in
        try transaction.refuseInvoices(of: 1)
        try transaction.refuseInvoices(of: 1)
      }
    }
    #expect(try store.read { try $0.eventCounts() } == [:])
  }

  // MARK: The machine's fault

  @Test func aFullDiskIsNoEventsFault() throws {
    try store.write { try $0.fillDisk() }
    let events = try (1...200).map { try bill($0) }
    #expect(throws: StoreError.full(path: ":memory:")) { try inbox.take(events) }
    #expect(throws: StoreError.full(path: ":memory:")) { try inbox.receive(events) }
    #expect(try store.read { try $0.eventCounts() } == [:])
  }

  @Test func aFullDiskStopsTheRunWithItsEventsWaiting() throws {
    let events = try (1...200).map { try bill($0) }
    _ = try inbox.receive(events)
    try store.write { try $0.fillDisk() }
    #expect(throws: StoreError.full(path: ":memory:")) {
      try inbox.run(events.map { $0.event.id })
    }
    #expect(try store.read { try $0.eventCounts() } == ["pending": 200])
  }
}
