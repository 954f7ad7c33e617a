import Basics
import Testing

@testable import StripeSandbox

@Suite struct MeteredBillingTests {
  private let month: Int64 = 30 * 86_400

  /// The invoices of a subscription, oldest first, each with its lines.
  private func invoices(_ world: UsageWorld, _ subscription: Answer) -> [[String]] {
    world.stripe.get("/v1/invoices", "subscription=\(subscription.id)&limit=100").ids.reversed()
      .map { world.money.invoice($0).lineTexts }
  }

  private func subscribe(_ world: UsageWorld, _ customer: String, _ more: String = "") -> Answer {
    world.money.subscribe(
      customer, "items[0][price]=\(world.price)\(more.isEmpty ? "" : "&\(more)")")
  }

  @Test(.tags(.unit)) func usageIsBilledWhenItsPeriodIsOver() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    world.use("5000", of: customer, "timestamp=\(TestSandbox.start.seconds - 1)")
    let subscription = subscribe(world, customer, "items[1][price]=\(world.money.monthly)")
    #expect(subscription["items", "data", "0", "quantity"] == .null)
    world.use("1000", of: customer)
    world.stripe.wait(seconds: month)
    world.use("2000", of: customer)
    world.stripe.wait(seconds: month)
    world.use("4000", of: customer)
    world.stripe.wait(seconds: 2 * 86_400)
    #expect(
      invoices(world, subscription) == [
        ["1900 1 user × Pro (at $19.00 / month)"],
        ["1900 1 user × Pro (at $19.00 / month)", "100 1000 call × API (at $0.001 / month)"],
        ["1900 1 user × Pro (at $19.00 / month)", "600 6000 call × API (at $0.001 / month)"],
      ])
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func linesTellQuantityPriceAndPeriod() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let subscription = subscribe(world, customer)
    #expect(subscription["latest_invoice"] == .null)
    world.use("1500.5", of: customer)
    world.stripe.wait(seconds: month)
    let id = try #require(
      world.stripe.get("/v1/invoices", "subscription=\(subscription.id)").ids.first)
    let line = try #require(world.money.invoice(id).body[at: "lines", "data", "0"])
    #expect(line["amount"] == 150)
    #expect(line["quantity"] == 1501)
    #expect(line["quantity_decimal"] == "1500.5")
    #expect(line[at: "pricing", "unit_amount_decimal"] == "0.1")
    #expect(line[at: "period", "start"] == .time(TestSandbox.start))
    #expect(line[at: "period", "end"] == subscription.item["current_period_end"])
    #expect(
      line[at: "parent", "subscription_item_details", "subscription_item"]
        == subscription.item["id"])
  }

  @Test(.tags(.unit)) func tiersAreLinesOfTheirOwn() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let price = world.price(
      """
      billing_scheme=tiered&tiers_mode=graduated&tiers[0][up_to]=1000&tiers[0][unit_amount]=0\
      &tiers[1][up_to]=inf&tiers[1][unit_amount_decimal]=0.5&tiers[1][flat_amount]=300
      """)
    let subscription = world.money.subscribe(customer, "items[0][price]=\(price)")
    world.use("1200", of: customer)
    world.stripe.wait(seconds: month)
    #expect(
      invoices(world, subscription) == [
        [
          "0 1000 call × API (Tier 1 at $0.00 / month)",
          "100 200 call × API (Tier 2 at $0.005 / month)", "300 API (Tier 2 at $3.00 / month)",
        ]
      ])
  }

  @Test(.tags(.unit)) func usageOfATrialIsFree() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let subscription = subscribe(world, customer, "trial_period_days=7")
    world.use("1000", of: customer)
    world.stripe.wait(seconds: 7 * 86_400)
    world.use("10", of: customer)
    world.stripe.wait(seconds: 31 * 86_400)
    #expect(
      invoices(world, subscription) == [["1 10 call × API (at $0.001 / month)"]])
  }

  @Test(.tags(.unit)) func lessThanNothingIsNothing() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let subscription = subscribe(world, customer)
    world.use("-10", of: customer)
    world.stripe.wait(seconds: month)
    #expect(invoices(world, subscription) == [["0 0 call × API (at $0.001 / month)"]])
  }

  @Test(.tags(.unit)) func whatIsReportedWhileTheDraftWaitsIsBilled() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let price = world.price(
      """
      billing_scheme=tiered&tiers_mode=graduated&tiers[0][up_to]=100&tiers[0][unit_amount]=0\
      &tiers[1][up_to]=inf&tiers[1][unit_amount]=1
      """)
    let subscription = world.money.subscribe(
      customer,
      "items[0][price]=\(price)&discounts[0][coupon]=\(coupon(world))&items[1][price]=\(world.price)"
    )
    world.use("50", of: customer)
    world.stripe.wait(seconds: month + 60)
    let id = world.stripe.get("/v1/invoices", "subscription=\(subscription.id)").ids[0]
    let draft = world.money.invoice(id)
    #expect(draft["status"] == "draft")
    #expect(
      draft.lineTexts == [
        "0 50 call × API (Tier 1 at $0.00 / month)", "5 50 call × API (at $0.001 / month)",
      ])
    world.use("250", of: customer, "timestamp=\(TestSandbox.start.seconds + 60)")
    world.use("7000", of: customer)
    world.stripe.wait(seconds: 3600)
    let issued = world.money.invoice(id)
    #expect(
      issued.lineTexts == [
        "0 100 call × API (Tier 1 at $0.00 / month)",
        "200 200 call × API (Tier 2 at $0.01 / month)",
        "30 300 call × API (at $0.001 / month)",
      ])
    #expect(issued["subtotal"] == 230)
    #expect(issued["total"] == 115)
    #expect(issued["status"] == "paid")
    #expect(issued["lines", "data", "0", "id"] == draft["lines", "data", "0", "id"])
    world.use("9", of: customer, "timestamp=\(TestSandbox.start.seconds + 60)")
    #expect(world.money.invoice(id).body == issued.body)
    try world.money.checkEvents()
  }

  private func coupon(_ world: UsageWorld) -> String {
    world.stripe.post("/v1/coupons", "percent_off=50&duration=forever").id
  }

  @Test(.tags(.unit)) func anImmediateEndBillsUsageWhenAsked() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    for (more, expected) in [
      ("invoice_now=true", ["300 3000 call × API (at $0.001 / month)"]), ("", []),
    ] {
      let subscription = subscribe(world, customer)
      world.use("3000", of: customer)
      world.stripe.wait(seconds: 60)
      let canceled = world.stripe.delete("/v1/subscriptions/\(subscription.id)?\(more)")
      #expect(canceled["status"] == "canceled")
      #expect(world.money.latestInvoice(canceled).lineTexts == expected)
    }
  }

  @Test(.tags(.unit)) func theEndOfAPeriodBillsUsage() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let subscription = subscribe(world, customer)
    world.use("3000", of: customer)
    _ = world.money.update(subscription.id, "cancel_at_period_end=true")
    world.stripe.wait(seconds: month + 7200)
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "canceled")
    #expect(invoices(world, subscription) == [["300 3000 call × API (at $0.001 / month)"]])
  }
}
