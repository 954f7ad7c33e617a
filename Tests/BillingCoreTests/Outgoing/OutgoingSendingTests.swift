import Basics
import Stripe
import Synchronization
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) final class OutgoingSendingTests: Sendable {
  private let bench: Listening
  private let clock = Mutex(noon)
  private let anything = ["*"].compactMap { EventTypePattern($0) }

  init() throws { bench = try Listening("*failed") }

  private func sending(to endpoint: FakeEndpoint) -> OutgoingSending {
    OutgoingSending(
      store: bench.store,
      surroundings: .init(
        transport: endpoint, now: { self.clock.withLock { $0 } },
        uptimeMilliseconds: { 0 }, pause: { _ in }))
  }

  private func pass(_ seconds: Int64) { clock.withLock { $0 = $0 + seconds } }

  /// Something happens to a customer; the id of the message that tells it.
  @discardableResult
  private func happen(_ invoice: String, to customer: String = "cus_1") throws -> String {
    let json = Sample.invoice(invoice).object?.with("customer", .string(customer)) ?? [:]
    try bench.take("invoice.payment_failed", .object(json), id: "evt_\(invoice)")
    return try #require(try log().last?.id)
  }

  /// All deliveries, the oldest first.
  private func log() throws -> [OutgoingDelivery] {
    try bench.store.read { try $0.deliveries(matching: .init()) }.reversed()
  }

  /// `delivered 1`, `pending 2 answered 500`.
  private func states() throws -> [String] {
    try log().map { delivery in
      [delivery.status.rawValue, "\(delivery.attempts)", delivery.error].compactMap { $0 }
        .joined(separator: " ")
    }
  }

  @Test func aMessageIsSignedAndSentAsItWasWrittenDown() async throws {
    let id = try happen("in_1")
    let endpoint = FakeEndpoint()
    let summary = try await sending(to: endpoint).run()
    #expect([summary.delivered, summary.failed] == [1, 0])
    let request = try #require(endpoint.seen.first)
    #expect(request.url == "https://we_1.example.com" && request.method == .post)
    #expect(
      request.headers.fields.map { $0.name } == [
        "webhook-id", "webhook-timestamp", "webhook-signature", "Content-Type", "User-Agent",
      ])
    #expect(request.headers["webhook-id"] == id)
    #expect(
      request.headers["webhook-signature"]
        == OutgoingSignature.standard(
          request.body, id: id, secret: Secret("whsec_we_1"), at: noon))
    #expect(try JSON(parsing: request.body) == (try bench.messages().first))
    #expect(try states() == ["delivered 1"])
    #expect(try log().map { $0.deliveredAt } == [noon])
  }

  @Test func whatHappenedToOneCustomerComesInOrder() async throws {
    let first = try happen("in_1")
    let other = try happen("in_2", to: "cus_2")
    let second = try happen("in_3")
    let endpoint = FakeEndpoint([first: [.status(500)]])
    _ = try await sending(to: endpoint).run()
    #expect(Set(endpoint.events) == [first, other])
    #expect(try states() == ["pending 1 answered 500", "delivered 1", "pending 0"])
    endpoint.recover()
    endpoint.forget()
    pass(4)
    _ = try await sending(to: endpoint).run()
    #expect(endpoint.events == [])
    pass(1)
    _ = try await sending(to: endpoint).run()
    #expect(endpoint.events == [first, second])
    #expect(try states() == ["delivered 2", "delivered 1", "delivered 1"])
  }

  @Test func afterTheLastAttemptItIsGivenUpAndTheNextHasItsTurn() async throws {
    let first = try happen("in_1")
    let second = try happen("in_2")
    let endpoint = FakeEndpoint([first: [.status(302)]])
    for _ in 1...OutgoingSchedule.mostAttempts {
      _ = try await sending(to: endpoint).run()
      pass(86_400)
    }
    #expect(endpoint.events == Array(repeating: first, count: OutgoingSchedule.mostAttempts))
    _ = try await sending(to: endpoint).run()
    #expect(endpoint.events.last == second)
    #expect(try states() == ["failed 10 redirects are not followed", "delivered 1"])
    try bench.store.write { try $0.makeDeliveryDue(first) }
    endpoint.recover()
    _ = try await sending(to: endpoint).run()
    #expect(try states() == ["delivered 1", "delivered 1"])
  }

  @Test func oneEndpointDoesNotWaitForAnother() async throws {
    try bench.add("we_2", ["*"])
    try happen("in_1")
    let ids = try log().map { ($0.endpointID, $0.id) }
    let bad = try #require(ids.first { $0.0 == "we_1" }?.1)
    let endpoint = FakeEndpoint([bad: [.failure(.timeout)]])
    let summary = try await sending(to: endpoint).run()
    #expect(summary.delivered == 1 && summary.failed == 1)
    #expect(
      try log().map { "\($0.endpointID) \($0.status.rawValue)" }
        == ["we_1 pending", "we_2 delivered"])
  }

  /// Whoever is stopped between an answer and its row sends again, under the same id.
  @Test func whatWasStoppedIsSentAgainUnderItsID() async throws {
    let id = try happen("in_1")
    let endpoint = FakeEndpoint([id: [.failure(.canceled)]])
    await #expect(throws: CancellationError.self) { try await self.sending(to: endpoint).run() }
    #expect(try states() == ["pending 0"])
    endpoint.recover()
    _ = try await sending(to: endpoint).run()
    #expect(endpoint.seen.map { $0.headers["webhook-id"] } == [id, id])
    #expect(endpoint.seen[0].body == endpoint.seen[1].body)
  }

  @Test func whatAnEndpointWasStillToBeToldGoesWithIt() async throws {
    try happen("in_1")
    let removed = try bench.store.write { try $0.removeEndpoint("we_1") }
    #expect(removed.removedAt == noon)
    let endpoint = FakeEndpoint()
    #expect(try await sending(to: endpoint).run() == ForwardSummary())
    #expect(try states() == ["failed 0 the endpoint was removed"])
    #expect(try bench.store.read { try $0.secret(ofEndpoint: "we_1") } == nil)
    try happen("in_2")
    #expect(try log().count == 1)
    #expect(try bench.store.write { try $0.removeEndpoint("we_1") } == removed)
  }

  @Test func oneAloneIsSentOutOfItsTurn() async throws {
    try happen("in_1")
    let second = try happen("in_2")
    let endpoint = FakeEndpoint()
    let attempt = try await sending(to: endpoint).send(second)
    #expect(attempt?.isDelivered == true)
    #expect(endpoint.events == [second])
  }

  @Test func aTestIsTriedOnce() async throws {
    let wanted = try bench.store.read { try $0.requireEndpoint("we_1") }
    let id = try bench.store.write {
      try $0.insert(OutgoingMessage(testOf: wanted, token: "one", at: noon))
    }
    let endpoint = FakeEndpoint(rest: .status(503))
    _ = try await sending(to: endpoint).send(id)
    #expect(try states() == ["failed 1 answered 503"])
    #expect(try log().map { $0.type } == ["endpoint.test"])
  }

  @Test func nothingIsTriedForEverWhereNobodyAnswers() async throws {
    for number in 1...50 { try happen("in_\(number)", to: "cus_\(number)") }
    let endpoint = FakeEndpoint(rest: .failure(.refused))
    let summary = try await sending(to: endpoint).run()
    #expect(summary.delivered == 0)
    #expect(endpoint.seen.count < ForwardLanes.patience + ForwardLanes.mostAtOnce)
  }

  /// Two processes would send each message twice, and those of a customer in no order.
  @Test func oneProcessAtATimeSendsToAnEndpoint() async throws {
    let folder = try TemporaryFolder()
    let store = try Store.open(at: folder.path + "/billing.db", now: { noon })
    let endpoint = OutgoingEndpoint(
      id: "we_1", url: "https://app.example.com", events: anything, scheme: .standard,
      created: noon)
    let id = try store.write { transaction in
      _ = try transaction.add(endpoint, secret: Secret("whsec_x"), by: "ada@host", meaning: "m")
      return try transaction.insert(OutgoingMessage(testOf: endpoint, token: "one", at: noon))
    }
    let lock = try #require(try ForwardLock.take("we_1", of: store))
    let sending = OutgoingSending(
      store: store,
      surroundings: .init(
        transport: FakeEndpoint(), now: { noon }, uptimeMilliseconds: { 0 }, pause: { _ in }))
    #expect(try await sending.run().isElsewhere)
    #expect(try await sending.send(id) == nil)
    lock.release()
    #expect(try await sending.run().delivered == 1)
  }

  // MARK: Adding

  @Test func anAddressHasOneEndpoint() throws {
    #expect(
      throws: OutgoingConflict.addressTaken(id: "we_1", url: "https://we_1.example.com")
    ) {
      try self.bench.store.write { try $0.requireRoom(forEndpointAt: "https://we_1.example.com") }
    }
    for number in 2...OutgoingEndpoint.most { try bench.add("we_\(number)", ["*"]) }
    #expect(throws: OutgoingConflict.tooManyEndpoints) { try self.bench.add("we_99", ["*"]) }
  }

  @Test func aKeyStandsForOneAddition() throws {
    let endpoint = OutgoingEndpoint(
      id: "we_7", url: "https://app.example.com", events: anything, scheme: .stripe, created: noon)
    let add = { (meaning: String) in
      try self.bench.store.write {
        try $0.add(
          endpoint, secret: Secret("whsec_x"), by: "ada@host", meaning: meaning,
          idempotencyKey: "key-1")
      }.isNew
    }
    #expect(try add("m") == true)
    #expect(try add("m") == false)
    #expect(throws: OperationError.self) { try add("other") }
  }
}
