import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct EventIntakeTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  func event(_ id: String, _ type: String, _ object: JSON, at created: Int64 = 100) -> [UInt8] {
    let json: JSON = [
      "id": .string(id), "object": "event", "type": .string(type), "created": .integer(created),
      "livemode": false, "api_version": "2026-10-28.endive", "data": ["object": object],
    ]
    return Array(json.compact.utf8)
  }

  func take(_ bodies: [[UInt8]], cursor: String = "9") throws -> EventIntake.Summary {
    try EventIntake(store: store, mirror: .sample)
      .take(bodies, movingCursor: "sandbox", to: cursor)
  }

  @Test func eachEventHasOneEffect() throws {
    let bodies = [
      event("evt_1", "customer.created", Sample.customer()),
      event("evt_2", "customer.subscription.created", Sample.subscription()),
      event("evt_3", "balance.available", ["id": "bal_1", "object": "balance"]),
    ]
    var expected = EventIntake.Summary()
    expected.taken = 3
    #expect(try take(bodies) == expected)
    expected = EventIntake.Summary()
    expected.duplicates = 3
    #expect(try take(bodies, cursor: "10") == expected)
    #expect(try store.read { try $0.eventCounts() } == ["processed": 2, "ignored": 1])
    #expect(try store.read { try $0.cursor("sandbox") } == "10")
    #expect(
      try store.read { try $0.changes(ofCustomer: "cus_1") }.map { $0.cause } == ["evt_2", "evt_2"])
  }

  @Test func oneThatCannotBeReadDoesNotStopTheRest() throws {
    let summary = try take([
      event("evt_1", "customer.subscription.created", Sample.subscription(changing: ["items": 1])),
      event("evt_2", "customer.created", Sample.customer()),
    ])
    #expect(summary.failed == 1)
    #expect(summary.taken == 1)
    #expect(try store.read { try $0.eventCounts() } == ["failed": 1, "processed": 1])
    #expect(try store.read { try $0.subscription("sub_1") } == nil)
  }

  @Test func deletedBeforeCreatedStaysDeleted() throws {
    _ = try take([
      event("evt_2", "customer.deleted", Sample.customer(), at: 101),
      event("evt_1", "customer.created", Sample.customer(), at: 100),
    ])
    #expect(try store.read { try $0.customers(email: "one@example.com") }.isEmpty)
  }
}
