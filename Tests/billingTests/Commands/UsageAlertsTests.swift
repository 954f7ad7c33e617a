import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct UsageAlertsTests {
  private func alerts(_ shop: Shop, _ options: String = "") async throws -> [String] {
    let found = try await shop.json("usage alerts \(options)")
    return (found["data"]?.array ?? []).map { alert in
      alert.object?.members.dropFirst().map { Cell($0.value).text }.joined(separator: " ") ?? "-"
    }
  }

  private func outbox(_ shop: Shop) throws -> [String] {
    try shop.world.context("--sandbox --quiet").store().read { transaction in
      try transaction.waitingNotifications().filter { $0.kind.rawValue.hasPrefix("usage") }.map {
        "\($0.kind.rawValue) \(Cell($0.payload["meter"]).text) \(Cell($0.payload["threshold"]).text)"
      }
    }
  }

  private func shop() async throws -> Shop {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    return shop
  }

  @Test func fromTheFirstPercentageOnThereIsAnAlert() async throws {
    let shop = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 799")
    #expect(try await alerts(shop) == [])
    _ = try await shop.json("usage record ada@example.com ai_requests 1")
    #expect(
      try await alerts(shop) == [
        "ai_requests 800 1000 80 warning AI requests: 800 of 1000 used"
      ])
    #expect(await shop.run("usage alerts --check").exit == .done)
    _ = try await shop.json("usage record ada@example.com ai_requests 450")
    #expect(
      try await alerts(shop) == [
        "ai_requests 1250 1000 125 critical "
          + "AI requests: 1250 of 1000 used, 250 beyond what is included for $2.50"
      ])
    #expect(
      try await shop.json("customer overview ada@example.com")["alerts"]?[0]?["severity"]
        == "critical")
    let checked = await shop.run("usage alerts --check --json")
    #expect(checked.exit == .partial)
    #expect(try Shop.words(of: checked) == "10 partial: 1 of 1 alerts is critical")
  }

  @Test func eachThresholdIsToldOnceInAPeriod() async throws {
    let shop = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 800")
    _ = try await shop.json("usage alerts --notify")
    _ = try await shop.json("usage alerts --notify")
    #expect(try outbox(shop) == ["usage_threshold ai_requests 80"])
    _ = try await shop.json("usage record ada@example.com ai_requests 250")
    _ = try await shop.json("usage alerts --notify")
    _ = try await shop.json("usage alerts --notify")
    let first = [
      "usage_threshold ai_requests 80", "usage_threshold ai_requests 100",
      "usage_overage ai_requests -",
    ]
    #expect(try outbox(shop) == first)
    _ = await shop.run("sandbox advance '1 month'")
    #expect(try await alerts(shop) == [])
    _ = try await shop.json("usage record ada@example.com ai_requests 900")
    _ = try await shop.json("usage alerts --notify")
    #expect(try outbox(shop) == first + ["usage_threshold ai_requests 80"])
  }

  @Test func aLimitCountsInItsOwnWindow() async throws {
    let shop = try await Shop("coditect", seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("usage record ada@example.com ai_requests 3")
    _ = try await shop.json("usage alerts --notify --customer ada@example.com")
    _ = await shop.run("sandbox advance 1d")
    #expect(try await alerts(shop) == [])
    _ = try await shop.json("usage record ada@example.com ai_requests 3")
    _ = try await shop.json("usage alerts --notify")
    #expect(try outbox(shop).count == 4)
  }
}
