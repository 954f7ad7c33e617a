import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct MetricsCommandTests {
  @Test(
    arguments: [
      ("--at soon", "--at must be a time"), ("--by customer", "--by must be plan, not 'customer'"),
      ("--currency dollars", "--currency must be three letters, as usd"),
      ("--chart --prometheus", "--by, --chart and --prometheus exclude each other"),
      ("ada@example.com", "unexpected 'ada@example.com'"),
    ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("metrics \(words)")?.hasPrefix(message) == true)
  }

  @Test func timesThatAreWrong() async throws {
    let shop = try await Shop()
    #expect(
      try await shop.failure("metrics --at 2030-01-01")
        == "2 usage: --at lies ahead; metrics are of the past")
    #expect(
      try await shop.failure("metrics --at 2026-11-01 --since 2026-11-01")
        == "2 usage: --since must be before 2026-11-01T00:00:00Z")
  }

  /// Two trials: one is paid for after its week, one is given up before.
  @Test func aTrialBringsNothingUntilItIsPaidFor() async throws {
    let shop = try await Shop()
    for name in ["ada", "ben"] {
      _ = try await shop.json(
        "subscribe \(name)@example.com team --create --trial-days 7 --payment-method pm_card_visa")
    }
    let trial = try await shop.json("metrics")
    #expect(trial["mrr"] == 0 && trial["trialing"] == 2 && trial["active_subscriptions"] == 0)
    #expect(trial["arpa"] == JSON.null && trial["trial_conversion_rate"] == JSON.null)
    _ = try await shop.json("cancel ben@example.com --now --yes")
    _ = await shop.run("sandbox advance '8 days'")
    let after = try await shop.json("metrics")
    #expect(after["mrr"] == 9900 && after["trialing"] == 0 && after["active_subscriptions"] == 1)
    #expect(after["trial_conversion_rate"]?.compact == "0.5")
    #expect(after["free_to_paid_conversion_rate"]?.compact == "0.5")
    #expect(after["new_mrr"] == 9900 && after["arpa"] == 9900)
  }

  /// A fifth off for three months: $19.00 is $15.20 until the discount runs out, without anyone
  /// telling of it.
  @Test func aDiscountIsTakenOffWhileItRuns() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      """
      subscribe ada@example.com starter --create --trial-days 0 --coupon launch \
      --payment-method pm_card_visa
      """)
    #expect(try await shop.json("metrics")["mrr"] == 1520)
    _ = await shop.run("sandbox advance '4 months'")
    let later = try await shop.json("metrics --since '4 months'")
    #expect(later["mrr"] == 1900 && later["arr"] == 22_800)
    #expect(try await shop.json("metrics --at '2 months'")["mrr"] == 1520)
    #expect(try await shop.json("metrics --since 20d")["expansion_mrr"] == 0)
    #expect(try await shop.json("metrics --since '45d'")["expansion_mrr"] == 380)
  }

  @Test func goalsAreHeldAgainstTheFigures() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --trial-days 0 --payment-method pm_card_visa")
    let goals = try await shop.json("metrics")["goals"]
    #expect(
      goals == [
        ["metric": "mrr", "target": "1000000", "actual": 1900, "met": false],
        ["metric": "customer_churn_rate", "target": "0.05", "actual": .null, "met": .null],
        ["metric": "payment_success_rate", "target": "0.95", "actual": 1, "met": true],
      ])
    let checked = await shop.run("metrics --check --json")
    #expect(checked.exit == .partial && checked.output.contains("\"mrr\": 1900"))
    #expect(
      try Shop.words(of: checked) == "10 drift: 1 of 3 goals of plans.yaml missed: mrr")
    let without = try await Shop()
    #expect(
      try await without.failure("metrics --check").hasPrefix(
        "8 invalid_plans: plans.yaml has no goals to hold the metrics against; "))
  }

  @Test func currenciesAreNotMixed() async throws {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    let euros = try await shop.json("metrics --currency EUR")
    #expect(euros["mrr"] == 0 && euros["currency"] == "eur" && euros["by_plan"] == [])
    #expect(euros["other_currencies"] == ["usd"])
    #expect(
      await shop.run("metrics --currency eur").output
        .hasSuffix("\n\nThere are subscriptions in USD too: --currency C shows them.\n"))
  }

  @Test func everyKeyStandsInItsPlace() async throws {
    let shop = try await Shop()
    #expect(
      try await shop.json("metrics").object?.keys == [
        "as_of", "currency", "mrr", "arr", "active_subscriptions", "trialing", "past_due", "arpa",
        "churned_30d", "customer_churn_rate", "net_revenue_retention", "trial_conversion_rate",
        "by_plan", "period_start", "start_mrr", "new_mrr", "expansion_mrr", "contraction_mrr",
        "churn_mrr", "reactivation_mrr", "signups", "free_to_paid_conversion_rate",
        "payment_success_rate", "payment_failure_rate", "recovery_rate", "webhook_success_rate",
        "other_currencies", "months", "goals",
      ])
  }

  @Test func plansAndGauges() async throws {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    #expect(
      await shop.run("metrics --by plan --format csv").output
        == "plan,mrr,arr,active_subscriptions,trialing,past_due\r\nteam,9900,118800,1,0,0\r\n")
    let gauges = await shop.run("metrics --prometheus").output
    #expect(gauges.hasPrefix("# HELP billing_mrr "))
    #expect(
      gauges.hasSuffix(
        """
        # HELP billing_plan_past_due Subscriptions of a plan that are past due
        # TYPE billing_plan_past_due gauge
        billing_plan_past_due{currency="usd",plan="team"} 0

        """))
    #expect(gauges.contains("\nbilling_arr{currency=\"usd\"} 118800\n"))
    #expect(!gauges.contains("recovery_rate"))
  }

  @Test(arguments: [(0, 0, 0), (1, 1_000_000, 1), (500, 1000, 25), (1000, 1000, 50), (-1, 5, 0)])
  func barsAreAsLongAsTheirAmounts(_ amount: Int64, _ most: Int64, _ length: Int) {
    #expect(MetricsReport.barLength(of: amount, most: most) == length)
  }
}
