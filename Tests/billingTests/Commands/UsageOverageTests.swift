import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct UsageOverageTests {
  @Test func itIsWhatThePeriodBillsBeyondWhatIsIncluded() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    _ = try await shop.json("usage record ada@example.com ai_requests 1250")
    _ = try await shop.json("usage record ada@example.com storage_mb 400")
    let overage = try await shop.json("usage overage ada@example.com")
    #expect(
      overage.object?.keys == [
        "customer", "period_start", "period_end", "total", "currency", "meters",
      ])
    #expect(overage["customer"] == made["customer"])
    #expect(overage["period_end"] == made["current_period_end"])
    #expect(overage["total"] == 250 && overage["currency"] == "usd")
    #expect(
      (overage["meters"]?.array ?? []).map { line in
        ["meter", "used", "included", "overage", "amount", "unreported"].map {
          Cell(line[$0]).text
        }.joined(separator: " ")
      } == ["ai_requests 1250 1000 250 250 1250", "storage_mb 400 1000 0 0 400"])
  }

  @Test func nobodyIsBilledForNothing() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("usage record ada@example.com ai_requests 5")
    let overage = try await shop.json("usage overage ada@example.com")
    #expect(overage["total"] == 0 && overage["meters"] == [])
  }

  /// Whatever is used, and told in whatever parts: the invoice has what was foretold.
  @Test(.tags(.integration), arguments: [1, 2, 3] as [UInt64])
  func theInvoiceAgrees(_ seed: UInt64) async throws {
    var dice = Dice(seed: seed)
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    for _ in 1...6 {
      let (requests, megabytes) = (dice.below(900), dice.below(2000))
      _ = try await shop.json("usage record ada@example.com ai_requests \(requests)")
      _ = try await shop.json("usage record ada@example.com storage_mb \(megabytes)")
      if dice.below(2) == 0 { _ = try await shop.json("usage report") }
      _ = await shop.run("sandbox advance \(1 + dice.below(4))d")
    }
    let overage = try await shop.json("usage overage ada@example.com")
    _ = try await shop.json("usage report")
    _ = await shop.run("sandbox advance '1 month'")
    _ = await shop.run("sandbox advance 2h")
    let invoices = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    let billed = invoices.first { $0["period_end"] == overage["period_end"] }
    #expect(billed?["subtotal"]?.integer == (overage["total"]?.integer ?? -1) + 1900)
  }
}
