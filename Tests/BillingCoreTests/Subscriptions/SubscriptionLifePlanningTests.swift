import Basics
import Stripe
import Testing

@testable import BillingCore

/// Pauses, trials, discounts and standstills as plans, and how each is known to have been done.
@Suite(.tags(.unit)) struct SubscriptionLifePlanningTests {
  static let now = Timestamp(1_795_000_000)

  private func subscription(_ changes: JSONObject = [:]) throws -> Subscription {
    try Subscription(Sample.subscription(changing: changes))
  }

  private func request(_ plan: OperationPlan) -> [String] {
    plan.requests.map {
      "\($0.path.segments.dropFirst().joined(separator: "/")) "
        + JSON.object($0.parameters).compact
    }
  }

  private static let intent = OperationIntent(command: "x", customerID: "cus_1", words: [:])

  private func pause(_ subscription: Subscription, _ pause: CollectionPause) throws
    -> OperationPlan
  {
    try SubscriptionPlanning.pause(subscription, pause, intent: Self.intent)
  }

  @Test func aPause() throws {
    let paused = try subscription([
      "pause_collection": ["behavior": "void", "resumes_at": .null]
    ])
    #expect(
      request(try pause(subscription(), CollectionPause()))
        == [#"subscriptions/sub_1 {"pause_collection":{"behavior":"void"}}"#])
    #expect(
      request(try pause(paused, CollectionPause(behavior: .keepAsDraft, until: Self.now))) == [
        """
        subscriptions/sub_1 {"pause_collection":{"behavior":"keep_as_draft",\
        "resumes_at":1795000000}}
        """
      ])
    #expect(throws: SubscriptionConflict.alreadyPaused(subscriptionID: "sub_1", until: nil)) {
      try pause(paused, CollectionPause())
    }
    #expect(
      request(try SubscriptionPlanning.unpause(paused))
        == [#"subscriptions/sub_1 {"pause_collection":""}"#])
    #expect(throws: SubscriptionConflict.notPaused(subscriptionID: "sub_1")) {
      try SubscriptionPlanning.unpause(subscription())
    }
  }

  @Test(arguments: [("incomplete", true), ("paused", false)])
  func whatHasNotBegunOrStandsStill(_ status: String, isOpen: Bool) throws {
    let subscription = try subscription(["status": .string(status)])
    let conflict =
      isOpen
      ? SubscriptionConflict.firstPaymentOpen(subscriptionID: "sub_1")
      : .standsStill(subscriptionID: "sub_1")
    #expect(throws: conflict) { try pause(subscription, CollectionPause()) }
    #expect(throws: conflict) { try SubscriptionPlanning.unpause(subscription) }
    #expect(throws: conflict) { try SubscriptionPlanning.endTrial(subscription) }
    #expect(throws: conflict) {
      try SubscriptionPlanning.extendTrial(subscription, days: 1, now: Self.now)
    }
  }

  @Test func aTrial() throws {
    let end = Self.now + 5 * 86_400
    let trying = try subscription(["status": "trialing", "trial_end": .integer(end.seconds)])
    #expect(
      request(try SubscriptionPlanning.extendTrial(trying, days: 2, now: Self.now)) == [
        #"subscriptions/sub_1 {"trial_end":1795604800,"proration_behavior":"none"}"#
      ])
    _ = try SubscriptionPlanning.extendTrial(trying, days: 725, now: Self.now)
    #expect(
      throws: SubscriptionConflict.trialTooLong(
        subscriptionID: "sub_1", end: (end + 726 * 86_400).iso8601)
    ) { try SubscriptionPlanning.extendTrial(trying, days: 726, now: Self.now) }
    #expect(
      throws: SubscriptionConflict.noTrial(subscriptionID: "sub_1", status: "active")
    ) { try SubscriptionPlanning.endTrial(subscription()) }
  }

  /// Nobody pays for a trial that is to be the end, nor for a plan that is about to be left.
  @Test func aTrialThatIsTheLastOrChangesIsLeftAlone() throws {
    let end = Self.now + 5 * 86_400
    let trial: JSONObject = ["status": "trialing", "trial_end": .integer(end.seconds)]
    var leaving = trial
    leaving["cancel_at_period_end"] = true
    let last = try subscription(leaving)
    #expect(throws: SubscriptionConflict.trialIsLast(subscriptionID: "sub_1")) {
      try SubscriptionPlanning.endTrial(last)
    }
    var pending = trial
    pending["schedule"] = [
      "id": "sub_sched_1", "object": "subscription_schedule", "status": "active",
      "current_phase": ["end_date": .integer(end.seconds)],
      "phases": [
        [
          "start_date": .integer(end.seconds), "end_date": .integer(end.seconds + 86_400),
          "items": [["price": "price_starter", "quantity": 1]],
        ]
      ],
    ]
    let changing = try subscription(pending)
    let conflict = SubscriptionConflict.changePending(subscriptionID: "sub_1")
    #expect(throws: conflict) { try SubscriptionPlanning.endTrial(changing) }
    #expect(throws: conflict) {
      try SubscriptionPlanning.extendTrial(changing, days: 1, now: Self.now)
    }
  }

  @Test func aStandstillEndsAsTheVersionHasIt() throws {
    let still = try subscription(["status": "paused"])
    #expect(request(try SubscriptionPlanning.resume(still)) == ["subscriptions/sub_1/resume {}"])
    #expect(
      request(try SubscriptionPlanning.resume(still, paymentBehavior: "resume_on_payment_success"))
        == [#"subscriptions/sub_1/resume {"payment_behavior":"resume_on_payment_success"}"#])
    #expect(throws: SubscriptionConflict.standsStill(subscriptionID: "sub_1")) {
      try SubscriptionPlanning.cancel(still, Cancellation())
    }
  }

  @Test func aScheduleLetsGoFirst() throws {
    let scheduled = try subscription(["schedule": "sub_sched_1"])
    #expect(
      request(try SubscriptionPlanning.cancel(scheduled, Cancellation())) == [
        "subscription_schedules/sub_sched_1/release {}",
        #"subscriptions/sub_1 {"cancel_at_period_end":true}"#,
      ])
    #expect(
      request(try SubscriptionPlanning.cancel(scheduled, Cancellation(isNow: true)))
        == ["subscriptions/sub_1 {}"])
  }

  // MARK: Whether it was done

  private static let changes: [(JSONObject, OperationPlan, JSONObject)] = {
    let none = try? Subscription(Sample.subscription())
    let discounted = try? Subscription(Sample.subscription(changing: ["discounts": ["di_1"]]))
    let trial: JSONObject = ["status": "trialing", "trial_end": .integer(now.seconds)]
    let applied: JSON = [
      "id": "di_1", "object": "discount", "source": ["type": "coupon", "coupon": "launch"],
      "promotion_code": .null,
    ]
    let trying = try? Subscription(Sample.subscription(changing: trial))
    guard let none, let discounted, let trying,
      let apply = try? SubscriptionPlanning.applyDiscount(
        none, .coupon("launch"), intent: intent),
      let remove = try? SubscriptionPlanning.removeDiscounts(discounted),
      let pause = try? SubscriptionPlanning.pause(none, CollectionPause(), intent: intent),
      let end = try? SubscriptionPlanning.endTrial(trying)
    else { return [] }
    return [
      (["discounts": []], apply, ["discounts": [applied]]),
      (["discounts": ["di_1"]], remove, ["discounts": []]),
      (
        ["pause_collection": .null], pause,
        ["pause_collection": ["behavior": "void", "resumes_at": .null]]
      ),
      (trial, end, ["status": "active", "trial_end": .integer(now.seconds - 60)]),
    ]
  }()

  @Test func itIsKnownByItsEffect() async throws {
    #expect(Self.changes.count == 4)
    for (index, (before, plan, after)) in Self.changes.enumerated() {
      // Which discount it is stands in the discount.
      let expansion = index == 0 ? "?expand[0]=discounts" : ""
      for (changes, state) in [(before, BillingOperation.State.failed), (after, .done)] {
        let first = try Workbench([("POST /v1/subscriptions/sub_1", .failure(.cut))])
        await #expect(throws: OperationError.self) { try await first.runner.run(plan) }
        let found = Sample.subscription(changing: changes)
        let bench = try Workbench(
          [("GET /v1/subscriptions/sub_1\(expansion)", .json(found))], store: first.store,
          now: RecoveryTests.tomorrow)
        let settled = try await Recovery(runner: bench.runner).settleAll()
        #expect(settled.map { $0.state } == [state], "\(plan.requests[0].parameters)")
      }
    }
  }
}
