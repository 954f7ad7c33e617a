import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct UsageSummaryTests {
  @Test func wordsBecomeOptions() throws {
    func period(_ words: String) throws -> UsageSummary.Period {
      try Words.parsed("usage summary a@b.c \(words)", as: UsageSummary.self).period
    }
    #expect(try period("") == .current)
    #expect(try period("--period current") == .current)
    #expect(try period("--period previous") == .previous)
    #expect(try period("--period 3d") == .of(.span(TimeSpan(seconds: 259_200))))
    #expect(
      Words.mistake("usage summary a@b.c --period last") == """
        --period must be current, previous or a time (2026-10-15), not 'last'; \
        see billing usage summary --help
        """)
  }

  private func meters(_ shop: Shop, _ options: String = "") async throws -> [String] {
    try await shop.json("usage summary ada@example.com \(options)")["meters"]?.array?.map { meter in
      meter.object?.members.map { Cell($0.value).text }.joined(separator: " ") ?? "-"
    } ?? []
  }

  @Test func whatIsFreeIsCountedByTheDay() async throws {
    let shop = try await Shop("coditect", seeds: false)
    let made = try await shop.json("customer create --email ada@example.com")
    for line in ["ai_requests 2 --at 2d", "ai_requests 1", "storage_mb 80"] {
      _ = try await shop.json("usage record ada@example.com \(line)")
    }
    #expect(
      try await shop.json("usage summary ada@example.com") == [
        "customer": made["id"] ?? .null, "period_start": "2026-11-01T00:00:00Z",
        "period_end": "2026-12-01T00:00:00Z",
        "meters": [
          [
            "meter": "ai_requests", "used": 1, "included": .null, "limit": 3, "per": "day",
            "remaining": 2, "percent": 33, "overage": 0, "overage_amount": 0, "currency": "usd",
            "unreported": 0,
          ],
          [
            "meter": "storage_mb", "used": 80, "included": .null, "limit": 100, "per": "period",
            "remaining": 20, "percent": 80, "overage": 0, "overage_amount": 0, "currency": "usd",
            "unreported": 0,
          ],
        ],
      ])
    _ = await shop.run("sandbox advance '1 month'")
    #expect(
      try await meters(shop) == [
        "ai_requests 0 - 3 day 3 0 0 0 usd 0", "storage_mb 0 - 100 period 100 0 0 0 usd 0",
      ])
    // Of another period the day of now says nothing.
    for option in ["--period previous", "--period '1 month'"] {
      #expect(
        try await meters(shop, option) == [
          "ai_requests 3 - 3 day - - 0 0 usd 0", "storage_mb 80 - 100 period 20 80 0 0 usd 0",
        ])
    }
  }

  @Test func whatIsBeyondCosts() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    _ = try await shop.json("usage record ada@example.com ai_requests 1250")
    _ = try await shop.json("usage record ada@example.com storage_mb 400")
    let summary = try await shop.json("usage summary ada@example.com")
    #expect(summary["period_end"]?.string?.hasPrefix("2026-12-20T") == true)
    #expect(
      try await meters(shop) == [
        "ai_requests 1250 1000 - period 0 125 250 250 usd 1250",
        "storage_mb 400 1000 - period 600 40 0 0 usd 400",
      ])
    _ = await shop.run("sandbox advance '1 month'")
    #expect(try await meters(shop).first == "ai_requests 0 1000 - period 1000 0 0 0 usd 0")
    #expect(
      try await meters(shop, "--period previous").first
        == "ai_requests 1250 1000 - period 0 125 250 250 usd 1250")
    // A limit of the customer's own goes before what is included.
    _ = try await shop.json("entitlement set ada@example.com ai_requests 50 --note x")
    _ = try await shop.json("usage record ada@example.com ai_requests 20")
    #expect(try await meters(shop).first == "ai_requests 20 1000 50 period 30 40 0 0 usd 20")
  }
}
