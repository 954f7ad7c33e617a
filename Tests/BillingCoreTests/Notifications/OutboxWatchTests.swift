import Basics
import GRDB
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct OutboxWatchTests {
  /// A customer on Starter whose card, their default, ends with a month.
  private func bench(
    month: Int64, year: Int64 = 2026, periodEnd: Int64 = 1_797_592_000,
    subscription changes: JSONObject = [:]
  ) throws -> OutboxBench {
    let bench = try OutboxBench()
    var customer = Sample.customer(email: "ada@example.com").object ?? [:]
    customer["invoice_settings"] = ["default_payment_method": "pm_1"]
    try apply(.object(customer), bench)
    try apply(
      [
        "id": "pm_1", "object": "payment_method", "customer": "cus_1", "type": "card",
        "card": [
          "brand": "visa", "last4": "4242", "exp_month": .integer(month),
          "exp_year": .integer(year),
        ], "created": 1_795_000_000, "livemode": false,
      ], bench)
    try apply(Sample.subscription(changing: changes), bench)
    _ = try bench.store.write { transaction in
      try transaction.unaddressedNotifications().map { try transaction.put([], of: $0.id) }
    }
    return bench
  }

  private func apply(_ json: JSON, _ bench: OutboxBench) throws {
    let snapshot = try #require(Snapshot(json, origin: .response, asOf: noon, cause: "op_1"))
    try bench.store.write { _ = try StripeMirror.sample.apply(snapshot, in: $0) }
  }

  private func told(_ bench: OutboxBench) throws -> [Notification] {
    try OutboxWatch(bench.store).look()
    return try bench.store.read { try $0.waitingNotifications() }
  }

  @Test func aCardThatEndsBeforeTheNextBillIsToldOnce() throws {
    // The next bill comes on 2026-12-18.
    let bench = try bench(month: 11)
    let notification = try #require(try told(bench).first)
    #expect(notification.kind == .cardExpiring)
    #expect(notification.customerID == "cus_1")
    #expect(notification.cause == "card pm_1 2026-11")
    #expect(
      notification.payload == [
        "id": "pm_1", "card": "visa 4242", "card_end": "11/2026",
        "bill_at": "2026-12-18T11:06:40Z",
      ])
    #expect(try told(bench).count == 1)
  }

  @Test func oneThatLastsLongEnoughIsNot() throws {
    #expect(try told(bench(month: 12)) == [])
    #expect(try told(bench(month: 1, year: 2027)) == [])
  }

  @Test func oneThatPaysNothingIsNot() throws {
    #expect(try told(bench(month: 11, subscription: ["status": "canceled"])) == [])
    #expect(try told(bench(month: 11, subscription: ["default_payment_method": "pm_2"])) == [])
    #expect(try told(bench(month: 11, subscription: ["cancel_at": 1_797_592_000])) == [])
    let named = try bench(month: 11, subscription: ["default_payment_method": "pm_1"])
    #expect(try told(named).count == 1)
  }

  @Test func eventsThatAreGivenUpAreToldWhenThereAreNewOnes() throws {
    let bench = try OutboxBench()
    func fail(_ id: String) throws {
      let event: JSON = [
        "id": .string(id), "object": "event", "type": "customer.subscription.updated",
        "created": .integer(noon.seconds), "livemode": false, "api_version": "2026-10-28.endive",
        "data": ["object": ["id": "sub_broken", "object": "subscription", "items": 1]],
      ]
      _ = try Inbox(store: bench.store, mirror: .sample)
        .take([IncomingEvent(Array(event.compact.utf8), verdict: .verified)])
      try bench.store.write {
        try $0.database.execute(sql: "UPDATE events SET next_attempt_at = NULL")
      }
    }
    #expect(try told(bench) == [])
    try fail("evt_1")
    let first = try #require(try told(bench).first)
    #expect(first.kind == .deadLetters && first.payload["count"] == 1)
    #expect(first.payload["example"] == "evt_1 (customer.subscription.updated)")
    bench.clock.pass(7_200)
    #expect(try told(bench).count == 1)
    try fail("evt_2")
    #expect(try told(bench).last?.payload["count"] == 2)
  }

  /// What an endpoint does not take is told; not of one that was removed, and not what was a test.
  @Test func deliveriesThatAreGivenUpAreTold() throws {
    let bench = try OutboxBench()
    func put(_ id: String, type: String, endpoint: String) throws {
      try bench.store.write {
        try $0.database.execute(
          sql: """
            INSERT INTO deliveries (number, id, endpoint, type, cause, body, at, status, attempts,
              error, created_at, updated_at)
            VALUES (NULL, ?1, ?2, ?3, ?1, '{}', 0, 'failed', 9, 'answered 500', 0, 0)
            """, arguments: [id, endpoint, type])
      }
    }
    try bench.store.write {
      try $0.database.execute(
        sql: """
          INSERT INTO endpoints (id, url, events, scheme, signature_header, secret, removed_at,
            actor, meaning, created_at, updated_at)
          VALUES ('ep_1', 'https://one.example', '*', 'stripe', 'S', 's', NULL, 'a', 'm', 0, 0),
            ('ep_2', 'https://two.example', '*', 'stripe', 'S', NULL, 1, 'a', 'm', 0, 0)
          """)
    }
    try put("msg_1", type: "endpoint.test", endpoint: "ep_1")
    try put("msg_2", type: "invoice.paid", endpoint: "ep_2")
    #expect(try told(bench) == [])
    try put("msg_3", type: "invoice.paid", endpoint: "ep_1")
    #expect(
      try told(bench).map { $0.payload } == [
        [
          "what": "deliveries to endpoints", "count": 1, "example": "msg_3 (invoice.paid)",
          "error": "answered 500", "command": "billing delivery list --status failed",
        ]
      ])
  }

  @Test func aMessageThatIsGivenUpIsTold() async throws {
    let bench = try OutboxBench()
    try bench.addCustomer()
    try bench.enqueue()
    bench.mailbox.answer(["*": .refused(550, "550 no")])
    #expect(try await bench.outbox().flush().dead == 1)
    let notification = try #require(try told(bench).first)
    #expect(
      notification.payload == [
        "what": "notifications", "count": 1, "example": "ada@example.com", "error": "550 no",
        "command": "billing notify list --status dead",
      ])
    // The operators' own address is refused: of that nobody is told, again and again.
    for _ in 0..<3 {
      _ = try await bench.outbox().flush()
      bench.clock.pass(7_200)
      #expect(try told(bench) == [])
    }
  }
}
