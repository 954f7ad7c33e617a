import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct SubscriptionPlanningTests {
  let offer = SubscriptionOffer(
    planID: "starter", price: .listed("price_1"), overagePriceIDs: ["price_2"], quantity: 3,
    trialDays: 7, couponID: "launch", paymentBehavior: "error_if_incomplete")

  let intent = OperationIntent(command: "subscribe", words: [:])

  func subscription(_ status: String, changing changes: JSONObject = [:]) throws -> Subscription {
    try Subscription(Sample.subscription("sub_\(status)", status: status, changing: changes))
  }

  func requests(_ plan: OperationPlan) -> [String] {
    plan.requests.map {
      "\($0.method.rawValue) \($0.path.segments.dropFirst().joined(separator: "/")) "
        + JSON.object($0.parameters).compact
    }
  }

  @Test func allThatWasAskedForIsSent() throws {
    let plan = try SubscriptionPlanning.subscribe(
      .existing(customerID: "cus_1", subscriptions: []), to: offer,
      expanding: ["latest_invoice.confirmation_secret"], intent: intent)
    #expect(
      requests(plan) == [
        #"POST subscriptions {"customer":"cus_1","items":[{"price":"price_1","quantity":3},{"price":"price_2"}],"payment_behavior":"error_if_incomplete","trial_period_days":7,"trial_settings":{"end_behavior":{"missing_payment_method":"pause"}},"discounts":[{"coupon":"launch"}],"metadata":{"billing_plan":"starter"},"expand":["latest_invoice.confirmation_secret"]}"#
      ])
  }

  @Test func aNewCustomerComesFirstAndAnIncompleteSubscriptionGoes() throws {
    var offer = SubscriptionOffer(
      planID: "starter", price: .listed("price_1"), promotionCodeID: "promo_1",
      paymentBehavior: "default_incomplete", paymentMethod: .toAttach("pm_card_visa"))
    let created = try SubscriptionPlanning.subscribe(
      .new(parameters: ["email": "a@b.c"]), to: offer, expanding: [], intent: intent)
    #expect(
      requests(created) == [
        #"POST customers {"email":"a@b.c"}"#,
        #"POST payment_methods/pm_card_visa/attach {"customer":"{result of request 1}"}"#,
        #"POST subscriptions {"customer":"{result of request 1}","items":[{"price":"price_1"}],"payment_behavior":"default_incomplete","default_payment_method":"{result of request 2}","discounts":[{"promotion_code":"promo_1"}],"metadata":{"billing_plan":"starter"},"expand":[]}"#,
      ])
    offer.paymentMethod = .attached("pm_1")
    let over = try SubscriptionPlanning.subscribe(
      .existing(customerID: "cus_1", subscriptions: [subscription("incomplete")]), to: offer,
      expanding: [], intent: intent)
    #expect(requests(over)[0] == "DELETE subscriptions/sub_incomplete {}")
    #expect(over.steps.count == 2)
  }

  /// On one that is open the customer could buy a second subscription.
  @Test func openPagesForPlansExpireFirst() throws {
    let pages = try [
      ("cs_1", "subscription", "open"), ("cs_2", "payment", "open"),
      ("cs_3", "subscription", "complete"), ("cs_4", "subscription", "open"),
    ].map { id, mode, status in
      try CheckoutSession([
        "id": .string(id), "object": "checkout.session", "mode": .string(mode),
        "status": .string(status), "metadata": [:],
      ])
    }
    let plan = try SubscriptionPlanning.subscribe(
      .existing(
        customerID: "cus_1", subscriptions: [subscription("incomplete")], openPages: pages),
      to: offer, expanding: [], intent: intent)
    #expect(
      requests(plan).dropLast() == [
        "POST checkout/sessions/cs_1/expire {}", "POST checkout/sessions/cs_4/expire {}",
        "DELETE subscriptions/sub_incomplete {}",
      ])
  }

  @Test(arguments: ["active", "trialing", "past_due", "unpaid", "paused"])
  func aRunningSubscriptionIsAConflict(status: String) throws {
    let running = try subscription(status)
    #expect(
      throws: SubscriptionConflict.alreadySubscribed(
        subscriptionID: "sub_\(status)", status: status, plan: nil)
    ) {
      try SubscriptionPlanning.subscribe(
        .existing(customerID: "cus_1", subscriptions: [running]), to: offer, expanding: [],
        intent: intent)
    }
  }

  @Test(arguments: [
    ([String](), true), (["incomplete_expired"], true), (["incomplete"], true),
    (["canceled"], false), (["incomplete_expired", "canceled"], false),
  ])
  func aTrialIsForTheFirst(statuses: [String], expected: Bool) throws {
    #expect(
      SubscriptionPlanning.isFirst(try statuses.map { try subscription($0) }) == expected)
  }

  @Test func cancellingIsAtTheEndUnlessNow() throws {
    let active = try subscription("active")
    #expect(
      requests(
        try SubscriptionPlanning.cancel(
          active, Cancellation(comment: "too dear", feedback: "too_expensive"))) == [
          #"POST subscriptions/sub_active {"cancellation_details":{"comment":"too dear","feedback":"too_expensive"},"cancel_at_period_end":true}"#
        ])
    #expect(
      requests(
        try SubscriptionPlanning.cancel(
          active, Cancellation(isNow: true, invoicesNow: true, creditsUnused: true)))
        == [#"DELETE subscriptions/sub_active {"invoice_now":true,"prorate":true}"#])
    #expect(
      requests(try SubscriptionPlanning.cancel(subscription("incomplete"), Cancellation()))
        == ["DELETE subscriptions/sub_incomplete {}"])
  }

  @Test func whatIsCancellingIsNotCancelledAgainButResumed() throws {
    let ending = try subscription("active", changing: ["cancel_at_period_end": true])
    #expect(
      throws: SubscriptionConflict.alreadyCancelling(
        subscriptionID: "sub_active", at: "2026-12-18T11:06:40Z")
    ) { try SubscriptionPlanning.cancel(ending, Cancellation()) }
    #expect(
      requests(try SubscriptionPlanning.resume(ending))
        == [#"POST subscriptions/sub_active {"cancel_at_period_end":false}"#])
    let dated = try subscription("active", changing: ["cancel_at": 1_797_000_000])
    #expect(
      requests(try SubscriptionPlanning.resume(dated))
        == [#"POST subscriptions/sub_active {"cancel_at":""}"#])
    #expect(throws: SubscriptionConflict.nothingToResume(subscriptionID: "sub_active")) {
      try SubscriptionPlanning.resume(subscription("active"))
    }
  }
}
