import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct UsageReportTests {
  @Test func wordsBecomeOptions() throws {
    let bare = try Words.parsed("usage report", as: UsageReport.self)
    #expect(bare.reference == nil && bare.until == nil && bare.endingWithin == nil && !bare.checks)
    let full = try Words.parsed(
      "usage report --customer ada@example.com --until 2h --ending-within 3h --check",
      as: UsageReport.self)
    #expect(full.reference?.text == "ada@example.com" && full.checks)
    #expect(full.until == .span(TimeSpan(seconds: 7200)))
    #expect(full.endingWithin == TimeSpan(seconds: 10_800))
    #expect(
      Words.mistake("usage report --ending-within soon") == """
        --ending-within must be a length of time (90s, 24h, 3d), not 'soon'; \
        see billing usage report --help
        """)
  }

  /// A customer on a plan that bills use.
  private func shop() async throws -> (Shop, id: String) {
    let shop = try await Shop("coditect")
    let made = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    return (shop, made["customer"]?.string ?? "-")
  }

  /// What a run told, and what it found told, failed and late: `1 told 1250, 0 known, 0 failed, 0`.
  private func meters(_ report: JSON) -> [String] {
    (report["meters"]?.array ?? []).map { meter in
      meter.object?.members.map { Cell($0.value).text }.joined(separator: " ") ?? "-"
    }
  }

  @Test func whatWasUsedIsToldOnceInOneCall() async throws {
    let (shop, id) = try await shop()
    for quantity in [1000, 200, 50] {
      _ = try await shop.json("usage record ada@example.com ai_requests \(quantity)")
    }
    for quantity in [700, 400] {
      _ = try await shop.json("usage record ada@example.com storage_mb \(quantity)")
    }
    let report = try await shop.json("usage report")
    #expect(report.object?.keys == ["reported", "already_reported", "failed", "meters"])
    #expect(report["reported"] == 2 && report["already_reported"] == 0 && report["failed"] == 0)
    #expect(meters(report) == ["ai_requests 1 1250 0 0 0", "storage_mb 1 400 0 0 0"])
    #expect(try await shop.json("usage summary ada@example.com")["meters"]?[0]?["unreported"] == 0)

    let again = try await shop.json("usage report")
    #expect(meters(again) == ["ai_requests 0 0 1 0 0", "storage_mb 0 0 1 0 0"])
    _ = try await shop.json("usage record ada@example.com ai_requests 5")
    #expect(
      meters(try await shop.json("usage report")) == [
        "ai_requests 1 5 0 0 0", "storage_mb 0 0 1 0 0",
      ])
    let check = try await shop.json("usage report --check")
    #expect(
      (check["data"]?.array ?? []).map {
        "\($0["customer"] == .string(id)) \(Cell($0["meter"]).text) \(Cell($0["used"]).text) "
          + "\(Cell($0["reported"]).text) \(Cell($0["stripe"]).text)"
      } == ["true ai_requests 1255 1255 1255", "true storage_mb 400 400 400"])
  }

  @Test func aDryRunTellsNothing() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 7")
    let plan = try await shop.json("usage report --dry-run")
    let request = plan["requests"]?[0]
    #expect(request?["path"] == "/v1/billing/meter_events")
    #expect(request?["params"]?["event_name"] == "billing_ai_requests")
    #expect(
      request?["params"]?["payload"] == ["stripe_customer_id": .string(id), "value": "7"])
    // Nothing was written down either: what was used later is told with it.
    _ = try await shop.json("usage record ada@example.com ai_requests 3")
    #expect(meters(try await shop.json("usage report")) == ["ai_requests 1 10 0 0 0"])
  }

  @Test func whatWasUsedLaterWaits() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 10")
    _ = await shop.run("sandbox advance 3h")
    _ = try await shop.json("usage record ada@example.com ai_requests 20")
    #expect(
      meters(try await shop.json("usage report --until 2h")) == ["ai_requests 1 10 0 0 0"])
    #expect(meters(try await shop.json("usage report")) == ["ai_requests 1 20 0 0 0"])
  }

  @Test func cronTellsOfPeriodsThatEndSoon() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 10")
    #expect(try await shop.json("usage report --ending-within 2h")["reported"] == 0)
    #expect(try await shop.json("usage report --ending-within '2 months'")["reported"] == 1)
  }

  @Test func aLostAnswerIsNotToldTwice() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 10")
    _ = try await shop.json(
      "sandbox fault add drop_after --path /v1/billing/meter_events")
    let failed = await shop.run("usage report --json --max-retries 0")
    #expect(failed.exit == .partial)
    #expect(meters(try await shop.json("usage report")) == ["ai_requests 1 10 0 0 0"])
    #expect(try await shop.json("usage report --check")["data"]?[0]?["stripe"] == 10)
  }

  @Test func aRunThatWasCutOffIsGoneOnWithDaysLater() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 10")
    _ = try await shop.json("sandbox fault add drop_after --path /v1/billing/meter_events")
    #expect(await shop.run("usage report --json --max-retries 0").exit == .partial)
    // Stripe no longer knows the identifier, so it is asked what it counted.
    _ = await shop.run("sandbox advance 3d")
    #expect(meters(try await shop.json("usage report")) == ["ai_requests 1 10 0 0 0"])
    #expect(try await shop.json("usage report --check")["data"]?[0]?["stripe"] == 10)
  }

  @Test func aDraftIsToldOfAndAFinalInvoiceIsNot() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 1010")
    _ = await shop.run("sandbox advance '1 month'")
    #expect(meters(try await shop.json("usage report")) == ["ai_requests 1 1010 0 0 0"])
    _ = await shop.run("sandbox advance 2h")
    let invoice = try await shop.json("invoice list ada@example.com")["data"]?[0]
    #expect(invoice?["status"] == "paid" && invoice?["total"] == 1910)
    // What comes now is said, and stays.
    _ = try await shop.json("usage record ada@example.com ai_requests 5 --at 3d")
    let late = await shop.run("usage report --json")
    #expect(late.exit == .done)
    #expect(meters(try JSON(parsing: late.output)) == ["ai_requests 0 0 0 0 5"])
    #expect(late.errors.contains("5 ai_requests of \(id) came too late for the period to"))
  }

  @Test func whatStripeCannotCountFails() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("usage record ada@example.com ai_requests 10")
    _ = try await shop.json("sandbox fault add drop_before --path /v1/billing/meter_events")
    #expect(await shop.run("usage report --json --max-retries 0").exit == .partial)
    try await shop.call(.delete, "customers", id)
    let result = await shop.run("usage report --json")
    #expect(result.exit == .partial)
    #expect(result.errors.contains("Stripe did not count use_"))
    let report = try JSON(parsing: result.output)
    #expect(report["reported"] == 0 && report["failed"] == 1)
  }
}
