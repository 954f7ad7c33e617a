import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// Prices without a meter, as there were before 2025-03-31.basil.
@Suite(.tags(.unit)) struct UsageRecordsOfItemsTests {
  private static let old = "--api-version 2024-11-20.acacia"

  /// A customer whose requests are billed by a price without a meter.
  private func shop() async throws -> Shop {
    let shop = try await Shop("coditect")
    let client = try shop.world.context("--sandbox --quiet \(Self.old)").client()
    _ = try await client.send(
      StripeRequest(
        .post, StripePath("prices"),
        [
          "product": "prod_starter", "currency": "usd", "unit_amount": 1,
          "recurring": ["interval": "month", "usage_type": "metered"],
          "lookup_key": "billing_starter_overage_ai_requests_month", "transfer_lookup_key": true,
        ]))
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa \(Self.old)")
    return shop
  }

  @Test func usageIsSetOnTheItem() async throws {
    let shop = try await shop()
    for quantity in [7, 5] {
      _ = try await shop.json("usage record ada@example.com ai_requests \(quantity)")
      #expect(try await shop.json("usage report \(Self.old)")["reported"] == 1)
    }
    let overage = try await shop.json("usage overage ada@example.com")["meters"]?[0]
    #expect(overage?["used"] == 12 && overage?["amount"] == 12 && overage?["unreported"] == 0)
    _ = await shop.run("sandbox advance '1 month'")
    _ = await shop.run("sandbox advance 2h")
    #expect(
      try await shop.json("invoice list ada@example.com")["data"]?[0]?["total"] == 1912)
  }

  @Test func aVersionWithoutUsageRecordsIsRefused() async throws {
    let shop = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 7")
    let reason = try await shop.failure("usage report --customer ada@example.com")
    #expect(reason.hasPrefix("5 invalid_state: the use of ai_requests by cus_"))
    #expect(reason.contains("has no meter, and 2026-10-28.endive has no usage records"))
    #expect(await shop.run("usage report").exit == .partial)
  }
}
