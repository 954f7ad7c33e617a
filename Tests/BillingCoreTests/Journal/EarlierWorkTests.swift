import Basics
import Stripe
import Testing

@testable import BillingCore

/// What an earlier operation means for the next one of its kind, and for recovery.
@Suite(.tags(.unit)) struct EarlierWorkTests {
  private let plan = CustomerPlanning.create(
    CustomerFields(email: "one@example.com"), externalIDKey: "billing_external_id")

  private func lose(
    _ plan: OperationPlan, _ answers: [(String, ScriptedTransport.Answer)]
  ) async throws -> Store {
    let bench = try Workbench(answers)
    await #expect(throws: OperationError.self) { try await bench.runner.run(plan) }
    bench.transport.finish()
    return bench.store
  }

  // MARK: Whose work it is

  @Test(arguments: [
    ("cancel", "cus_1", "other", true), ("cancel", "cus_2", "other", false),
    ("resume", "cus_1", "other", false), ("cancel", "cus_2", "same", true),
  ])
  func theSameCommandAndCustomerWait(
    _ command: String, _ customer: String, _ words: String, _ waits: Bool
  ) throws {
    let earlier = BillingOperation(
      id: "op_1", key: try #require(IdempotencyKey("k")), command: "cancel",
      meaning: OperationIntent(command: "cancel", words: ["of": "same"]).meaning,
      customerID: "cus_1", actor: "ada", steps: [], created: noon)
    let intent = OperationIntent(
      command: command, customerID: customer, words: ["of": .string(words)])
    #expect(intent.isKept(waitingBy: earlier) == waits)
  }

  @Test(arguments: [("one@example.com", true), ("two@example.com", false), (nil, false)])
  func aCustomerThatIsBeingMadeIsKnownByItsAddress(_ email: String?, _ waits: Bool) throws {
    let earlier = BillingOperation(
      id: "op_1", key: try #require(IdempotencyKey("k")), command: plan.command,
      meaning: plan.meaning, customerID: nil, actor: "ada", steps: plan.steps, created: noon)
    let intent = OperationIntent(
      command: plan.command, customerID: "cus_1", email: email, words: ["name": "Ada"])
    #expect(intent.isKept(waitingBy: earlier) == waits)
  }

  // MARK: Before a change is planned

  @Test func aLostAnswerIsTheResultOfTheNextRun() async throws {
    let store = try await lose(plan, [("POST /v1/customers", .failure(.cut))])
    let bench = try Workbench([("POST /v1/customers", .json(Sample.customer()))], store: store)
    let earlier = try await bench.runner.settleEarlier(plan.intent, key: nil)
    bench.transport.finish()
    #expect(earlier.result?.objectID == "cus_1")
    #expect(try await bench.runner.settleEarlier(plan.intent, key: nil).result == nil)
  }

  @Test func otherWordsSettleItAndAreNotItsResult() async throws {
    let store = try await lose(plan, [("POST /v1/customers", .failure(.cut))])
    let bench = try Workbench([("POST /v1/customers", .json(Sample.customer()))], store: store)
    var other = plan.intent
    other.words["name"] = "Ada"
    #expect(try await bench.runner.settleEarlier(other, key: nil).result == nil)
    #expect(try bench.operation()?.state == .done)
  }

  @Test func whatStaysUnknownStopsTheNextRun() async throws {
    let store = try await lose(plan, [("POST /v1/customers", .failure(.cut))])
    let bench = try Workbench([("POST /v1/customers", .failure(.cut))], store: store)
    await #expect(throws: OperationError.self) {
      try await bench.runner.settleEarlier(plan.intent, key: nil)
    }
  }

  /// The work of another process, begun and ended after this one looked.
  @Test func aPlanThatWasOvertakenSendsNothing() async throws {
    let bench = try Workbench([("POST /v1/customers", .json(Sample.customer()))])
    var slow = plan
    slow.journalPosition = try await bench.runner.settleEarlier(plan.intent, key: nil)
      .journalPosition
    let fast = try await bench.runner.run(plan)
    let outcome = try await bench.runner.run(slow)
    #expect(outcome.wasDoneBefore)
    #expect(outcome.operation.id == fast.operation.id)
    slow.intent.words["name"] = "Ada"
    await #expect(throws: OperationError.overtaken(operationID: fast.operation.id)) {
      try await bench.runner.run(slow)
    }
    bench.transport.finish()
  }

  // MARK: What recovery does with it

  /// A DELETE has no key, so it is never sent again before a look.
  @Test(arguments: ["canceled", "active"])
  func aDeletionIsLookedAtBeforeItIsSentAgain(_ status: String) async throws {
    let plan = try SubscriptionPlanning.cancel(
      Subscription(Sample.subscription()), Cancellation(isNow: true))
    let path = "/v1/subscriptions/sub_1"
    let store = try await lose(plan, [("DELETE \(path)", .failure(.cut))])
    var answers: [(String, ScriptedTransport.Answer)] = [
      ("GET \(path)", .json(Sample.subscription(status: status)))
    ]
    if status == "active" {
      answers.append(("DELETE \(path)", .json(Sample.subscription(status: "canceled"))))
    }
    let bench = try Workbench(answers, store: store)
    #expect(try await Recovery(runner: bench.runner).settleAll().map { $0.state } == [.done])
    bench.transport.finish()
    #expect(try store.read { try $0.subscription("sub_1") }?.status == "canceled")
  }

  /// The answer of back then comes again: what counts for the mirror is how things stand now.
  @Test func aReplayIsReadAgain() async throws {
    let store = try await lose(plan, [("POST /v1/customers", .failure(.cut))])
    var now = try #require(Sample.customer().object)
    now["name"] = "Ada King"
    let bench = try Workbench(
      [
        (
          "POST /v1/customers",
          .json(Sample.customer(), headers: ["Idempotent-Replayed": "true"])
        ),
        ("GET /v1/customers/cus_1", .json(.object(now))),
      ], store: store)
    #expect(try await Recovery(runner: bench.runner).settleAll().map { $0.state } == [.done])
    bench.transport.finish()
    #expect(try store.read { try $0.customer("cus_1") }?.name == "Ada King")
  }

  /// A card was attached, the subscription never came about: the card goes again.
  @Test func whatWasNotAppliedIsTakenBack() async throws {
    let plan = try SubscriptionPlanning.subscribe(
      .existing(customerID: "cus_1", subscriptions: []),
      to: SubscriptionOffer(
        planID: "starter", price: .listed("price_1"), paymentBehavior: "error_if_incomplete",
        paymentMethod: .toAttach("pm_card_visa")), expanding: [],
      intent: OperationIntent(command: "subscribe", words: [:]))
    let card = OperationRunnerTests.card
    let oops: JSON = ["error": ["type": "api_error", "message": "oops"]]
    let store = try await lose(
      plan,
      [
        ("POST /v1/payment_methods/pm_card_visa/attach", .json(card)),
        (
          "POST /v1/subscriptions",
          .json(oops, status: 500, headers: ["Idempotent-Replayed": "true"])
        ),
      ])
    let bench = try Workbench(
      [
        (
          "GET /v1/subscriptions?customer=cus_1&status=all&limit=100",
          .json(["object": "list", "has_more": false, "data": []])
        ),
        ("POST /v1/payment_methods/pm_7/detach", .json(card)),
      ], store: store)
    #expect(try await Recovery(runner: bench.runner).settleAll().map { $0.state } == [.failed])
    bench.transport.finish()
  }
}
