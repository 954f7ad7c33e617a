import Basics
import BillingCore
import Foundation
import Stripe
import Synchronization
import Testing

@testable import billing

/// What `doctor` says of what waits in the database.
@Suite(.tags(.unit)) struct DoctorQueueTests {
  private let world: TestWorld
  private let store: Store

  init() throws {
    let world = try TestWorld()
    self.world = world
    store = try Store.open(
      at: world.directory + "/billing.db", now: { world.clock.withLock { $0 } })
  }

  private func finding(_ check: String) async throws -> String {
    let transport = ScriptedTransport([DoctorTests.account(), DoctorTests.endpoint()])
    let result = await world.run(
      "doctor --json", environment: DoctorTests.key, transport: transport)
    let rows = try JSON(parsing: result.output)["data"]?.array ?? []
    return rows.filter { $0["check"]?.string == check }.map { row in
      let hint = row["hint"]?.string.map { "; \($0)" } ?? ""
      return "\(row["status"]?.string ?? "-"): \(row["message"]?.string ?? "-")\(hint)"
    }.joined(separator: "\n")
  }

  private func event(_ id: String, object: String = "cus_1") throws -> IncomingEvent {
    try IncomingEvent(
      Array(
        """
        {"id":"\(id)","object":"event","type":"customer.created","created":1795168000,
        "livemode":false,"data":{"object":{"id":"\(object)","object":"customer",
        "created":1795168000,"livemode":false,"metadata":{}}}}
        """.utf8), verdict: .verified)
  }

  @Test func operationsGrowOld() async throws {
    #expect(try await finding("operations") == "ok: all are settled")
    let lost = await world.run(
      "customer create --email ada@example.com --max-retries 0",
      environment: DoctorTests.key,
      transport: ScriptedTransport([
        DoctorTests.account(), .json(#"{"data":[],"has_more":false}"#),
        .response(500, "{}", [:]),
      ]))
    #expect(lost.exit == .outcomeUnknown, "\(lost.errors)")
    #expect(try await finding("operations") == "ok: 1 operation is under way")
    world.tick(301)
    #expect(
      try await finding("operations")
        == "warning: 1 operation is not settled, for 5 minutes; billing recover settles it")
    world.tick(23 * 3600)
    #expect(
      try await finding("operations")
        == "fault: 1 operation is not settled, for 23 hours; billing recover settles it")
  }

  @Test func eventsThatWaitAndThatFailed() async throws {
    #expect(try await finding("events") == "ok: none has failed")
    #expect(try await finding("queues") == "ok: nothing waits")
    let inbox = Inbox(store: store, mirror: try world.context().mirror())
    _ = try inbox.receive([try event("evt_1"), try event("evt_2", object: "cus_2")])
    #expect(try await finding("queues") == "ok: nothing waits")
    world.tick(3 * 3600)
    #expect(
      try await finding("queues")
        == "warning: 2 events wait to be applied, for 3 hours; "
        + "start billing webhook listen again, which applies them first")
    _ = try inbox.run(["evt_1", "evt_2"])
    #expect(try await finding("queues") == "ok: nothing waits")
    _ = try inbox.take([try event("evt_1", object: "cus_9")])
    #expect(
      try await finding("events")
        == "warning: 1 delivery contradicts a known event; it was kept aside; "
        + "billing webhook show EVT shows both; look at who else knows the signing secret")
  }

  /// Where plans.yaml has somebody told: what nothing is set up to send waits.
  @Test func notificationsThatWait() async throws {
    _ = try store.write {
      try $0.enqueue(
        BillingCore.Notification(
          .tokensPurchased, customerID: "cus_1", cause: "one", at: TestWorld.start, payload: [:]))
    }
    world.tick(2 * 3600)
    try Shop.writePlans("agnostic", in: world)
    #expect(try await finding("queues") == "ok: nothing waits")
    try Shop.writePlans("coditect", in: world)
    #expect(
      try await finding("queues")
        == "warning: 1 notification waits to be sent, for 2 hours; "
        + Ailment.unsentNotifications.remedy)
  }

  /// Messages for services of one's own; those of one that was removed are nobody's any more.
  @Test func messagesThatWait() async throws {
    let shop = try await Shop()
    let endpoint = try await shop.json(
      "endpoint add https://app.example.com/hook --events subscription.created")
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    func queues() async throws -> JSON? {
      let result = await shop.run("doctor --json")
      return try JSON(parsing: result.output)["data"]?.array?.first { $0["check"] == "queues" }
    }
    #expect(try await queues()?["message"] == "nothing waits")
    _ = await shop.run("sandbox advance '2 hours'")
    #expect(
      try await queues() == [
        "check": "queues", "status": "warning",
        "message": "1 message waits for a service, for 2 hours",
        "hint": .string(Ailment.undelivered.remedy),
      ])
    _ = try await shop.json("endpoint remove \(endpoint["id"]?.string ?? "-") --yes")
    #expect(try await queues()?["message"] == "nothing waits")
  }
}
