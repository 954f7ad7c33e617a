import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct PlanChangeTests {
  let catalogue: Catalogue

  init() throws { catalogue = try Catalogue.sample() }

  private func change(
    _ request: PlanChangeRequest, of json: JSON, target: PlanChange.Target? = nil
  ) throws -> PlanChange {
    let plan = try #require(catalogue.plan(request.planID))
    var change = try PlanChange(request, of: Subscription(json), to: plan, in: catalogue)
    change.target = target
    return change
  }

  private func requests(_ change: PlanChange) throws -> [String] {
    try change.operationPlan().requests.map {
      "\($0.method.rawValue) \($0.path.segments.dropFirst().joined(separator: "/")) "
        + JSON.object($0.parameters).compact
    }
  }

  /// A subscription to Starter with the metered price of its overage.
  private func metered(meter: JSON = .null) -> JSON {
    var price = Sample.price("price_o", metered: true).object ?? [:]
    price["recurring"] = [
      "interval": "month", "interval_count": 1, "usage_type": "metered", "meter": meter,
    ]
    var subscription = Sample.subscription(quantity: 4).object ?? [:]
    var items = subscription["items"]?["data"]?.array ?? []
    items.append([
      "id": "si_2", "object": "subscription_item", "price": .object(price), "quantity": .null,
      "current_period_start": 1_795_000_000, "current_period_end": 1_797_592_000, "metadata": [:],
    ])
    subscription["items"] = ["object": "list", "data": .array(items)]
    return .object(subscription)
  }

  @Test func atOnceKeepsTheQuantityAndExchangesMeteredItems() throws {
    var up = try change(
      PlanChangeRequest(.upgrade, to: "pro"), of: metered(meter: "mtr_1"),
      target: .init(priceID: "price_pro", overagePriceIDs: ["price_p"]))
    up.prorationDate = Timestamp(1_796_000_000)
    up.paymentBehavior = "error_if_incomplete"
    #expect(
      try requests(up) == [
        """
        POST subscriptions/sub_1 {"items":[{"id":"si_1","price":"price_pro","quantity":4},\
        {"id":"si_2","deleted":true},{"price":"price_p"}],"proration_behavior":"always_invoice",\
        "proration_date":1796000000,"payment_behavior":"error_if_incomplete",\
        "metadata":{"billing_plan":"pro"}}
        """
      ])
  }

  /// Stripe wants to be told that what a price without a meter has counted is gone.
  @Test func usageWithoutAMeterIsCleared() throws {
    let up = try change(
      PlanChangeRequest(.upgrade, to: "pro"), of: metered(), target: .init(priceID: "price_pro"))
    #expect(up.itemParameters[1] == ["id": "si_2", "deleted": true, "clear_usage": true])
  }

  @Test func atTheEndItIsASchedule() throws {
    let down = try change(
      PlanChangeRequest(.downgrade, to: "starter", quantity: 2), of: metered(meter: "mtr_1"))
    #expect(
      try requests(down) == [
        #"POST subscription_schedules {"from_subscription":"sub_1"}"#,
        """
        POST subscription_schedules/{result of request 1} {"end_behavior":"release",\
        "proration_behavior":"none","phases":[{"items":[{"price":"price_starter","quantity":4},\
        {"price":"price_o"}],"start_date":1795000000,"end_date":1797592000,\
        "proration_behavior":"none"},{"items":[{"price":"price_starter","quantity":2},\
        {"price":"price_o"}],"end_date":1797678400,"proration_behavior":"none",\
        "metadata":{"billing_plan":"starter"}}]}
        """,
      ])
    let steps = try down.operationPlan().steps
    #expect(
      steps[0].undo
        == .init(.post, ["subscription_schedules", OperationStep.result(of: 0), "release"]))
  }

  @Test func aRemnantOfAScheduleGoesFirst() throws {
    let scheduled = Sample.subscription(changing: ["schedule": "sub_sched_1"])
    let up = try change(
      PlanChangeRequest(.upgrade, to: "pro"), of: scheduled, target: .init(priceID: "price_pro"))
    #expect(try requests(up)[0] == "POST subscription_schedules/sub_sched_1/release {}")
    let end = try change(PlanChangeRequest(.downgrade, to: "free"), of: scheduled)
    #expect(
      try requests(end) == [
        "POST subscription_schedules/sub_sched_1/release {}",
        #"POST subscriptions/sub_1 {"cancel_at_period_end":true}"#,
      ])
  }

  @Test(
    arguments: [
      ("active", [:], PlanChangeConflict.wrongDirection(.upgrade, from: "starter", to: "free")),
      ("past_due", [:], .paymentOpen(subscriptionID: "sub_1", status: "past_due")),
      ("unpaid", [:], .paymentOpen(subscriptionID: "sub_1", status: "unpaid")),
      ("incomplete", [:], .firstPaymentOpen(subscriptionID: "sub_1")),
      ("paused", [:], .paused(subscriptionID: "sub_1")),
      (
        "active", ["pause_collection": ["behavior": "void", "resumes_at": .null]],
        .collectionPaused(subscriptionID: "sub_1")
      ),
      (
        "active", ["cancel_at_period_end": true],
        .cancelling(subscriptionID: "sub_1", at: "2026-12-18T11:06:40Z")
      ),
      (
        "trialing", ["cancel_at": 1_797_000_000],
        .cancelling(subscriptionID: "sub_1", at: "2026-12-11T14:40:00Z")
      ),
    ] as [(String, JSONObject, PlanChangeConflict)])
  func whatMakesNoSense(
    _ status: String, _ changes: JSONObject, _ conflict: PlanChangeConflict
  ) throws {
    let json = Sample.subscription(status: status, changing: changes)
    #expect(throws: conflict) {
      try change(PlanChangeRequest(.upgrade, to: "free"), of: json)
    }
  }

  /// Down to the default plan is a cancellation, also while a bill is open.
  @Test(arguments: ["past_due", "unpaid"])
  func anOpenBillHindersNoEnd(_ status: String) throws {
    let json = Sample.subscription(status: status)
    let end = try change(PlanChangeRequest(.downgrade, to: "free"), of: json)
    #expect(try requests(end) == [#"POST subscriptions/sub_1 {"cancel_at_period_end":true}"#])
  }

  private func scheduled(_ status: String = "active") -> JSON {
    Sample.subscription(
      changing: [
        "schedule": [
          "id": "sub_sched_1", "object": "subscription_schedule", "status": .string(status),
          "current_phase": ["start_date": 1_795_000_000, "end_date": 1_797_592_000],
          "phases": [
            [
              "start_date": 1_795_000_000, "end_date": 1_797_592_000,
              "items": [["price": "price_starter", "quantity": 1]], "metadata": [:],
            ],
            [
              "start_date": 1_797_592_000, "end_date": 1_797_678_400,
              "items": [["price": "price_elsewhere", "quantity": 7]], "metadata": [:],
            ],
          ],
        ]
      ])
  }

  @Test func whatIsPendingIsNotPlannedOver() throws {
    let pending = PlanChangeConflict.changePending(
      subscriptionID: "sub_1", plan: "pro", at: "2026-12-18T11:06:40Z")
    #expect(throws: pending) {
      try change(PlanChangeRequest(.upgrade, to: "pro"), of: scheduled())
    }
    let subscription = try Subscription(scheduled())
    #expect(
      PendingChange.of(subscription, in: catalogue)
        == PendingChange(
          planID: "pro", interval: nil, quantity: 7, at: Timestamp(1_797_592_000)))
    #expect(PendingChange.of(try Subscription(scheduled("released")), in: catalogue) == nil)
    #expect(
      try SubscriptionPlanning.resume(subscription).requests.map { $0.path.segments.last }
        == ["release"])
    #expect(
      try SubscriptionPlanning.cancel(subscription, Cancellation()).requests.map { $0.method }
        == [.post, .post])
  }

  @Test func whatItHasAlreadyIsNoChange() throws {
    let same = try change(
      PlanChangeRequest(.upgrade, to: "starter"), of: Sample.subscription())
    #expect(same.keepsPrice)
    #expect(throws: PlanChangeConflict.nothingToChange(subscriptionID: "sub_1", plan: "starter")) {
      try same.operationPlan()
    }
    let seats = try change(
      PlanChangeRequest(.upgrade, to: "starter", quantity: 2), of: Sample.subscription())
    #expect(try requests(seats).count == 1)
  }

  @Test func aMomentIsKeptWithinThePeriod() throws {
    let up = try change(PlanChangeRequest(.upgrade, to: "pro"), of: Sample.subscription())
    for (moment, expected) in [
      (Int64(1), Int64(1_795_000_000)), (1_796_000_000, 1_796_000_000),
      (1_900_000_000, 1_797_592_000),
    ] { #expect(up.withinPeriod(Timestamp(moment)) == Timestamp(expected)) }
  }
}
