import Basics
import BillingCore

struct MetricsCommand: Command {
  static let name = "metrics"
  static let summary = "Show revenue, its movements and rates, now or on any past day"
  static let discussion =
    """
    Reads the mirror, without asking Stripe. The period ends at --at and begins 30 days before it, or
    at --since. Each customer is compared with itself at the two ends; what came and went between
    them is not seen. Amounts are in one currency, and are rounded once, so that they add up.

    With --check it exits 10 when a goal of plans.yaml (goals:) is missed. Rates are told to four
    places, and held against goals exactly; where there is nothing to count they are null.

    What each figure is:

    """
    + MetricFigure.all.map { figure in
      let lines = figure.definition.split(separator: "\n").map { "    \($0)" }
      return "  \(figure.key)\n" + lines.joined(separator: "\n")
    }.joined(separator: "\n")
  static let parameters: [Parameter] = [
    .option("--at", "T", "As things stood then (default: now)"),
    .option("--since", "T", "Where the period begins (default: 30 days before its end)"),
    .option("--by", "plan", "Only what each plan brings, a row each", choices: ["plan"]),
    .option("--currency", "C", "What is billed in C (default: the catalogue's)"),
    .flag("--check", "Exit 10 when a goal of plans.yaml is missed"),
    .flag("--chart", "Draw the last twelve months"),
    .flag("--prometheus", "As gauges in the text format of Prometheus"),
  ]
  static let examples = [
    "metrics", "metrics --at 2026-11-01 --json", "metrics --since '1 month' --chart",
    "metrics --check", "metrics --by plan --format csv", "metrics --prometheus",
  ]

  var at: TimeArgument?
  var since: TimeArgument?
  var byPlan: Bool
  var currency: String?
  var checks: Bool
  var draws: Bool
  var asGauges: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    at = try arguments.time("--at")
    since = try arguments.time("--since")
    byPlan = try arguments.option("--by") != nil
    currency = try arguments.currency("--currency")
    checks = arguments.flag("--check")
    draws = arguments.flag("--chart")
    asGauges = arguments.flag("--prometheus")
    guard [byPlan, draws, asGauges].filter({ $0 }).count < 2 else {
      throw arguments.error("--by, --chart and --prometheus exclude each other")
    }
  }

  func run(_ context: Context) async throws -> MetricsOutput {
    let catalogue = checks ? try context.catalogue() : try context.catalogueForNames()
    let period = try period(at: try context.now())
    let report = try context.store().read { transaction in
      let metrics = try transaction.metrics(
        over: period, currency: currency ?? catalogue?.currency)
      let months = BillingCore.Metrics.monthEnds(until: period.end)
      let amounts = try transaction.monthlyRevenue(
        at: draws ? months : [], currency: metrics.currency)
      return MetricsReport(
        metrics: metrics, goals: catalogue?.goals.map { MetricsGoal($0, metrics) },
        months: draws ? zip(months, amounts).map { .init(end: $0, mrr: $1) } : nil)
    }
    return form(of: report, outcome: try outcome(of: report, context))
  }

  private func period(at now: Timestamp) throws -> BillingCore.Metrics.Period {
    let end = at?.before(now) ?? now
    guard end <= now else { throw CommandError.usage("--at lies ahead; metrics are of the past") }
    let start = since?.before(now) ?? end - 30 * 86_400
    guard start < end else { throw CommandError.usage("--since must be before \(end.iso8601)") }
    return BillingCore.Metrics.Period(start: start, end: end)
  }

  private func outcome(of report: MetricsReport, _ context: Context) throws -> Outcome {
    guard checks else { return .done }
    let plans = context.shown(context.settings.plansPath)
    guard let goals = report.goals, !goals.isEmpty else {
      throw CommandError.configuration(
        "invalid_plans", "\(plans) has no goals to hold the metrics against",
        hint: "add them, as goals: { mrr: 1000000, customer_churn_rate: \"0.05\" }")
    }
    let missed = goals.filter { $0.isMet == false }.map { $0.goal.metric }
    guard !missed.isEmpty else { return .done }
    return .failed(
      .drift(
        "\(missed.count) of \(goals.count) goals of \(plans) missed: "
          + missed.joined(separator: ", ")))
  }

  private func form(of report: MetricsReport, outcome: Outcome) -> MetricsOutput {
    if byPlan {
      return .plans(
        ListReport(
          report.planRows, keys: MetricsReport.planKeys, columns: report.planColumns,
          empty: "no plan brings anything", outcome: outcome))
    }
    if asGauges {
      return .gauges(
        TextReport(text: report.metrics.prometheusText, data: .none, outcome: outcome))
    }
    var report = report
    report.outcome = outcome
    return .figures(report)
  }
}
