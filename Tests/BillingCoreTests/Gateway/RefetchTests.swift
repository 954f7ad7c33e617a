import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct RefetchTests {
  private func event(_ id: String, _ object: JSON) throws -> IncomingEvent {
    let json: JSON = [
      "id": .string(id), "object": "event", "type": "customer.subscription.updated",
      "created": 100, "livemode": false, "data": ["object": object],
    ]
    return try IncomingEvent(Array(json.compact.utf8), verdict: .verified)
  }

  /// Two events of one second, of which none knows the other.
  private func doubt(in bench: Workbench) throws {
    let inbox = Inbox(store: bench.store, mirror: .sample)
    _ = try inbox.take([
      event("evt_1", Sample.subscription(quantity: 1)),
      event("evt_2", Sample.subscription(quantity: 2)),
    ])
    #expect(try bench.store.read { try $0.objectsInDoubt(limit: 9).map { $0.id } } == ["sub_1"])
  }

  @Test func whatIsInDoubtIsReadAgain() async throws {
    let bench = try Workbench([
      ("GET /v1/subscriptions/sub_1", .json(Sample.subscription(quantity: 1)))
    ])
    try doubt(in: bench)
    let refetch = Refetch(gateway: bench.runner.gateway)
    #expect(try await refetch.settleDoubts() == 1)
    #expect(try bench.store.read { try $0.subscription("sub_1") }?.quantity == 1)
    #expect(try await refetch.settleDoubts() == 0)
    bench.transport.finish()
  }

  @Test func whatIsGoneIsNoLongerInDoubt() async throws {
    let bench = try Workbench([
      (
        "GET /v1/subscriptions/sub_1",
        .json(["error": ["type": "invalid_request_error", "message": "No such"]], status: 404)
      )
    ])
    try doubt(in: bench)
    #expect(try await Refetch(gateway: bench.runner.gateway).settleDoubts() == 1)
    #expect(try bench.store.read { try $0.objectsInDoubt(limit: 9).isEmpty })
    #expect(try bench.store.read { try $0.subscription("sub_1") }?.quantity == 2)
  }

  @Test func theObjectsOfEventsAreReadAgainWhenWanted() async throws {
    let bench = try Workbench([
      ("GET /v1/subscriptions/sub_1", .json(Sample.subscription(quantity: 7)))
    ])
    let inbox = Inbox(store: bench.store, mirror: .sample)
    _ = try inbox.take([event("evt_1", Sample.subscription(quantity: 1))])
    try Refetch.doubt(objectsOf: ["evt_1", "evt_unknown"], in: bench.store)
    #expect(try await Refetch(gateway: bench.runner.gateway).settleDoubts() == 1)
    #expect(try bench.store.read { try $0.subscription("sub_1") }?.quantity == 7)
    bench.transport.finish()
  }
}
