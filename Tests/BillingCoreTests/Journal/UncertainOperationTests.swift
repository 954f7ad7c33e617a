import Basics
import GRDB
import Stripe
import Testing

@testable import BillingCore

/// What must not be forgotten: a step that may have been executed stays unsettled until Stripe tells
/// what became of it.
@Suite(.tags(.unit)) struct UncertainOperationTests {
  let plan = CustomerPlanning.create(
    CustomerFields(email: "one@example.com"), externalIDKey: "billing_external_id")

  static let create = "POST /v1/customers"
  static let list = "GET /v1/customers?email=one%40example.com&limit=100"

  static func page(_ objects: [JSON]) -> ScriptedTransport.Answer {
    .json(["object": "list", "has_more": false, "data": .array(objects)])
  }

  static func refusal(_ status: Int, _ type: String = "invalid_request_error")
    -> ScriptedTransport.Answer
  {
    .json(["error": ["type": .string(type), "message": "no"]], status: status)
  }

  /// A store whose operations were begun at noon and whose answers were lost.
  func storeWithUnknown(_ plans: [(OperationPlan, request: String)]) async throws -> Store {
    let bench = try Workbench(plans.map { ($0.request, .failure(.cut)) })
    for (plan, _) in plans {
      await #expect(throws: OperationError.self) { try await bench.runner.run(plan) }
    }
    bench.transport.finish()
    return bench.store
  }

  func recover(_ bench: Workbench) async throws -> [BillingOperation.State] {
    let settled = try await Recovery(runner: bench.runner).settleAll()
    bench.transport.finish()
    return settled.map { $0.state }
  }

  @Test(arguments: [
    ScriptedTransport.Answer.failure(.refused), refusal(401), refusal(403), refusal(409),
    refusal(429), refusal(400, "idempotency_error"),
  ])
  func whatTellsNothingOfTheFirstAttemptLeavesItUnknown(
    _ answer: ScriptedTransport.Answer
  ) async throws {
    let store = try await storeWithUnknown([(plan, Self.create)])
    let offline = try Workbench([(Self.create, answer)], store: store)
    #expect(try await recover(offline) == [.unknown])
    let online = try Workbench([(Self.create, .json(Sample.customer()))], store: store)
    #expect(try await recover(online) == [.done])
    #expect(
      offline.transport.seen[0].headers["Idempotency-Key"]
        == online.transport.seen[0].headers["Idempotency-Key"])
  }

  /// Money that went back does not go back again because what should follow did not.
  @Test(arguments: [ScriptedTransport.Answer.failure(.refused), refusal(429)])
  func whatIsHalfDoneAndCannotBeTakenBackIsResumed(
    _ answer: ScriptedTransport.Answer
  ) async throws {
    let ending: [JSON] = ["subscriptions", "sub_1"]
    let plan = OperationPlan(
      OperationIntent(command: "refund", customerID: "cus_1", words: [:]),
      steps: [
        OperationStep(
          .post, ["refunds"], ["payment_intent": "pi_1"],
          check: .created(list: ["refunds"], parameters: [:])),
        OperationStep(.delete, ending, check: .ended(object: ending)),
      ])
    let end = "DELETE /v1/subscriptions/sub_1"
    let refund: JSON = [
      "id": "re_1", "object": "refund", "amount": 500, "currency": "usd", "status": "succeeded",
      "created": 1_795_000_000, "payment_intent": "pi_1", "metadata": [:],
    ]
    let bench = try Workbench([("POST /v1/refunds", .json(refund)), (end, answer)])
    await #expect(throws: OperationError.self) { try await bench.runner.run(plan) }
    bench.transport.finish()
    #expect(try bench.store.read { try $0.unsettledOperations() }.map { $0.nextStep } == [1])
    let ended = Sample.subscription(status: "canceled")
    let online = try Workbench(
      [("GET /v1/subscriptions/sub_1", .json(Sample.subscription())), (end, .json(ended))],
      store: bench.store)
    #expect(try await recover(online) == [.done])
  }

  @Test func theOutcomeOfTheKeySettlesIt() async throws {
    let store = try await storeWithUnknown([(plan, Self.create)])
    let bench = try Workbench([(Self.create, Self.refusal(402, "card_error"))], store: store)
    #expect(try await recover(bench) == [.failed])
  }

  @Test func theSameCommandIsNotBegunAnewWhileItIsUnknown() async throws {
    let store = try await storeWithUnknown([(plan, Self.create)])
    let bench = try Workbench([(Self.create, .failure(.refused))], store: store)
    await #expect {
      try await bench.runner.run(plan)
    } throws: { error in
      guard case .outcomeUnknown("op_0000000000000001", _) = error as? OperationError else {
        return false
      }
      return true
    }
    bench.transport.finish()
    #expect(try store.read { try $0.unsettledOperations() }.map { $0.state } == [.unknown])
  }

  /// Its key may be forgotten: only reading is safe.
  @Test func whatSeemsToComeFromTheFutureIsRead() async throws {
    let store = try await storeWithUnknown([(plan, Self.create)])
    let made = Sample.customer(metadata: ["billing_operation": "op_0000000000000001"])
    let bench = try Workbench(
      [(Self.list, Self.page([made]))], store: store, now: noon + -3600)
    #expect(try await recover(bench) == [.done])
  }

  @Test func aClockThatWasSetBackALittleIsNoReasonToRead() async throws {
    let store = try await storeWithUnknown([(plan, Self.create)])
    let bench = try Workbench(
      [(Self.create, .json(Sample.customer()))], store: store, now: noon + -60)
    #expect(try await recover(bench) == [.done])
  }

  @Test func anObjectThatCannotBeReadDoesNotStopTheRest() async throws {
    let other = CustomerPlanning.create(
      CustomerFields(email: "two@example.com"), externalIDKey: "billing_external_id")
    let store = try await storeWithUnknown([(plan, Self.create), (other, Self.create)])
    let odd: JSON = ["id": "cus_1", "object": "customer", "balance": "much"]
    let bench = try Workbench(
      [
        (Self.list, Self.page([odd])),
        ("GET /v1/customers?email=two%40example.com&limit=100", Self.page([])),
      ], store: store, now: noon + 23 * 3600)
    #expect(try await recover(bench) == [.unknown, .failed])
  }

  @Test func whatWasClearedIsFoundCleared() async throws {
    let clearing = CustomerPlanning.update(
      "cus_1", CustomerFields(description: "", metadata: ["team": ""]),
      externalIDKey: "billing_external_id")
    let store = try await storeWithUnknown([(clearing, "POST /v1/customers/cus_1")])
    let bench = try Workbench(
      [("GET /v1/customers/cus_1", .json(Sample.customer()))], store: store,
      now: noon + 23 * 3600)
    #expect(try await recover(bench) == [.done])
  }

  // MARK: A database that fails meanwhile

  func isUnknown(_ error: any Error) -> Bool {
    guard case .outcomeUnknown = error as? OperationError else { return false }
    return true
  }

  func refuse(_ condition: String, in store: Store) throws {
    try store.queue.write {
      try $0.execute(
        sql: """
          CREATE TRIGGER full BEFORE UPDATE ON operations WHEN \(condition)
          BEGIN SELECT RAISE(ABORT, 'disk full'); END
          """)
    }
  }

  func allowAll(in store: Store) throws {
    try store.queue.write { try $0.execute(sql: "DROP TRIGGER full") }
  }

  @Test func aFailureToWriteItDownDoesNotHideThatTheOutcomeIsUnknown() async throws {
    let bench = try Workbench([(Self.create, .failure(.cut))])
    try refuse("new.state = 'unknown'", in: bench.store)
    await #expect {
      try await bench.runner.run(plan)
    } throws: {
      isUnknown($0)
    }
    #expect(try bench.operation()?.state == .sent)
  }

  @Test func aFailureBetweenTwoStepsLeavesItToRecover() async throws {
    let path: [JSON] = ["customers", "cus_1"]
    let step = OperationStep(.post, path, ["name": "One"], check: .holds(object: path, values: [:]))
    let twice = OperationPlan(
      command: "test", customerID: "cus_1", words: [:], steps: [step, step])
    let bench = try Workbench([("POST /v1/customers/cus_1", .json(Sample.customer()))])
    try refuse("old.next_step = 1", in: bench.store)
    await #expect {
      try await bench.runner.run(twice)
    } throws: {
      isUnknown($0)
    }
    bench.transport.finish()
    #expect(try bench.operation()?.nextStep == 1)
    try allowAll(in: bench.store)
    let later = try Workbench(
      [("POST /v1/customers/cus_1", .json(Sample.customer()))], store: bench.store)
    #expect(try await recover(later) == [.done])
  }

  /// A card that was attached for a payment which is then declined does not stay, wherever it ends.
  @Test func whatIsRefusedIsTakenBackBeforeTheRowIsClosed() async throws {
    let path: [JSON] = ["payment_methods", "pm_1"]
    let plan = OperationPlan(
      command: "test", customerID: "cus_1", words: [:],
      steps: [
        OperationStep(
          .post, path + ["attach"], check: .holds(object: path, values: [:]),
          undo: .init(.post, path + ["detach"])),
        OperationStep(.post, ["customers", "cus_1"], check: .holds(object: path, values: [:])),
      ])
    let card = ScriptedTransport.Answer.json(OperationRunnerTests.card)
    let declined = Self.refusal(402, "card_error")
    let bench = try Workbench([
      ("POST /v1/payment_methods/pm_1/attach", card), ("POST /v1/customers/cus_1", declined),
      ("POST /v1/payment_methods/pm_1/detach", card),
    ])
    try refuse("new.state = 'failed'", in: bench.store)
    await #expect(throws: (any Error).self) { try await bench.runner.run(plan) }
    bench.transport.finish()
    try allowAll(in: bench.store)
    let later = try Workbench(
      [("POST /v1/customers/cus_1", declined), ("POST /v1/payment_methods/pm_1/detach", card)],
      store: bench.store)
    #expect(try await recover(later) == [.failed])
  }
}
