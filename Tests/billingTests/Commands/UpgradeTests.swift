import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct UpgradeTests {
  @Test(arguments: [
    ("a@b.c pro", PlanChangeRequest(.upgrade, to: "pro")),
    (
      "a@b.c pro --interval quarter --quantity 5 --prorate none --payment-behavior allow_incomplete",
      PlanChangeRequest(
        .upgrade, to: "pro", interval: BillingInterval(.month, count: 3), quantity: 5,
        proration: "none", paymentBehavior: "allow_incomplete")
    ),
    ("a@b.c pro --at-period-end", PlanChangeRequest(.upgrade, to: "pro", asksForPeriodEnd: true)),
  ])
  func wordsBecomeOptions(_ words: String, _ expected: PlanChangeRequest) throws {
    let command = try Words.parsed("upgrade \(words)", as: Upgrade.self)
    #expect(command.change.reference == .email("a@b.c") && command.change.request == expected)
    #expect(!command.change.isPreview)
  }

  @Test(arguments: [
    ("a@b.c", "PLAN is missing;"),
    (
      "a@b.c pro --at-period-end --prorate none",
      "--at-period-end and --prorate exclude each other;"
    ),
    (
      "a@b.c pro --at-period-end --payment-behavior allow_incomplete",
      "--payment-behavior is for a change at once;"
    ),
    ("a@b.c pro --quantity 0", "--quantity must be from 1 to 1000000, not 0;"),
    ("a@b.c pro --interval week", "--interval must be month, quarter or year, not 'week';"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("upgrade \(words)") == "\(message) see billing upgrade --help")
  }

  private func shop(
    _ plan: String = "team", _ options: String = "--payment-method pm_card_visa"
  ) async throws -> (Shop, id: String) {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com \(plan) --create \(options)")
    return (shop, made["id"]?.string ?? "-")
  }

  @Test func aPreviewIsWhatTheChangeCosts() async throws {
    let (shop, _) = try await shop()
    shop.world.tick(10 * 86_400)
    let preview = try await shop.json("upgrade ada@example.com enterprise --preview")
    #expect(
      preview.object?.keys == [
        "plan", "effective_at", "currency", "amount_due_now", "next_invoice_total",
        "proration_date", "lines", "adjustments",
      ])
    #expect(
      preview["lines"]?[0]?.object?.keys
        == ["description", "amount", "proration", "invoice", "meter"])
    #expect(preview["proration_date"] == preview["effective_at"])
    #expect(preview["next_invoice_total"] == 49900)
    shop.world.tick(3000)
    _ = try await shop.json("upgrade ada@example.com enterprise")
    let invoice = try await shop.json("invoice list ada@example.com --limit 1")["data"]?[0]
    #expect(invoice?["amount_due"] == preview["amount_due_now"])
    #expect(invoice?["lines"]?[0]?["period_start"] == preview["proration_date"])
  }

  /// A preview that is older than an hour, or after which something else happened, counts no more.
  @Test func anOldPreviewIsForgotten() async throws {
    let (shop, _) = try await shop()
    let preview = try await shop.json("upgrade ada@example.com enterprise --preview")
    shop.world.tick(3700)
    let plan = try await shop.json("upgrade ada@example.com enterprise --idempotency-key k")
    #expect(plan["plan"] == "enterprise")
    let invoice = try await shop.json("invoice list ada@example.com --limit 1")["data"]?[0]
    #expect(invoice?["lines"]?[0]?["period_start"] != preview["proration_date"])
    #expect(try shop.journal(key: "k") == "done")
  }

  @Test func aDryRunShowsTheRequestAndThePreview() async throws {
    let (shop, id) = try await shop()
    let item = try await shop.json("subscription show ada@example.com")["items"]?[0]?["id"]
    let requests = try await shop.dryRun("upgrade ada@example.com enterprise --quantity 2")
    #expect(requests.count == 1)
    let prefix = "POST /v1/subscriptions/\(id) {\"items\":[{\"id\":\"\(item?.string ?? "-")\","
    #expect(requests.first?.hasPrefix(prefix) == true)
    #expect(
      requests.first?.contains("\"quantity\":2}],\"proration_behavior\":\"always_invoice\"") == true
    )
    let plan = try await shop.json("upgrade ada@example.com enterprise --dry-run")
    #expect(plan["preview"]?["plan"] == "enterprise")
  }

  @Test func aDeclineLeavesTheOldPlan() async throws {
    let (shop, id) = try await shop()
    let before = try await shop.json("subscription show ada@example.com")
    let customer = before["customer"]?.string ?? "-"
    let bad = try await shop.call(
      .post, "payment_methods", "pm_card_chargeCustomerFail", "attach",
      parameters: ["customer": .string(customer)])
    try await shop.call(
      .post, "subscriptions", id,
      parameters: ["default_payment_method": bad["id"] ?? .null])
    let failure = try await shop.failure("upgrade ada@example.com enterprise --idempotency-key k")
    #expect(failure.hasPrefix("6 card_declined: "))
    #expect(try shop.journal(key: "k") == "failed")
    #expect(try await shop.json("subscription show ada@example.com") == before)
    let allowed = await shop.run(
      "upgrade ada@example.com enterprise --payment-behavior allow_incomplete --json")
    #expect(allowed.exit == .refused)
    let shown = try JSON(parsing: allowed.output)
    #expect(shown["status"] == "past_due" && shown["plan"] == "enterprise")
    #expect(shown["hosted_invoice_url"]?.string != nil && shown["client_secret"]?.string != nil)
  }

  /// Without a payment method nobody is charged: the answer says where the payment is completed.
  @Test func withoutAPaymentMethodThePaymentWaits() async throws {
    let (shop, _) = try await shop("team", "--trial-days 5")
    let onTrial = try await shop.json("upgrade ada@example.com enterprise")
    #expect(onTrial["status"] == "trialing" && onTrial["plan"] == "enterprise")
    #expect(onTrial.object?.keys.contains("client_secret") == false)
  }

  @Test func aKeyDoesItOnce() async throws {
    let (shop, _) = try await shop()
    let first = try await shop.json("upgrade ada@example.com enterprise --idempotency-key k")
    #expect(
      try await shop.json("upgrade ada@example.com enterprise --idempotency-key k") == first)
    #expect(try await shop.json("invoice list ada@example.com")["data"]?.array?.count == 2)
    #expect(
      try await shop.failure("upgrade ada@example.com enterprise --quantity 2 --idempotency-key k")
        .hasPrefix("5 idempotency_mismatch: "))
  }

  /// A price that the catalogue no longer has counts by its product, and stays where only the
  /// quantity changes; a named interval takes today's.
  @Test func aPriceOfYesterdayStays() async throws {
    let (shop, id) = try await shop()
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      text.replacing("unit_amount: 9900", with: "unit_amount: 10900"), to: "plans.yaml")
    _ = try await shop.json("plans seed")
    let more = try await shop.json("upgrade ada@example.com team --quantity 2")
    #expect(more["unit_amount"] == 9900 && more["plan"] == "team")
    #expect(
      try await shop.failure("upgrade ada@example.com team") == """
        5 invalid_state: \(id) is on team already, with this interval and quantity; \
        billing plans list shows the plans; --interval and --quantity change the rest
        """)
    let today = try await shop.json("upgrade ada@example.com team --interval month")
    #expect(today["unit_amount"] == 10900 && today["quantity"] == 2)
  }

  @Test func aPlanWithoutSeededPricesIsRefused() async throws {
    let (shop, _) = try await shop()
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      text.replacing("namespace: agnostic", with: "namespace: other"), to: "plans.yaml")
    #expect(
      try await shop.failure("upgrade ada@example.com enterprise") == """
        5 invalid_state: Stripe has no price other_enterprise_month; \
        billing plans seed makes the prices of plans.yaml
        """)
  }

  @Test(arguments: [
    (
      "team --interval quarter",
      "5 not_for_sale: team is not sold by the quarter; it is sold by the month, year"
    ),
    ("tea", "4 not_found: there is no plan 'tea'; did you mean team?"),
    (
      "free",
      "5 invalid_state: free stands below team: that is no upgrade; billing downgrade goes there"
    ),
    (
      "free --quantity 2",
      "2 usage: free has no price, so --interval and --quantity do not go with it"
    ),
    (
      "enterprise --local",
      "2 usage: --local answers reads; a change is planned on what Stripe says; leave --local out"
    ),
    (
      "enterprise --preview --local",
      "2 usage: the mirror cannot tell what an invoice will be; leave --local out"
    ),
  ])
  func whatMakesNoSense(_ words: String, _ message: String) async throws {
    let (shop, _) = try await shop()
    #expect(try await shop.failure("upgrade ada@example.com \(words)") == message)
  }

  @Test func withoutASubscription() async throws {
    let shop = try await Shop()
    let made = try await shop.json("customer create --email ada@example.com")
    #expect(
      try await shop.failure("upgrade ada@example.com team") == """
        5 invalid_state: \(made["id"]?.string ?? "-") has no subscription that runs; \
        billing subscribe begins one
        """)
  }

  /// The metered prices go with the plan.
  @Test func meteredItemsAreExchanged() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    let yearly = try await shop.json("upgrade ada@example.com professional --interval year")
    let items = yearly["items"]?.array ?? []
    #expect(items.map { $0["plan"]?.string } == Array(repeating: "professional", count: 3))
    #expect(items.compactMap { $0["meter"]?.string } == ["ai_requests", "storage_mb"])
    #expect(yearly["interval"] == "year" && yearly["quantity"] == 1)
  }
}
