import Basics
import Stripe
import Testing

@testable import billing

/// Plans without a list price, plans by invitation, and trials that need a payment method.
@Suite(.tags(.unit)) struct AgreedPriceTests {
  private static let card = "--create --payment-method pm_card_visa"

  @Test func aPlanWithoutAListPrice() async throws {
    let shop = try await Shop("coditect")
    let line = "subscribe ada@example.com enterprise --amount 250000 --interval year"
    let inline = """
      "price_data":{"currency":"usd","product":"billing_enterprise","unit_amount":250000,\
      "recurring":{"interval":"year","interval_count":1}}
      """
    let requests = try await shop.dryRun("\(line) \(Self.card)")
    #expect(
      requests[1] == """
        POST /v1/products {"id":"billing_enterprise","name":"CODITECT Enterprise",\
        "description":"For companies, on request",\
        "metadata":{"billing_catalogue":"billing","billing_plan":"enterprise",\
        "billing_sold_by_amount":"true"}}
        """)
    #expect(requests.count == 4 && requests[3].contains(inline))
    let made = try await shop.json("\(line) \(Self.card)")
    #expect(made["plan"] == "enterprise" && made["unit_amount"] == 250000)
    #expect(made["interval"] == "year" && made["status"] == "active")
    #expect(try await shop.json("customer show ada@example.com --local")["plan"] == "enterprise")
    // The product is there for the next one, and a seed leaves it alone.
    let next = try await shop.dryRun("subscribe bob@example.com enterprise --amount 1 \(Self.card)")
    #expect(next.count == 3)
    #expect(try await shop.json("plans seed --prune --yes")["changes"] == [])
  }

  @Test func aPlanWithAListPrice() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.json("subscribe ada@example.com starter --amount 990 \(Self.card)")
    #expect(made["plan"] == "starter" && made["unit_amount"] == 990 && made["interval"] == "month")
    #expect(made["items"]?.array?.count == 3)
  }

  @Test(arguments: [
    (
      "starter --amount 990 --interval quarter",
      """
      5 not_for_sale: the overage of starter is not billed by the quarter; \
      it is billed by the month, year
      """
    ),
    (
      "free --amount 990",
      """
      5 not_for_sale: free is not for sale: it is the default plan, which everyone has without a \
      subscription; billing plans list shows what is
      """
    ),
    (
      "enterprise --invited",
      """
      5 not_for_sale: enterprise is not for sale: it has no price; \
      billing subscribe --amount sells it at a price that was agreed on
      """
    ),
    (
      "starter --amount 9.90",
      """
      2 usage: --amount is in the minor unit, a whole number (1900 for 19.00); \
      see billing subscribe --help
      """
    ),
  ])
  func whatIsNotSold(_ words: String, _ failure: String) async throws {
    let shop = try await Shop("coditect", seeds: false)
    #expect(try await shop.failure("subscribe ada@example.com \(words)") == failure)
  }

  @Test func aPlanByInvitation() async throws {
    let shop = try await Shop()
    let plans = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      plans.replacing("  - id: team\n", with: "  - id: team\n    available: false\n"),
      to: "plans.yaml")
    let line = "subscribe ada@example.com team \(Self.card)"
    #expect(
      try await shop.failure(line) == """
        5 not_for_sale: team is not for sale: it is not available; \
        billing subscribe --invited sells it to one customer
        """)
    #expect(try await shop.json("\(line) --invited")["unit_amount"] == 9900)
  }

  @Test func aTrialThatNeedsAPaymentMethod() async throws {
    let shop = try await Shop()
    let plans = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      plans.replacing(
        "  - id: team\n", with: "  - id: team\n    trial_requires_payment_method: true\n"),
      to: "plans.yaml")
    #expect(
      try await shop.failure("subscribe ada@example.com team --create --trial-days 7") == """
        5 invalid_state: a trial of team needs a payment method; \
        --payment-method names one, on billing checkout the customer gives one; \
        --trial-days 0 does without the trial
        """)
    let made = try await shop.json("subscribe ada@example.com team --trial-days 7 \(Self.card)")
    #expect(made["status"] == "trialing")
  }
}
