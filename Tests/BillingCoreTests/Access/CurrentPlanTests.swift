import Basics
import BillingCore
import Stripe
import Testing

@Suite(.tags(.unit)) struct CurrentPlanTests {
  private func row(
    _ status: String, product: String = "billing_starter", created: Int64 = 100,
    priceID: String = "price_1", plan: String? = nil
  ) throws -> SubscriptionRow {
    var row = SubscriptionRow(
      try Subscription(
        Sample.subscription(
          "sub_\(created)", status: status, price: Sample.price(priceID, product: product),
          changing: ["created": .integer(created)])), plan: plan)
    row.created = Timestamp(created)
    return row
  }

  @Test(arguments: [
    ("active", "starter"), ("trialing", "starter"), ("past_due", "starter"), ("unpaid", "free"),
    ("paused", "free"), ("incomplete", "free"), ("incomplete_expired", "free"),
    ("canceled", "free"),
  ])
  func rightsComeWithWhatRuns(_ status: String, _ plan: String) throws {
    let current = CurrentPlan.of([try row(status)], in: try .sample(), at: noon)
    #expect(current.planID == plan && current.status == status)
  }

  @Test func withoutASubscriptionTheDefaultHolds() throws {
    let current = CurrentPlan.of([], in: try .sample(), at: noon)
    #expect(current.planID == "free" && current.status == "none")
  }

  @Test func theOneThatRunsCountsElseTheNewest() throws {
    let ended = try row("canceled", created: 200)
    let running = try row("active", created: 100)
    #expect(CurrentPlan.of([ended, running], in: try .sample(), at: noon).status == "active")
    let older = try row("unpaid", created: 50)
    #expect(CurrentPlan.of([older, ended], in: try .sample(), at: noon).status == "canceled")
  }

  /// Three days after the payment fell due, with seven days of grace.
  @Test func aPaymentThatIsDueIsBorneThroughTheDaysOfGrace() throws {
    let catalogue = try Catalogue.sample()
    var due = try row("past_due")
    due.currentPeriodStart = noon
    let current = { (seconds: Int64) in
      CurrentPlan.of([due], in: catalogue, at: noon + seconds)
    }
    #expect(current(0).graceUntil == noon + 7 * 86_400)
    #expect(current(7 * 86_400 - 1).planID == "starter")
    let after = current(7 * 86_400)
    #expect(after.planID == "free" && after.status == "past_due" && after.graceUntil == nil)
    #expect(after.unpaidPlanID == "starter")
    #expect(CurrentPlan.of([try row("unpaid")], in: catalogue, at: noon).unpaidPlanID == "starter")
    #expect(CurrentPlan.of([try row("canceled")], in: catalogue, at: noon).unpaidPlanID == nil)
  }

  /// Nothing runs when the end comes, and the event may be late.
  @Test func aCancellationHoldsFromItsEndOn() throws {
    var ending = try row("active")
    (ending.cancelAtPeriodEnd, ending.currentPeriodEnd) = (true, noon)
    let catalogue = try Catalogue.sample()
    #expect(CurrentPlan.of([ending], in: catalogue, at: noon - 1).planID == "starter")
    #expect(CurrentPlan.of([ending], in: catalogue, at: noon).planID == "free")
    ending.cancelAtPeriodEnd = false
    #expect(CurrentPlan.of([ending], in: catalogue, at: noon + 86_400).planID == "starter")
  }

  @Test func pausedCollectionKeepsAccess() throws {
    var paused = try row("active")
    paused.pauseBehavior = "void"
    #expect(CurrentPlan.of([paused], in: try .sample(), at: noon).planID == "starter")
  }

  @Test func ofTwoTheHigherPlanCountsThenTheNewer() throws {
    let catalogue = try Catalogue.sample()
    let starter = try row("active", created: 300)
    let pro = try row("trialing", product: "billing_pro", created: 200)
    for rows in [[starter, pro], [pro, starter]] {
      let current = CurrentPlan.of(rows, in: catalogue, at: noon)
      #expect(current.planID == "pro" && current.subscriptionID == "sub_200")
    }
    let newer = try row("active", created: 400)
    #expect(
      CurrentPlan.of([starter, newer], in: catalogue, at: noon).subscriptionID == "sub_400")
    let unpaid = try row("unpaid", product: "billing_pro", created: 500)
    #expect(CurrentPlan.of([unpaid, starter], in: catalogue, at: noon).planID == "starter")
  }

  @Test func aPlanIsKnownByItsProductItsPriceOrWhatItWas() throws {
    let catalogue = try Catalogue.sample()
    let made = try row("active", product: "prod_x", priceID: "price_elsewhere")
    #expect(catalogue.planID(of: made) == "pro")
    #expect(catalogue.planID(of: try row("active", product: "prod_x", plan: "old")) == "old")
    #expect(catalogue.planID(of: try row("active", product: "prod_x")) == nil)
    #expect(
      CurrentPlan.of([try row("active", product: "prod_x")], in: catalogue, at: noon)
        == CurrentPlan.of([try row("active", product: "prod_y")], in: catalogue, at: noon))
    var json = Sample.price("price_2", product: "prod_x").object ?? [:]
    json["lookup_key"] = "billing_starter_year"
    #expect(catalogue.planID(of: try Price(.object(json))) == "starter")
  }
}
