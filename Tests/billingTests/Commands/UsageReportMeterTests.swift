import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// Meters at Stripe that count in another way than plans.yaml says, or not at all.
@Suite(.tags(.unit)) struct UsageReportMeterTests {
  /// A customer whose requests are billed by a price of a meter of its own.
  private func shop(
    _ parameters: JSONObject, aggregation: String = "sum"
  ) async throws -> (Shop, meter: String) {
    let shop = try await Shop("coditect")
    let plans = try shop.world.text(of: "plans.yaml")
      .replacing("AI requests, aggregation: sum", with: "AI requests, aggregation: \(aggregation)")
    try shop.world.write(plans, to: "plans.yaml")
    var meter: JSONObject = ["display_name": "Other", "event_name": "other"]
    for (key, value) in parameters { meter[key] = value }
    let made = try await shop.call(.post, "billing", "meters", parameters: meter)
    try await shop.call(
      .post, "prices",
      parameters: [
        "product": "prod_starter", "currency": "usd", "unit_amount": 1,
        "recurring": [
          "interval": "month", "usage_type": "metered", "meter": made["id"] ?? .null,
        ],
        "lookup_key": "billing_starter_overage_ai_requests_month", "transfer_lookup_key": true,
      ])
    _ = try await shop.json(
      "subscribe ada@example.com starter --trial-days 0 --create --payment-method pm_card_visa")
    return (shop, made["id"]?.string ?? "-")
  }

  private static let sum: JSON = ["formula": "sum"]

  @Test(
    arguments: [
      (
        ["default_aggregation": ["formula": "last"]],
        "Stripe's meter counts by last, plans.yaml by sum"
      ),
      (
        ["default_aggregation": sum, "event_time_window": "hour"],
        "of several events of one hour Stripe's meter counts only the last"
      ),
    ] as [(JSONObject, String)])
  func whatCannotBeToldIsSaid(_ parameters: JSONObject, _ reason: String) async throws {
    let (shop, _) = try await shop(parameters)
    _ = try await shop.json("usage record ada@example.com ai_requests 7")
    let failure = try await shop.failure("usage report --customer ada@example.com")
    #expect(failure.hasPrefix("5 invalid_state: the use of ai_requests by cus_"))
    #expect(
      failure.hasSuffix(
        "cannot be reported: \(reason); billing plans diff shows what differs at Stripe"))
    let batch = await shop.run("usage report --json")
    #expect(batch.exit == .partial && batch.errors.contains(reason))
    #expect(try JSON(parsing: batch.output)["failed"] == 1)
  }

  /// Nobody can bill it, now or later, so that it keeps no change back.
  @Test func aMeterThatIsNotActiveIsSaid() async throws {
    let (shop, meter) = try await shop(["default_aggregation": Self.sum])
    _ = try await shop.json("usage record ada@example.com ai_requests 7")
    try await shop.call(.post, "billing", "meters", meter, "deactivate")
    #expect(
      try await shop.failure("usage report --customer ada@example.com")
        .contains("cannot be reported: Stripe's meter is not active; "))
    let change = await shop.run("upgrade ada@example.com professional")
    #expect(change.exit == .done && change.errors.contains("Stripe's meter is not active"))
  }

  @Test func aMeterThatCountsItsEventsGetsEach() async throws {
    let (shop, _) = try await shop(
      ["default_aggregation": ["formula": "count"]], aggregation: "count")
    for quantity in [5, 1, 1] {
      _ = try await shop.json("usage record ada@example.com ai_requests \(quantity)")
    }
    let plan = try await shop.json("usage report --dry-run")
    #expect(plan["requests"]?.array?.count == 3)
    let report = try await shop.json("usage report")
    #expect(report["reported"] == 3 && report["meters"]?[0]?["quantity"] == 3)
    let check = try await shop.json("usage report --check")
    #expect(check["data"]?[0]?["stripe"] == 3)
    #expect(try await shop.json("usage overage ada@example.com")["total"] == 3)
  }
}
