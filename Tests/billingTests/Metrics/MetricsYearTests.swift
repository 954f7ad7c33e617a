import Basics
import Stripe
import Testing

@testable import billing

/// The year of `fixtures/sessions/a-year-of-a-subscription.txt`, and its figures worked out by hand.
///
/// | when             | what                                         | $ a month |
/// | ---------------- | -------------------------------------------- | --------- |
/// | 2027-01-01 10:00 | ada signs up and pays for team               |     99.00 |
/// | 2027-03-15 10:00 | upgrade to enterprise, settled at once       |    499.00 |
/// | 2027-06-01 11:00 | the renewal fails: past due, and still there |    499.00 |
/// | 2027-06-04 11:00 | the second attempt is paid                   |    499.00 |
/// | 2028-01-01 10:00 | the end that she set in December             |      0.00 |
///
/// Invoices: January, February and March at $99.00, the upgrade, April to December at $499.00: 13,
/// all paid in the end. June's took two attempts, so there were 14, of which one failed.
@Suite(.tags(.integration)) struct MetricsYearTests {
  private static func live() async throws -> Shop {
    let shop = try await Shop()
    try await run(
      shop, "sandbox advance 42d",
      "subscribe ada@example.com team --create --payment-method pm_card_visa",
      "sandbox advance '2 months 14 days'", "upgrade ada@example.com enterprise",
      "sandbox advance '1 month 18 days'")
    let id = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
    let card = "sandbox portal act \(id) payment-method --card"
    try await run(
      shop, "\(card) 4000000000000341", "sandbox advance '1 month'", "\(card) 4242424242424242",
      "sandbox advance '6 months 18 days'", "cancel ada@example.com", "sandbox advance '1 month'")
    return shop
  }

  private static func run(_ shop: Shop, _ lines: String...) async throws {
    for line in lines {
      let result = await shop.run(line)
      #expect(result.exit == .done, "\(line): \(result.errors)")
    }
  }

  /// Some figures of a period, as `key value`.
  private static func figures(
    _ shop: Shop, from start: String, to end: String, _ keys: String
  ) async throws -> String {
    let json = try await shop.json("metrics --since \(start) --at \(end)")
    return keys.split(separator: " ").map { "\($0) \(json[String($0)]?.compact ?? "-")" }
      .joined(separator: ", ")
  }

  @Test func theFiguresOfTheYear() async throws {
    let shop = try await Self.live()
    let figures = { (start: String, end: String, keys: String) in
      try await Self.figures(shop, from: start, to: end, keys)
    }
    // She came in January: from nothing to $99.00, and one signup of one pays.
    #expect(
      try await figures(
        "2027-01-01", "2027-02-01", "mrr arr start_mrr new_mrr signups free_to_paid_conversion_rate"
      )
        == "mrr 9900, arr 118800, start_mrr 0, new_mrr 9900, signups 1, "
        + "free_to_paid_conversion_rate 1")
    // March: 499 − 99 = 400 more, and 499 / 99 = 5.0404.
    #expect(
      try await figures(
        "2027-03-01", "2027-04-01", "start_mrr expansion_mrr mrr arpa net_revenue_retention new_mrr"
      )
        == "start_mrr 9900, expansion_mrr 40000, mrr 49900, arpa 49900, "
        + "net_revenue_retention 5.0404, new_mrr 0")
    // Past due in June, which is revenue still; of June's two attempts one failed and one did not.
    #expect(
      try await figures(
        "2027-05-15", "2027-06-03",
        "mrr active_subscriptions past_due payment_success_rate payment_failure_rate recovery_rate")
        == "mrr 49900, active_subscriptions 0, past_due 1, payment_success_rate 0.5, "
        + "payment_failure_rate 0.5, recovery_rate 1")
    // She goes with the new year: one of one customers, and all of $499.00.
    #expect(
      try await figures(
        "2027-12-15", "2028-01-10",
        "start_mrr churn_mrr mrr arpa churned_30d customer_churn_rate net_revenue_retention")
        == "start_mrr 49900, churn_mrr 49900, mrr 0, arpa null, churned_30d 1, "
        + "customer_churn_rate 1, net_revenue_retention 0")
    // The whole year: 13 of 14 attempts are 0.9286; new is what she came to, $499.00.
    #expect(
      try await figures(
        "2027-01-01", "2028-01-01",
        "mrr arr new_mrr expansion_mrr payment_success_rate payment_failure_rate recovery_rate")
        == "mrr 49900, arr 598800, new_mrr 49900, expansion_mrr 0, "
        + "payment_success_rate 0.9286, payment_failure_rate 0.0714, recovery_rate 1")
  }

  @Test func theChartOfTheYear() async throws {
    let shop = try await Self.live()
    let json = try await shop.json("metrics --at 2027-12-31 --chart")
    let months = (json["months"]?.array ?? []).map {
      "\($0["month"]?.string ?? "-") \($0["mrr"]?.compact ?? "-")"
    }
    #expect(
      months == ["2027-01 9900", "2027-02 9900"]
        + (3...12).map { "2027-\($0 < 10 ? "0" : "")\($0) 49900" })
    let (short, long) = (String(repeating: "█", count: 9), String(repeating: "█", count: 50))
    let chart = await shop.run("metrics --at 2027-04-15 --chart").output
    #expect(
      chart.contains(
        """
        2026-12    $0.00
        2027-01   $99.00  \(short)
        2027-02   $99.00  \(short)
        2027-03  $499.00  \(long)
        2027-04  $499.00  \(long)

        """))
  }
}
