import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct TrialTests {
  @Test func wordsBecomeOptions() throws {
    let more = try Words.parsed("trial a@b.c extend --days 7", as: TrialExtend.self)
    #expect(more.reference == .email("a@b.c") && more.days == 7)
    #expect(try Words.parsed("trial a@b.c end", as: TrialEnd.self).reference == .email("a@b.c"))
  }

  @Test(arguments: [
    ("trial a@b.c extend", "--days is missing; see billing trial extend --help"),
    (
      "trial a@b.c extend --days 0",
      "--days must be from 1 to 730, not 0; see billing trial extend --help"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake(words) == message)
  }

  private func shop(_ options: String) async throws -> (Shop, id: String) {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com team --create \(options)")
    return (shop, made["id"]?.string ?? "-")
  }

  @Test func moreDays() async throws {
    let (shop, id) = try await shop("--trial-days 7 --payment-method pm_card_visa")
    #expect(
      try await shop.dryRun("trial ada@example.com extend --days 3") == [
        """
        POST /v1/subscriptions/\(id) {"trial_end":1796032801,"proration_behavior":"none"}
        """
      ])
    let longer = try await shop.json("trial ada@example.com extend --days 3")
    #expect(longer["trial_end"] == "2026-11-30T10:00:01Z")
    #expect(longer["next_billing_date"] == longer["trial_end"])
    let line = "trial ada@example.com extend --days 1 --idempotency-key k"
    let first = try await shop.json(line)
    #expect(first["trial_end"] == "2026-12-01T10:00:01Z")
    #expect(try await shop.json(line) == first)
    #expect(
      try await shop.failure("trial ada@example.com extend --days 725") == """
        5 invalid_state: the trial of \(id) would end on 2028-11-25, and it may end two years from \
        now; take fewer --days
        """)
  }

  @Test func endingItBills() async throws {
    let (shop, id) = try await shop("--trial-days 7 --payment-method pm_card_visa")
    #expect(
      try await shop.dryRun("trial ada@example.com end") == [
        """
        POST /v1/subscriptions/\(id) {"trial_end":"now","payment_behavior":"error_if_incomplete"}
        """
      ])
    let ended = try await shop.json("trial ada@example.com end")
    #expect(ended["status"] == "active")
    #expect(ended["current_period_start"]?.string?.hasPrefix("2026-11-20T10:00") == true)
    let invoice = try await shop.json("invoice show \(ended["latest_invoice"]?.string ?? "-")")
    #expect(invoice["amount_paid"] == 9900)
    #expect(
      try await shop.failure("trial ada@example.com end") == """
        5 invalid_state: \(id) is not on trial: it is active; \
        billing subscription show tells how it stands
        """)
  }

  @Test func aDeclineLeavesTheTrial() async throws {
    let (shop, _) = try await shop("--trial-days 7 --payment-method pm_card_chargeCustomerFail")
    #expect(
      try await shop.failure("trial ada@example.com end")
        == "6 card_declined: Your card was declined. (generic_decline); try another payment method")
    #expect(try await shop.json("subscription show ada@example.com")["status"] == "trialing")
  }

  @Test func withoutACardNobodyIsBilled() async throws {
    let (shop, id) = try await shop("--trial-days 7")
    let refusal = """
      5 invalid_state: ada@example.com has no payment method to be charged; \
      billing payment-method attach gives one; billing portal lets the customer do it
      """
    #expect(try await shop.failure("trial ada@example.com end") == refusal)
    _ = try await shop.json("sandbox advance 8d")
    #expect(try await shop.json("subscription show ada@example.com")["status"] == "paused")
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "free")
    #expect(try await shop.failure("resume ada@example.com") == refusal)
    #expect(
      try await shop.failure("cancel ada@example.com") == """
        5 invalid_state: \(id) is paused: no period runs and no bill comes; \
        billing resume lets it go on; billing cancel --now ends it
        """)
  }
}
