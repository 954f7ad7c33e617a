import Basics
import Stripe
import Synchronization
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) final class EventForwardingTests: Sendable {
  static let secret = Secret("whsec_one")
  static let url = "http://127.0.0.1:3000/hook"

  let store: Store
  let pauses = Mutex<[Int64]>([])

  init() throws { store = try Store.inMemory(now: { noon }) }

  /// Keeps events: an id, its customer, when it happened.
  func keep(_ events: (String, String, Int64)...) throws -> [String] {
    let inbox = Inbox(store: store, mirror: .sample)
    _ = try inbox.take(
      events.map { id, customer, created in
        let json: JSON = [
          "id": .string(id), "object": "event", "type": "customer.updated",
          "created": .integer(created), "livemode": false, "api_version": "2026-10-28.endive",
          "data": ["object": Sample.customer(customer)],
        ]
        return try IncomingEvent(Array(json.compact.utf8), verdict: .trusted)
      })
    return events.map { $0.0 }
  }

  func forwarding(_ endpoint: FakeEndpoint) throws -> EventForwarding {
    let ticks = Mutex<Int64>(0)
    return EventForwarding(
      to: try ForwardDestination(Self.url), store: store, secret: Self.secret,
      surroundings: .init(
        transport: endpoint, now: { noon },
        uptimeMilliseconds: {
          ticks.withLock { ticks in
            ticks += 5
            return ticks
          }
        }, pause: { milliseconds in self.pauses.withLock { $0.append(milliseconds) } }))
  }

  func summary(_ delivered: Int, failed: Int = 0, waiting: Int = 0) -> [Int] {
    [delivered, failed, waiting]
  }

  func run(_ forwarding: EventForwarding, askedAfter position: Int64 = 0) async throws -> [Int] {
    let result = try await forwarding.run(askedAfter: position)
    return [result.delivered, result.failed, result.waiting]
  }

  @Test func thoseOfACustomerComeInOrder() async throws {
    let ids = try keep(("evt_3", "cus_1", 30), ("evt_1", "cus_1", 10), ("evt_2", "cus_1", 20))
    let endpoint = FakeEndpoint()
    let forwarding = try forwarding(endpoint)
    #expect(try forwarding.ask(ids) == 0)
    #expect(try await run(forwarding) == summary(3))
    #expect(endpoint.events == ["evt_1", "evt_2", "evt_3"])
  }

  @Test func eachIsSignedForNow() async throws {
    let ids = try keep(("evt_1", "cus_1", 10))
    let endpoint = FakeEndpoint()
    let forwarding = try forwarding(endpoint)
    _ = try forwarding.ask(ids)
    _ = try await run(forwarding)
    let request = try #require(endpoint.seen.first)
    #expect(request.url == Self.url && request.method == .post)
    #expect(request.headers["Content-Type"] == "application/json; charset=utf-8")
    try WebhookSignature.verify(
      payload: request.body, header: request.headers["Stripe-Signature"] ?? "",
      secrets: [Self.secret], toleranceSeconds: 1, now: noon)
    #expect(request.body == (try store.read { try $0.keptEvent("evt_1") }?.body))
  }

  @Test func whatWasDeliveredIsSentAgainOnlyWhereItIsMeant() async throws {
    let ids = try keep(("evt_1", "cus_1", 10), ("evt_2", "cus_2", 20))
    let endpoint = FakeEndpoint()
    let forwarding = try forwarding(endpoint)
    _ = try forwarding.ask(ids)
    _ = try await run(forwarding)
    let position = try forwarding.position()
    #expect(try forwarding.ask(ids) == 2)
    #expect(try await run(forwarding, askedAfter: position) == summary(0))
    #expect(try forwarding.ask(ids, again: true) == 0)
    #expect(try await run(forwarding, askedAfter: position) == summary(2))
    #expect(endpoint.events.count == 4)
  }

  @Test func whatWasAskedForTwiceIsSentOnce() async throws {
    let ids = try keep(("evt_1", "cus_1", 10))
    let endpoint = FakeEndpoint()
    let forwarding = try forwarding(endpoint)
    _ = try forwarding.ask(ids)
    _ = try forwarding.ask(ids)
    #expect(try await run(forwarding) == summary(1))
    #expect(endpoint.events == ["evt_1"])
  }

  @Test func laterOnesWaitBehindOneThatWasNotTaken() async throws {
    let ids = try keep(
      ("evt_1", "cus_1", 10), ("evt_2", "cus_1", 20), ("evt_3", "cus_2", 30), ("evt_4", "cus_1", 40)
    )
    let endpoint = FakeEndpoint(["evt_2": [.status(404)]])
    let forwarding = try forwarding(endpoint)
    _ = try forwarding.ask(ids)
    #expect(try await run(forwarding) == summary(2, failed: 1, waiting: 1))
    #expect(endpoint.events.sorted() == ["evt_1", "evt_2", "evt_3"])
    endpoint.recover()
    endpoint.forget()
    #expect(try await run(forwarding) == summary(2))
    #expect(endpoint.events == ["evt_2", "evt_4"])
  }

  @Test func whatMayPassIsTriedAgain() async throws {
    let ids = try keep(("evt_1", "cus_1", 10))
    let endpoint = FakeEndpoint([
      "evt_1": [
        .status(500), .failure(.refused), .status(429, retryAfter: "9"), .status(200),
      ]
    ])
    let forwarding = try forwarding(endpoint)
    _ = try forwarding.ask(ids)
    #expect(try await run(forwarding) == summary(1))
    #expect(pauses.withLock { $0 } == [500, 2_000, 9_000])
    #expect(
      try store.read { try $0.forwards(of: "evt_1") } == [
        "0 asked", "1 answered 500", "2 it is refused", "3 answered 429", "4 delivered",
      ])
  }

  @Test func aRedirectIsNotFollowed() async throws {
    let ids = try keep(("evt_1", "cus_1", 10))
    let endpoint = FakeEndpoint(["evt_1": [.status(302)]])
    let forwarding = try forwarding(endpoint)
    _ = try forwarding.ask(ids)
    #expect(try await run(forwarding) == summary(0, failed: 1))
    #expect(endpoint.seen.count == 1 && pauses.withLock { $0 } == [])
    #expect(
      try store.read { try $0.forwards(of: "evt_1") }
        == ["0 asked", "1 redirects are not followed"])
  }

  @Test func nothingIsTriedForEverWhereNobodyAnswers() async throws {
    var ids: [String] = []
    for number in 1...50 { ids += try keep(("evt_\(number)", "cus_\(number)", Int64(number))) }
    let endpoint = FakeEndpoint(rest: .failure(.refused))
    let forwarding = try forwarding(endpoint)
    _ = try forwarding.ask(ids)
    let result = try await forwarding.run()
    #expect(result.delivered == 0)
    #expect(result.failed < ForwardLanes.patience + ForwardLanes.mostAtOnce)
    #expect(result.failed + result.waiting == 50)
  }

  @Test func aRunThatWasStoppedIsGoneOnWith() async throws {
    let ids = try keep(("evt_1", "cus_1", 10), ("evt_2", "cus_1", 20))
    let endpoint = FakeEndpoint(["evt_2": [.failure(.canceled)]])
    let forwarding = try forwarding(endpoint)
    _ = try forwarding.ask(ids)
    await #expect(throws: CancellationError.self) { try await forwarding.run() }
    #expect(try store.read { try $0.forwards(of: "evt_2") } == ["0 asked"])
    endpoint.recover()
    #expect(try await run(forwarding) == summary(1))
    #expect(endpoint.events == ["evt_1", "evt_2", "evt_2"])
  }

  @Test func manyPagesAreSentWhole() async throws {
    let inbox = Inbox(store: store, mirror: .sample)
    let count = EventForwarding.pageSize + 10
    let events = try (0..<count).map { number in
      let json: JSON = [
        "id": .string("evt_\(number)"), "object": "event", "type": "balance.available",
        "created": .integer(Int64(number / 7)), "livemode": false,
        "data": ["object": ["id": .string("bal_\(number % 13)"), "object": "balance"]],
      ]
      return try IncomingEvent(Array(json.compact.utf8), verdict: .trusted)
    }
    _ = try inbox.take(events)
    let endpoint = FakeEndpoint()
    let forwarding = try forwarding(endpoint)
    _ = try forwarding.ask(events.map { $0.event.id })
    #expect(try await run(forwarding) == summary(count))
    #expect(Set(endpoint.events).count == count && endpoint.events.count == count)
  }
}
