import Basics
import Stripe
import Testing

@testable import BillingCore

/// A key that is used again after Stripe was not reached (exit 7).
@Suite(.tags(.unit)) struct ReopenedOperationTests {
  private let intent = OperationIntent(
    command: "upgrade", customerID: "cus_1", words: ["plan": "pro"])

  private func change(from moment: Int64) -> OperationPlan {
    let path: [JSON] = ["subscriptions", "sub_1"]
    return OperationPlan(
      intent,
      steps: [
        OperationStep(
          .post, path, ["proration_date": .integer(moment)],
          check: .holds(object: path, values: ["status": "active"]))
      ])
  }

  private func mine() throws -> IdempotencyKey { try #require(IdempotencyKey("mine")) }

  /// A store in which a plan was tried under the key `mine`, and not to the end.
  private func tried(
    _ plan: OperationPlan, _ answers: [(String, ScriptedTransport.Answer)]
  ) async throws -> Store {
    let bench = try Workbench(answers)
    await #expect(throws: OperationError.self) {
      try await bench.runner.run(plan, key: try mine())
    }
    bench.transport.finish()
    return bench.store
  }

  @Test func nothingWasSentSoTheNewPlanIs() async throws {
    let path = "POST /v1/subscriptions/sub_1"
    let store = try await tried(change(from: 100), [(path, .failure(.refused))])
    let bench = try Workbench(
      [(path, .json(Sample.subscription()))], store: store, now: noon + 86_400)
    let outcome = try await bench.runner.run(change(from: 200), key: try mine())
    bench.transport.finish()
    #expect(String(decoding: bench.transport.seen[0].body, as: UTF8.self) == "proration_date=200")
    #expect(outcome.operation.id == "op_0000000000000001")
    #expect(try bench.operation()?.steps == change(from: 200).steps)
    #expect(try bench.operation()?.created == noon + 86_400)
  }

  @Test func whatWasSentIsGoneOnWith() async throws {
    let plan = try OperationRunnerTests().subscribing()
    let store = try await tried(
      plan,
      [
        ("POST /v1/payment_methods/pm_card_visa/attach", .json(OperationRunnerTests.card)),
        ("POST /v1/subscriptions", .failure(.refused)),
      ])
    let bench = try Workbench(
      [("POST /v1/subscriptions", .json(Sample.subscription()))], store: store)
    var other = plan
    other.steps.removeFirst()
    let outcome = try await bench.runner.run(other, key: try mine())
    bench.transport.finish()
    #expect(outcome.operation.results == ["pm_7", "sub_1"])
    #expect(outcome.operation.steps == plan.steps)
  }

  @Test func otherWordsUnderTheKeyAreAMismatch() async throws {
    let store = try await tried(
      change(from: 100), [("POST /v1/subscriptions/sub_1", .failure(.refused))])
    let bench = try Workbench(store: store)
    var other = change(from: 100)
    other.intent.words["plan"] = "starter"
    await #expect(
      throws: OperationError.idempotencyMismatch(key: "mine", command: "upgrade")
    ) { try await bench.runner.run(other, key: try mine()) }
  }

  /// It stood in the journal before the other process looked, and is done after that.
  @Test func whoLookedBeforeIsOvertakenByIt() async throws {
    let path = "POST /v1/subscriptions/sub_1"
    let store = try await tried(change(from: 100), [(path, .failure(.refused))])
    let bench = try Workbench([(path, .json(Sample.subscription()))], store: store)
    var other = change(from: 100)
    other.intent.words["plan"] = "starter"
    other.journalPosition = try await bench.runner.settleEarlier(other.intent, key: nil)
      .journalPosition
    _ = try await bench.runner.run(change(from: 200), key: try mine())
    await #expect(throws: OperationError.overtaken(operationID: "op_0000000000000001")) {
      try await bench.runner.run(other)
    }
    bench.transport.finish()
  }
}
