import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// A month of requests beyond what is included and allowed, and the month after it.
@Suite(.tags(.integration)) struct UsageMonthE2ETests {
  /// A plan that includes 1000 requests, bills up to 1200 and lets tokens pay for more.
  private func shop() async throws -> Shop {
    let shop = try await Shop("coditect")
    var plans = try shop.world.text(of: "plans.yaml")
    let place = try #require(plans.firstRange(of: "ai_requests: unlimited"))
    plans.replaceSubrange(place, with: "ai_requests: { max: 1200, per: period }")
    try shop.world.write(plans, to: "plans.yaml")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    return shop
  }

  private func consume(_ units: Int, _ shop: Shop) async throws -> JSON {
    let result = await shop.run(
      "gate check ada@example.com ai_requests --consume \(units) --json")
    return try JSON(parsing: result.output)
  }

  private func severities(_ shop: Shop) async throws -> [String] {
    try await shop.json("usage alerts --notify")["data"]?.array?.map {
      Cell($0["severity"]).text + " " + Cell($0["percent"]).text
    } ?? []
  }

  @Test func aMonthIsCountedToldBilledAndBegunAnew() async throws {
    let shop = try await shop()
    #expect(try await consume(900, shop)["allowed"] == true)
    #expect(try await severities(shop) == [])
    _ = await shop.run("sandbox advance 10d")
    #expect(try await consume(60, shop)["allowed"] == true)
    #expect(try await severities(shop) == ["warning 80"])
    #expect(try await consume(240, shop)["reason"] == "included")
    #expect(try await severities(shop) == ["critical 100"])
    #expect(await shop.run("usage alerts --check").exit == .partial)

    #expect(try await consume(10, shop)["reason"] == "limit_reached")
    _ = try await shop.json("tokens buy ada@example.com starter --payment-method pm_card_visa")
    #expect(try await consume(10, shop)["reason"] == "tokens")
    #expect(try await shop.json("tokens balance ada@example.com")["balance"] == 85_000)

    // What tokens paid for is not billed again.
    let overage = try await shop.json("usage overage ada@example.com")
    #expect(overage["total"] == 200)
    #expect(try await shop.json("usage report")["reported"] == 1)
    #expect(await shop.run("usage report --check").exit == .done)
    _ = await shop.run("sandbox advance '1 month'")
    _ = await shop.run("sandbox advance 2h")
    let invoices = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    let billed = invoices.first { $0["period_end"] == overage["period_end"] }
    #expect(billed?["total"] == 2100 && billed?["status"] == "paid")

    #expect(try await shop.json("usage overage ada@example.com")["total"] == 0)
    #expect(try await severities(shop) == [])
    let summary = try await shop.json("usage summary ada@example.com")
    #expect(summary["meters"]?[0]?["used"] == 0 && summary["meters"]?[0]?["remaining"] == 1200)
    #expect(try await consume(1200, shop)["allowed"] == true)
    #expect(try await shop.json("tokens balance ada@example.com")["balance"] == 85_000)
  }

  @Test func theListenerTellsOfAPeriodWhileItsInvoiceIsADraft() async throws {
    let shop = try await shop()
    #expect(try await consume(1100, shop)["allowed"] == true)
    _ = await shop.run("sandbox advance '1 month'")
    // Its look at the drafts, which finds the invoice of the month.
    _ = try await shop.json("invoice list ada@example.com")
    let chores = try ListenerChores(
      shop.world.context("--sandbox --quiet"), forwarding: nil)
    for chore in chores.all { _ = await chore() }
    #expect(try await shop.json("usage report")["reported"] == 0)
    _ = await shop.run("sandbox advance 2h")
    let invoice = try await shop.json("invoice list ada@example.com")["data"]?[0]
    #expect(invoice?["total"] == 2000 && invoice?["status"] == "paid")
  }
}
