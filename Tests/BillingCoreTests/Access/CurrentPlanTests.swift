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
