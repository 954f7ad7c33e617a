import Basics
import Stripe
import Testing

@testable import BillingCore

/// How the steps of a change of plan are found out about when they can no longer be sent again.
@Suite(.tags(.unit)) struct ChangeRecoveryTests {
  private let recovery = RecoveryTests()

  private func plan(_ request: PlanChangeRequest, to target: PlanChange.Target) throws
    -> OperationPlan
  {
    let catalogue = try Catalogue.sample()
    var change = try PlanChange(
      request, of: Subscription(Sample.subscription()),
      to: try #require(catalogue.plan(request.planID)), in: catalogue)
    change.target = target
    return try change.operationPlan()
  }

  @Test(arguments: [
    ("price_pro", Int64(1), BillingOperation.State.done), ("price_pro", 2, .failed),
    ("price_starter", 1, .failed),
  ])
  func aChangeAtOnceIsKnownByItsItems(
    _ price: String, _ quantity: Int64, _ state: BillingOperation.State
  ) async throws {
    let path = "/v1/subscriptions/sub_1"
    let store = try await recovery.storeWithUnknown(
      plan(PlanChangeRequest(.upgrade, to: "pro"), to: .init(priceID: "price_pro")),
      first: [("POST \(path)", .failure(.cut))])
    let now = Sample.subscription(
      price: Sample.price(price, product: "billing_pro"), quantity: quantity,
      changing: ["metadata": ["billing_plan": "pro"]])
    let bench = try Workbench(
      [("GET \(path)", .json(now))], store: store, now: RecoveryTests.tomorrow)
    #expect(try await recovery.recover(bench).map { $0.state } == [state])
  }

  private func schedule(_ phases: JSON) -> JSON {
    [
      "id": "sub_sched_1", "object": "subscription_schedule", "status": "active",
      "phases": phases,
    ]
  }

  /// The schedule bears no mark of ours, but the subscription names it.
  @Test(arguments: [true, false]) func aScheduleIsFoundByItsSubscription(_ isThere: Bool)
    async throws
  {
    let store = try await recovery.storeWithUnknown(
      plan(
        PlanChangeRequest(.upgrade, to: "pro", asksForPeriodEnd: true),
        to: .init(priceID: "price_pro")),
      first: [("POST /v1/subscription_schedules", .failure(.cut))])
    let subscription = Sample.subscription(
      changing: ["schedule": isThere ? "sub_sched_1" : .null])
    var answers: [(String, ScriptedTransport.Answer)] = [
      ("GET /v1/subscriptions/sub_1", .json(subscription))
    ]
    if isThere {
      answers.append(("GET /v1/subscription_schedules/sub_sched_1", .json(schedule([]))))
    }
    let bench = try Workbench(answers, store: store, now: RecoveryTests.tomorrow)
    let settled = try await recovery.recover(bench)
    #expect(settled.map { $0.state } == [.failed])
    #expect(settled[0].results == (isThere ? ["sub_sched_1"] : []))
  }

  @Test(arguments: [("price_pro", BillingOperation.State.done), ("price_other", .failed)])
  func aPhaseIsKnownByItsItems(_ price: String, _ state: BillingOperation.State) async throws {
    let store = try await recovery.storeWithUnknown(
      plan(
        PlanChangeRequest(.upgrade, to: "pro", asksForPeriodEnd: true),
        to: .init(priceID: "price_pro")),
      first: [
        ("POST /v1/subscription_schedules", .json(schedule([]))),
        ("POST /v1/subscription_schedules/sub_sched_1", .failure(.cut)),
      ])
    let phases: JSON = [
      [
        "start_date": 1_795_000_000, "end_date": 1_797_592_000,
        "items": [["price": "price_starter", "quantity": 1]],
      ],
      [
        "start_date": 1_797_592_000, "end_date": 1_797_678_400,
        "items": [["price": .string(price), "quantity": 1]],
      ],
    ]
    let bench = try Workbench(
      [("GET /v1/subscription_schedules/sub_sched_1", .json(schedule(phases)))], store: store,
      now: RecoveryTests.tomorrow)
    #expect(try await recovery.recover(bench).map { $0.state } == [state])
  }
}
