import Basics
import GRDB
import Stripe
import Testing

@testable import BillingCore

/// The columns of the mirror held against the objects that they were made from.
@Suite(.tags(.unit)) struct ColumnDifferenceTests {
  private let store: Store

  init() throws {
    store = try Store.inMemory(now: { noon })
    try apply(Sample.subscription())
    try apply(["id": "cus_1", "object": "customer", "created": 100, "livemode": false])
    try apply(["id": "cus_2", "object": "customer", "created": 100, "livemode": false])
    try apply(["id": "cus_2", "object": "customer", "deleted": true])
    try apply(["id": "cus_3", "object": "customer", "deleted": true])
  }

  private func apply(_ json: JSON) throws {
    let age = try store.read { try $0.objectCounts().reduce(0) { $0 + $1.count } }
    let snapshot = try #require(
      Snapshot(json, origin: .response, asOf: Timestamp(1_000 + Int64(age)), cause: nil))
    try store.write { _ = try StripeMirror.sample.apply(snapshot, in: $0) }
  }

  private func differences() throws -> [String] {
    try store.read { try $0.columnDifferences(limit: 10) }
      .map { "\($0.type) \($0.objectID) \($0.column ?? "-")" }.sorted()
  }

  private func run(_ sql: String) throws {
    try store.queue.writeWithoutTransaction { try $0.execute(sql: sql) }
  }

  @Test func whatTheDoorWroteAgrees() throws {
    #expect(try differences() == [])
  }

  /// What an event told stands in that event alone.
  @Test func whatEventsToldAgrees() throws {
    let customer: JSON = [
      "id": "cus_4", "object": "customer", "created": 100, "livemode": false, "email": "a@b.c",
    ]
    let inbox = Inbox(store: store, mirror: .sample)
    for (id, type) in [("evt_1", "customer.created"), ("evt_2", "customer.deleted")] {
      let event: JSON = [
        "id": .string(id), "object": "event", "type": .string(type), "created": 2_000,
        "livemode": false, "data": ["object": customer],
      ]
      _ = try inbox.take([IncomingEvent(Array(event.compact.utf8), verdict: .trusted)])
      #expect(try differences() == [])
    }
    try run("UPDATE customers SET deleted = 0 WHERE id = 'cus_4'")
    #expect(try differences() == ["customer cus_4 deleted"])
  }

  @Test func columnsThatWereChanged() throws {
    try run("UPDATE subscriptions SET status = 'canceled', cancel_at = 5")
    try run("UPDATE customers SET balance = -100 WHERE id = 'cus_1'")
    try run("UPDATE customers SET deleted = 0 WHERE id = 'cus_2'")
    #expect(
      try differences() == [
        "customer cus_1 balance", "customer cus_2 deleted", "subscription sub_1 cancel_at",
        "subscription sub_1 status",
      ])
  }

  @Test func rowsAndObjectsThatAreAlone() throws {
    try run("DELETE FROM customers WHERE id = 'cus_1'")
    try run("DELETE FROM objects WHERE id = 'sub_1'")
    #expect(try differences() == ["customer cus_1 -", "subscription sub_1 -"])
  }
}
