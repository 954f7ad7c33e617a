import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CustomerOverviewTests {
  @Test(arguments: [("", "CUSTOMER is missing;"), ("a b", "unexpected 'b';")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("customer overview \(words)")
        == "\(message) see billing customer overview --help")
  }

  private func overview(_ shop: Shop) async throws -> JSON {
    try await shop.json("customer overview ada@example.com")
  }

  @Test func aCustomerWithoutASubscription() async throws {
    let shop = try await Shop()
    let id = try await shop.json("customer create --email ada@example.com")["id"]
    let view = try await overview(shop)
    #expect(view["customer"] == id && view["status"] == "none")
    #expect(view["plan_name"] == "Agnostic Automation Center - Free")
    for key in [
      "unit_amount", "currency", "interval", "next_billing_date", "cancels_on", "trial_ends_on",
      "payment_method",
    ] {
      #expect(view[key] == JSON.null, "\(key)")
    }
    #expect(view["tokens"]?["balance"] == 0)
    #expect(view["invoices"] == [] && view["alerts"] == [])
    #expect(
      view["limits"]?["test_runs"]
        == ["max": 100, "per": "month", "used": 0, "remaining": 100])
    #expect(view["plans"]?.array?.map { $0["id"] } == ["team", "enterprise"])
  }

  @Test func aTrialThenABillThenTheEnd() async throws {
    let shop = try await Shop("allthrive")
    _ = try await shop.json(
      "subscribe ada@example.com community-pro --create --payment-method pm_card_visa")
    let trial = try await overview(shop)
    #expect(trial["status"] == "trialing" && trial["interval"] == "quarter")
    #expect(trial["unit_amount"] == 5400 && trial["currency"] == "usd")
    #expect(trial["trial_ends_on"] == trial["next_billing_date"])
    #expect(trial["payment_method"]?["last4"] == "4242")
    #expect(
      trial["limits"]?["projects"] == ["max": .null, "per": .null, "used": 0, "remaining": .null])
    _ = await shop.run("sandbox advance 8d")
    let active = try await overview(shop)
    #expect(active["status"] == "active" && active["trial_ends_on"] == JSON.null)
    #expect(active["invoices"]?.array?.map { $0["total"] } == [5400, 0])
    _ = try await shop.json("cancel ada@example.com")
    let ending = try await overview(shop)
    #expect(ending["cancels_on"] == active["next_billing_date"])
    #expect(ending["next_billing_date"] == JSON.null)
    _ = await shop.run("sandbox advance '3 months'")
    let ended = try await overview(shop)
    #expect(ended["status"] == "canceled" && ended["plan_name"] == "Free")
    #expect(ended["unit_amount"] == JSON.null && ended["cancels_on"] == JSON.null)
  }

  @Test func whatIsBilledStandsApartFromWhatIsHeld() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create --quantity 3")
    let text = await shop.run("customer overview ada@example.com").output
    #expect(
      text.contains(
        """
        plan          Agnostic Automation Center - Free
        status        incomplete
        subscription  Agnostic Automation Center - Team Plan, $99.00 a month, times 3

        """))
  }

  @Test func thePlansForSale() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    let text = await shop.run("customer overview ada@example.com").output
    #expect(text.contains("\nFOR SALE    NAME "))
    #expect(text.contains("\nteam        Agnostic Automation Center - Team Plan "))
    #expect(text.contains("\nenterprise  Agnostic Automation Center - Enterprise Plan "))
  }

  @Test func nobody() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.failure("customer overview nobody@example.com")
        .hasPrefix("4 not_found: no customer nobody@example.com;"))
  }
}
