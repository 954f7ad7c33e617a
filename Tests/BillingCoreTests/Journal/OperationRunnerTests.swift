import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct OperationRunnerTests {
  let plan = CustomerPlanning.create(
    CustomerFields(email: "one@example.com"), externalIDKey: "billing_external_id")

  static let declined: JSON = [
    "error": [
      "type": "card_error", "code": "card_declined", "decline_code": "generic_decline",
      "message": "Your card was declined.",
    ]
  ]

  /// Attach a card, then subscribe.
  func subscribing() throws -> OperationPlan {
    try SubscriptionPlanning.subscribe(
      .existing(customerID: "cus_1", subscriptions: []),
      to: SubscriptionOffer(
        planID: "starter", price: .listed("price_starter"), paymentBehavior: "error_if_incomplete",
        paymentMethod: .toAttach("pm_card_visa")), expanding: [],
      intent: OperationIntent(command: "subscribe", words: ["plan": "starter"]))
  }

  static let card: JSON = [
    "id": "pm_7", "object": "payment_method", "type": "card", "customer": "cus_1",
    "created": 1_795_000_000, "livemode": false,
  ]

  @Test func aChangeIsWrittenDownSentAndTakenIn() async throws {
    let bench = try Workbench([("POST /v1/customers", .json(Sample.customer()))])
    let outcome = try await bench.runner.run(plan)
    bench.transport.finish()
    let operation = try #require(try bench.operation())
    #expect(operation == outcome.operation)
    #expect(operation.state == .done)
    #expect(operation.objectID == "cus_1")
    #expect(operation.customerID == "cus_1")
    #expect(operation.actor == "ada@host")
    #expect(try bench.store.read { try $0.customer("cus_1") }?.email == "one@example.com")
    let request = bench.transport.seen[0]
    #expect(request.headers["Idempotency-Key"] == operation.key.text)
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "email=one%40example.com&metadata[billing_operation]=op_0000000000000001")
  }

  @Test func whatIsRefusedIsTakenBack() async throws {
    let bench = try Workbench([
      ("POST /v1/payment_methods/pm_card_visa/attach", .json(Self.card)),
      ("POST /v1/subscriptions", .json(Self.declined, status: 402)),
      ("POST /v1/payment_methods/pm_7/detach", .json(Self.card)),
    ])
    await #expect {
      try await bench.runner.run(try subscribing())
    } throws: { error in
      guard case .failed("op_0000000000000001", .refused(let refusal)) = error as? OperationError
      else { return false }
      return refusal.code == "card_declined"
    }
    bench.transport.finish()
    let operation = try #require(try bench.operation())
    #expect(operation.state == .failed)
    #expect(operation.results == ["pm_7"])
    #expect(operation.error?.code == "card_declined")
    #expect(
      bench.transport.seen.map { $0.headers["Idempotency-Key"] } == [
        operation.key.text, operation.key.text + ":2", operation.key.text + ":undo1",
      ])
  }

  @Test func aServerThatWasNotReachedLeavesNothing() async throws {
    let bench = try Workbench([("POST /v1/customers", .failure(.refused))])
    await #expect(throws: OperationError.self) { try await bench.runner.run(plan) }
    #expect(try bench.operation()?.state == .failed)
    #expect(try bench.operation()?.error?.code == "network")
    #expect(try bench.store.read { try $0.unsettledOperations() }.isEmpty)
  }

  @Test(arguments: [
    ScriptedTransport.Answer.failure(.cut), .text("<html>", status: 200),
    .text("{\"id\": \"cus", status: 200), .text("oops", status: 503),
    .json(["error": ["type": "api_error", "message": "x"]], status: 500),
  ])
  func aLostAnswerLeavesARowThatTheNextRunSettles(_ answer: ScriptedTransport.Answer) async throws {
    let bench = try Workbench([
      ("POST /v1/customers", answer), ("POST /v1/customers", .json(Sample.customer())),
    ])
    await #expect {
      try await bench.runner.run(plan)
    } throws: { error in
      if case .outcomeUnknown = error as? OperationError { true } else { false }
    }
    #expect(try bench.operation()?.state == .unknown)
    let outcome = try await bench.runner.run(plan)
    bench.transport.finish()
    #expect(outcome.wasDoneBefore)
    #expect(try bench.operation()?.state == .done)
    let keys = bench.transport.seen.map { $0.headers["Idempotency-Key"] }
    #expect(keys[0] == keys[1])
    #expect(bench.transport.seen[0].body == bench.transport.seen[1].body)
  }

  @Test func theSameKeyAndWordsGiveTheFirstResult() async throws {
    let bench = try Workbench([("POST /v1/customers", .json(Sample.customer()))])
    let key = try #require(IdempotencyKey("mine"))
    let first = try await bench.runner.run(plan, key: key)
    let second = try await bench.runner.run(plan, key: key)
    #expect(!first.wasDoneBefore)
    #expect(second.wasDoneBefore)
    #expect(second.operation.objectID == "cus_1")
    let other = CustomerPlanning.create(
      CustomerFields(email: "two@example.com"), externalIDKey: "billing_external_id")
    await #expect(
      throws: OperationError.idempotencyMismatch(key: "mine", command: "customer create")
    ) { try await bench.runner.run(other, key: key) }
  }

  @Test func aKeyThatNeverReachedStripeCanBeUsedAgain() async throws {
    let bench = try Workbench([
      ("POST /v1/customers", .failure(.refused)),
      ("POST /v1/customers", .json(Sample.customer())),
    ])
    let key = try #require(IdempotencyKey("mine"))
    await #expect(throws: OperationError.self) { try await bench.runner.run(plan, key: key) }
    let outcome = try await bench.runner.run(plan, key: key)
    #expect(!outcome.wasDoneBefore)
    #expect(outcome.operation.state == .done)
  }

  @Test func aKeyWhoseOperationWasRefusedSaysSo() async throws {
    let bench = try Workbench([("POST /v1/customers", .json(Self.declined, status: 402))])
    let key = try #require(IdempotencyKey("mine"))
    await #expect(throws: OperationError.self) { try await bench.runner.run(plan, key: key) }
    await #expect {
      try await bench.runner.run(plan, key: key)
    } throws: { error in
      guard case .failedBefore(_, let failure) = error as? OperationError else { return false }
      return failure.code == "card_declined"
    }
    bench.transport.finish()
  }

  @Test func stepsComeBackFromTheJournalAsTheyWere() throws {
    let plan = try subscribing()
    for step in plan.steps { #expect(try OperationStep(step.json) == step) }
    #expect(
      plan.requests.map { "\($0.method.rawValue) \($0.path.segments.joined(separator: "/"))" }
        == ["POST v1/payment_methods/pm_card_visa/attach", "POST v1/subscriptions"])
    #expect(
      plan.requests[1].parameters["default_payment_method"] == "{result of request 1}")
  }
}
