import Basics
import Stripe
import Testing

@testable import BillingCore

/// Stripe takes the phases of a schedule only whole: what is not said again is gone.
@Suite(.tags(.unit)) struct PhasePlanningTests {
  private func phases(_ plan: OperationPlan) -> String {
    plan.requests.compactMap { $0.parameters["phases"]?.compact }.joined(separator: "\n")
  }

  @Test func taxesAndDiscountsGoIntoTheSchedule() throws {
    var item = Sample.subscription()["items"]?["data"]?[0]?.object ?? [:]
    item["tax_rates"] = [["id": "txr_1", "object": "tax_rate"]]
    item["discounts"] = ["di_item"]
    let subscription = try Subscription(
      Sample.subscription(changing: [
        "items": ["object": "list", "data": [.object(item)]], "discounts": ["di_1"],
        "default_tax_rates": [["id": "txr_2", "object": "tax_rate"]],
      ]))
    let catalogue = try Catalogue.sample()
    var change = try PlanChange(
      PlanChangeRequest(.upgrade, to: "pro", asksForPeriodEnd: true), of: subscription,
      to: try #require(catalogue.plan("pro")), in: catalogue)
    change.target = .init(priceID: "price_pro")
    let terms = """
      "quantity":1,"tax_rates":["txr_1"],"discounts":[{"discount":"di_item"}]}]
      """
    let whole = #""discounts":[{"discount":"di_1"}],"default_tax_rates":["txr_2"]"#
    #expect(
      phases(try change.operationPlan()) == """
        [{"items":[{"price":"price_starter",\(terms),"start_date":1795000000,\
        "end_date":1797592000,"proration_behavior":"none",\(whole)},\
        {"items":[{"price":"price_pro",\(terms),"end_date":1797678400,\
        "proration_behavior":"none","metadata":{"billing_plan":"pro"},\(whole)}]
        """)
  }

  /// A subscription with a schedule whose first phase is over, and in whose last another plan waits.
  private func scheduled() throws -> Subscription {
    let phase = { (start: Int64, price: String, more: JSONObject) -> JSON in
      var phase: JSONObject = [
        "start_date": .integer(start), "end_date": .integer(start + 1_000_000),
        "items": [
          [
            "price": Sample.price(price), "quantity": 2, "plan": "old",
            "metadata": [:], "tax_rates": [["id": "txr_1"]], "discounts": [],
          ],
          ["price": "price_o", "quantity": .null, "metadata": ["a": "b"], "tax_rates": []],
        ], "metadata": [:], "discounts": [], "proration_behavior": "none", "trial_end": .null,
        "collection_method": .null, "default_tax_rates": [], "invoice_settings": .null,
        "add_invoice_items": [], "default_payment_method": .null, "automatic_tax": .null,
      ]
      for (key, value) in more { phase[key] = value }
      return .object(phase)
    }
    return try Subscription(
      Sample.subscription(changing: [
        "discounts": .array([]),
        "schedule": [
          "id": "sub_sched_1", "object": "subscription_schedule", "status": "active",
          "current_phase": ["start_date": 1_795_000_000, "end_date": 1_796_000_000],
          "phases": [
            phase(1_794_000_000, "price_first", [:]), phase(1_795_000_000, "price_starter", [:]),
            phase(
              1_796_000_000, "price_pro",
              [
                "metadata": ["billing_plan": "pro"], "collection_method": "send_invoice",
                "invoice_settings": ["days_until_due": 14, "footer": .null],
                "default_tax_rates": [["id": "txr_2"]], "default_payment_method": ["id": "pm_1"],
                "add_invoice_items": [["price": "price_setup", "quantity": 1, "tax_rates": []]],
                "discounts": [["coupon": .null, "discount": "di_1", "promotion_code": .null]],
                "automatic_tax": ["enabled": true, "liability": .null],
              ]),
          ],
        ],
      ]))
  }

  private static let items = """
    ,"quantity":2,"tax_rates":["txr_1"]},{"price":"price_o","metadata":{"a":"b"}}]
    """

  @Test func aDiscountGoesIntoEveryOpenPhase() throws {
    let intent = SubscriptionPlanning.discounting(
      ofCustomer: "cus_1", couponID: "launch", promotionCode: nil)
    let plan = try SubscriptionPlanning.applyDiscount(
      scheduled(), .coupon("launch"), intent: intent)
    let discounts = #""discounts":[{"coupon":"launch"}]"#
    #expect(
      phases(plan) == """
        [{"start_date":1795000000,"end_date":1796000000,"proration_behavior":"none",\
        "items":[{"price":"price_starter"\(Self.items),\(discounts)},\
        {"start_date":1796000000,"end_date":1797000000,"collection_method":"send_invoice",\
        "proration_behavior":"none","items":[{"price":"price_pro"\(Self.items),\
        "metadata":{"billing_plan":"pro"},\(discounts),"default_tax_rates":["txr_2"],\
        "default_payment_method":"pm_1",\
        "add_invoice_items":[{"price":"price_setup","quantity":1}],\
        "automatic_tax":{"enabled":true},"invoice_settings":{"days_until_due":14}}]
        """)
    #expect(plan.requests.map { $0.path.segments.last } == ["sub_sched_1"])
  }

  @Test func aDiscountLeavesEveryOpenPhase() throws {
    var subscription = Sample.subscription(changing: ["discounts": ["di_1"]]).object ?? [:]
    let schedule = try #require(try scheduled().schedule)
    #expect(schedule.openPhases.count == 2)
    subscription["schedule"] = [
      "id": "sub_sched_1", "object": "subscription_schedule", "status": "active",
      "current_phase": ["start_date": 1_795_000_000, "end_date": 1_796_000_000],
      "phases": .array(
        schedule.openPhases.map { phase in
          var fields = phase.parameters
          (fields["metadata"], fields["default_tax_rates"]) = ([:], [])
          return .object(fields)
        }),
    ]
    let plan = try SubscriptionPlanning.removeDiscounts(Subscription(.object(subscription)))
    #expect(phases(plan).split(separator: #""discounts":"""#).count == 3)
    #expect(
      plan.requests.map { $0.path.segments[1] } == ["subscription_schedules", "subscriptions"])
    #expect(plan.requests.last?.parameters == ["discounts": ""])
  }

  @Test(arguments: [
    (PlanChangeRequest.Direction.upgrade, Int64(2)), (.downgrade, 4),
  ])
  func seatsGoTheWayTheCommandSays(
    _ direction: PlanChangeRequest.Direction, _ wanted: Int64
  ) throws {
    let catalogue = try Catalogue.sample()
    let subscription = try Subscription(Sample.subscription(quantity: 3))
    let plan = try #require(catalogue.plan("starter"))
    let request = PlanChangeRequest(direction, to: "starter", quantity: wanted)
    #expect(
      throws: PlanChangeConflict.wrongQuantity(direction, from: 3, to: wanted, plan: "starter")
    ) { try PlanChange(request, of: subscription, to: plan, in: catalogue) }
    var other = request
    other.interval = BillingInterval(.year, count: 1)
    #expect(throws: Never.self) {
      try PlanChange(other, of: subscription, to: plan, in: catalogue)
    }
  }
}
