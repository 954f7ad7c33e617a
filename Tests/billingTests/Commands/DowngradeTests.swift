import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct DowngradeTests {
  @Test(arguments: [("a@b.c pro", true), ("a@b.c pro --prorate none", false)])
  func waitsUnlessProrationIsAskedFor(_ words: String, _ waits: Bool) throws {
    let command = try Words.parsed("downgrade \(words)", as: Downgrade.self)
    #expect(command.change.request.waits == waits)
  }

  @Test func aPaymentBehaviorIsForAChangeAtOnce() {
    #expect(
      Words.mistake("downgrade a@b.c pro --payment-behavior allow_incomplete") == """
        --payment-behavior is for a change at once, which --prorate asks for; \
        see billing downgrade --help
        """)
  }

  private func shop(_ options: String = "") async throws -> (Shop, id: String) {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe ada@example.com enterprise --create --payment-method pm_card_visa \(options)")
    return (shop, made["id"]?.string ?? "-")
  }

  @Test func waitsForTheEndOfThePeriod() async throws {
    let (shop, id) = try await shop()
    let changed = try await shop.json("downgrade ada@example.com team --interval year --quantity 3")
    #expect(changed["id"]?.string == id && changed["plan"] == "enterprise")
    let pending: JSON = [
      "plan": "team", "interval": "year", "quantity": 3,
      "at": changed["current_period_end"] ?? .null,
    ]
    #expect(changed["pending_change"] == pending)
    for line in [
      "subscription show ada@example.com", "subscription show ada@example.com --local",
    ] { #expect(try await shop.json(line) == changed) }
    for line in ["subscription list", "subscription list --local"] {
      #expect(try await shop.json(line)["data"]?[0] == changed)
    }
    #expect(
      try await shop.failure("upgrade ada@example.com enterprise --quantity 9") == """
        5 invalid_state: \(id) changes to team at \(Cell(time: changed["current_period_end"]).text) \
        already; billing resume takes that back first
        """)
    _ = try await shop.json("sandbox advance '1 month'")
    let later = try await shop.json("subscription show ada@example.com")
    #expect(later["plan"] == "team" && later["interval"] == "year" && later["quantity"] == 3)
    #expect(later["pending_change"] == JSON.null && later["unit_amount"] == 95000)
    let invoice = try await shop.json("invoice list ada@example.com --limit 1")["data"]?[0]
    #expect(invoice?["total"] == 285_000 && invoice?["status"] == "paid")
  }

  /// A schedule that has done its work does not stand in the way of the next change.
  @Test func whatIsLeftOfAScheduleIsLetGo() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("downgrade ada@example.com team")
    _ = try await shop.json("sandbox advance '1 month'")
    let requests = try await shop.dryRun("downgrade ada@example.com free")
    #expect(requests.count == 2)
    #expect(requests.first?.hasSuffix("/release {}") == true)
    let up = try await shop.json("upgrade ada@example.com enterprise")
    #expect(up["plan"] == "enterprise" && up["pending_change"] == JSON.null)
    _ = try await shop.json("sandbox advance '2 months'")
    #expect(try await shop.json("subscription show ada@example.com")["plan"] == "enterprise")
  }

  @Test func aPendingChangeIsTakenBack() async throws {
    let (shop, _) = try await shop()
    let before = try await shop.json("subscription show ada@example.com")
    _ = try await shop.json("downgrade ada@example.com team --idempotency-key k")
    let resumed = try await shop.json("resume ada@example.com --idempotency-key r")
    #expect(resumed == before)
    #expect(try shop.journal(key: "k") == "done" && shop.journal(key: "r") == "done")
    #expect(try await shop.json("resume ada@example.com --idempotency-key r") == before)
    _ = try await shop.json("sandbox advance '1 month'")
    #expect(try await shop.json("subscription show ada@example.com")["plan"] == "enterprise")
  }

  @Test func aTrialIsLeftToItsEnd() async throws {
    let (shop, _) = try await shop("--trial-days 10")
    let waiting = try await shop.json("downgrade ada@example.com team")
    #expect(waiting["status"] == "trialing" && waiting["plan"] == "enterprise")
    #expect(waiting["pending_change"]?["at"] == waiting["trial_end"])
    _ = try await shop.json("sandbox advance 11d")
    let after = try await shop.json("subscription show ada@example.com")
    #expect(after["status"] == "active" && after["plan"] == "team")
    let invoice = try await shop.json("invoice list ada@example.com --limit 1")["data"]?[0]
    #expect(invoice?["total"] == 9900)
  }

  @Test func aDiscountStays() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      """
      subscribe ada@example.com professional --create --payment-method pm_card_visa \
      --promotion-code LAUNCH20
      """)
    let waiting = try await shop.json("downgrade ada@example.com starter")
    #expect(waiting["discount"]?["coupon"] == "launch")
    _ = try await shop.json("sandbox advance '1 month'")
    _ = try await shop.json("sandbox advance 2h")
    let invoices = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    #expect(invoices.map { $0["total"]?.integer } == [1520, 3920])
  }

  @Test func toTheDefaultPlanItIsACancellation() async throws {
    let (shop, id) = try await shop()
    #expect(
      try await shop.dryRun("downgrade ada@example.com free")
        == [#"POST /v1/subscriptions/\#(id) {"cancel_at_period_end":true}"#])
    let preview = try await shop.json("downgrade ada@example.com free --preview")
    #expect(preview["amount_due_now"] == 0 && preview["next_invoice_total"] == 0)
    let ending = try await shop.json("downgrade ada@example.com free")
    #expect(ending["cancel_at_period_end"] == true && ending["pending_change"] == JSON.null)
    #expect(
      try await shop.failure("downgrade ada@example.com free") == """
        5 invalid_state: \(id) is cancelled, to end at \
        \(Cell(time: ending["current_period_end"]).text); billing resume takes that back first
        """)
  }

  @Test(arguments: [
    (
      "free --prorate none",
      """
      5 invalid_state: free begins when the subscription ends, so nothing is prorated; \
      billing cancel --now ends it at once; without --prorate it ends with the period
      """
    ),
    ("team --quantity 2 --interval week", nil),
  ])
  func whatMakesNoSense(_ words: String, _ message: String?) async throws {
    guard let message else {
      #expect(Words.mistake("downgrade a@b.c \(words)")?.hasPrefix("--interval must be") == true)
      return
    }
    let (shop, _) = try await shop()
    #expect(try await shop.failure("downgrade ada@example.com \(words)") == message)
  }

  /// At once, with the difference on the customer's balance.
  @Test func atOnceTheDifferenceIsCredited() async throws {
    let (shop, _) = try await shop()
    shop.world.tick(15 * 86_400)
    let preview = try await shop.json(
      "downgrade ada@example.com team --prorate always_invoice --preview")
    let changed = try await shop.json("downgrade ada@example.com team --prorate always_invoice")
    #expect(changed["plan"] == "team" && changed["pending_change"] == JSON.null)
    let invoice = try await shop.json("invoice list ada@example.com --limit 1")["data"]?[0]
    let lines = preview["lines"]?.array?.filter { $0["invoice"] == "now" } ?? []
    let total = lines.compactMap { $0["amount"]?.integer }.reduce(0, +)
    #expect(total < 0 && invoice?["total"]?.integer == total && preview["amount_due_now"] == 0)
    #expect(try await shop.json("customer show ada@example.com")["balance"]?.integer == total)
  }

  /// The last payment failed: first that, then another plan.
  @Test func whatIsNotPaidForDoesNotChange() async throws {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com enterprise --create")
    #expect(
      try await shop.failure("downgrade ada@example.com team") == """
        5 invalid_state: \(made["id"]?.string ?? "-") is incomplete: its first payment is not made; \
        billing subscribe begins one with the other plan in its place; billing cancel ends it
        """)
    let (late, id) = try await self.shop()
    let customer = try await late.json("customer show ada@example.com")["id"]?.string ?? "-"
    let bad = try await late.call(
      .post, "payment_methods", "pm_card_chargeCustomerFail", "attach",
      parameters: ["customer": .string(customer)])
    try await late.call(
      .post, "subscriptions", id, parameters: ["default_payment_method": bad["id"] ?? .null])
    _ = try await late.json("sandbox advance '32 days'")
    #expect(
      try await late.failure("downgrade ada@example.com team") == """
        5 invalid_state: \(id) is past_due: its last invoice is not paid; \
        billing payment-method attach --default gives another card, billing invoice retry charges it
        """)
  }
}
