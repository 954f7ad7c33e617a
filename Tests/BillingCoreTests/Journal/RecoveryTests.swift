import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct RecoveryTests {
  static let tomorrow = noon + 23 * 3600

  let plan = CustomerPlanning.create(
    CustomerFields(email: "one@example.com"), externalIDKey: "billing_external_id")

  /// A store with one operation that is unknown, begun at noon.
  func storeWithUnknown(
    _ plan: OperationPlan, first: [(String, ScriptedTransport.Answer)]
  ) async throws -> Store {
    let bench = try Workbench(first)
    await #expect(throws: OperationError.self) { try await bench.runner.run(plan) }
    bench.transport.finish()
    return bench.store
  }

  func recover(_ bench: Workbench) async throws -> [BillingOperation] {
    let settled = try await Recovery(runner: bench.runner).settleAll()
    bench.transport.finish()
    return settled
  }

  static let list = "GET /v1/customers?email=one%40example.com&limit=100"

  static func page(_ objects: [JSON]) -> ScriptedTransport.Answer {
    .json(["object": "list", "has_more": false, "data": .array(objects)])
  }

  @Test func whatIsYoungIsSentAgainUnderItsKey() async throws {
    let store = try await storeWithUnknown(plan, first: [("POST /v1/customers", .failure(.cut))])
    let bench = try Workbench(
      [("POST /v1/customers", .json(Sample.customer()))], store: store, now: noon + 3600)
    #expect(try await recover(bench).map { $0.state } == [.done])
    #expect(try await recover(bench).isEmpty)
  }

  @Test func whatIsOldIsFoundByReading() async throws {
    let store = try await storeWithUnknown(plan, first: [("POST /v1/customers", .failure(.cut))])
    let made = Sample.customer(metadata: ["billing_operation": "op_0000000000000001"])
    let bench = try Workbench(
      [(Self.list, Self.page([Sample.customer("cus_0"), made]))], store: store,
      now: Self.tomorrow)
    let settled = try await recover(bench)
    #expect(settled.map { $0.state } == [.done])
    #expect(settled[0].objectID == "cus_1")
    #expect(try store.read { try $0.customer("cus_1") } != nil)
  }

  @Test func whatIsOldAndNotFoundWasNotApplied() async throws {
    let store = try await storeWithUnknown(plan, first: [("POST /v1/customers", .failure(.cut))])
    let bench = try Workbench(
      [(Self.list, Self.page([Sample.customer()]))], store: store, now: Self.tomorrow)
    let settled = try await recover(bench)
    #expect(settled.map { $0.state } == [.failed])
    #expect(settled[0].error?.code == "not_applied")
  }

  @Test func aReplayedFailureIsSettledByReading() async throws {
    let oops: JSON = ["error": ["type": "api_error", "message": "oops"]]
    let store = try await storeWithUnknown(
      plan, first: [("POST /v1/customers", .json(oops, status: 500))])
    let bench = try Workbench(
      [
        (
          "POST /v1/customers",
          .json(oops, status: 500, headers: ["Idempotent-Replayed": "true"])
        ),
        (Self.list, Self.page([])),
      ], store: store)
    #expect(try await recover(bench).map { $0.state } == [.failed])
  }

  @Test func whatIsHalfDoneAndCannotGoOnIsTakenBack() async throws {
    let oops: JSON = ["error": ["type": "api_error", "message": "oops"]]
    let replayed = ScriptedTransport.Answer.json(
      oops, status: 500, headers: ["Idempotent-Replayed": "true"])
    let card: JSON = [
      "id": "pm_1", "object": "payment_method", "type": "card", "customer": "cus_1",
      "created": 1_795_000_000, "livemode": false,
    ]
    let subscribe = try SubscriptionPlanning.subscribe(
      .existing(customerID: "cus_1", subscriptions: []),
      to: SubscriptionOffer(
        planID: "starter", price: .listed("price_starter"), paymentBehavior: "error_if_incomplete",
        paymentMethod: .toAttach("pm_card_visa")), expanding: [],
      intent: OperationIntent(command: "subscribe", customerID: "cus_1", words: [:]))
    let attach = "POST /v1/payment_methods/pm_card_visa/attach"
    let store = try await storeWithUnknown(
      subscribe, first: [(attach, .json(oops, status: 500))])
    let bench = try Workbench(
      [
        (attach, replayed), ("GET /v1/payment_methods/pm_card_visa", .json(card)),
        ("POST /v1/payment_methods/pm_1/detach", .json(card)),
      ], store: store)
    let settled = try await recover(bench)
    #expect(settled.map { $0.state } == [.failed])
    #expect(settled[0].error?.message == "step 1 of 2 was done, the rest was not")
  }

  @Test func aStripeThatCannotBeAskedLeavesItUnknown() async throws {
    let store = try await storeWithUnknown(plan, first: [("POST /v1/customers", .failure(.cut))])
    let bench = try Workbench(
      [(Self.list, .failure(.refused))], store: store, now: Self.tomorrow)
    #expect(try await recover(bench).map { $0.state } == [.unknown])
    #expect(try store.read { try $0.unsettledOperations() }.count == 1)
  }

  @Test func aChangeIsKnownByItsEffect() async throws {
    let subscription = try Subscription(Sample.subscription())
    let cancel = try SubscriptionPlanning.cancel(subscription, Cancellation())
    for (flag, state) in [(true, BillingOperation.State.done), (false, .failed)] {
      let store = try await storeWithUnknown(
        cancel, first: [("POST /v1/subscriptions/sub_1", .failure(.cut))])
      let now = Sample.subscription(changing: ["cancel_at_period_end": .bool(flag)])
      let bench = try Workbench(
        [("GET /v1/subscriptions/sub_1", .json(now))], store: store, now: Self.tomorrow)
      #expect(try await recover(bench).map { $0.state } == [state])
    }
  }

  @Test func anEndIsKnownByItsStatus() async throws {
    let subscription = try Subscription(Sample.subscription())
    let cancel = try SubscriptionPlanning.cancel(subscription, Cancellation(isNow: true))
    let store = try await storeWithUnknown(
      cancel, first: [("DELETE /v1/subscriptions/sub_1", .failure(.cut))])
    let bench = try Workbench(
      [("GET /v1/subscriptions/sub_1", .json(Sample.subscription(status: "canceled")))],
      store: store, now: Self.tomorrow)
    #expect(try await recover(bench).map { $0.state } == [.done])
  }

  @Test func whatWasPreparedAndNeverSentIsResumed() async throws {
    let bench = try Workbench([("POST /v1/customers", .json(Sample.customer()))])
    let operation = BillingOperation(
      id: "op_1", key: try #require(IdempotencyKey("k")), command: plan.command,
      meaning: plan.meaning, customerID: nil, actor: "ada", steps: plan.steps, created: noon)
    try bench.store.write { try $0.insert(operation) }
    #expect(try await recover(bench).map { $0.state } == [.done])
  }

  @Test func anotherProcesssResultIsNotUndone() throws {
    let bench = try Workbench()
    var operation = BillingOperation(
      id: "op_1", key: try #require(IdempotencyKey("k")), command: plan.command,
      meaning: plan.meaning, customerID: nil, actor: "ada", steps: plan.steps, created: noon)
    operation.state = .done
    try bench.store.write { try $0.insert(operation) }
    operation.state = .unknown
    try bench.store.write { try $0.update(operation) }
    #expect(try bench.operation("op_1")?.state == .done)
  }
}
