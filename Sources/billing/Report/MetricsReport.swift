import Basics
import BillingCore
import Foundation

/// The figures on one screen, the plans under them, and where asked for a chart.
struct MetricsReport: Report {
  struct Month: Sendable {
    let end: Timestamp
    let mrr: Int64
  }

  let metrics: BillingCore.Metrics
  /// The catalogue's, each held against its figure; nil without a catalogue.
  var goals: [MetricsGoal]?
  /// The last twelve; nil where nobody asked.
  var months: [Month]?
  var outcome = Outcome.done

  var data: ReportData {
    var object: JSONObject = [
      "as_of": JSON(metrics.period.end), "currency": .string(metrics.currency),
    ]
    for figure in MetricFigure.standing { object[figure.key] = figure.json(metrics) }
    object["by_plan"] = .array(planRows)
    object["period_start"] = JSON(metrics.period.start)
    for figure in MetricFigure.period { object[figure.key] = figure.json(metrics) }
    object["other_currencies"] = .array(metrics.otherCurrencies.map { .string($0) })
    object["months"] = months.map { .array($0.map { json(of: $0) }) } ?? .null
    object["goals"] = goals.map { .array($0.map { json(of: $0) }) } ?? .null
    return .object(object)
  }

  private func json(of month: Month) -> JSON {
    ["month": .string(String(month.end.iso8601.prefix(7))), "mrr": .integer(month.mrr)]
  }

  private func json(of goal: MetricsGoal) -> JSON {
    [
      "metric": .string(goal.goal.metric), "target": .string(goal.goal.target),
      "actual": JSON(goal.actual?.rounded), "met": JSON(goal.isMet),
    ]
  }

  var planRows: [JSON] {
    zip(metrics.plans, metrics.planMRR).map { plan, mrr in
      [
        "plan": JSON(plan.planID), "mrr": .integer(mrr), "arr": .integer(plan.yearlyAmount),
        "active_subscriptions": .integer(plan.active), "trialing": .integer(plan.trialing),
        "past_due": .integer(plan.pastDue),
      ]
    }
  }

  static let planKeys = ["plan", "mrr", "arr", "active_subscriptions", "trialing", "past_due"]

  var planColumns: [Column] {
    let currency = metrics.currency
    let money = { (title: String, key: String) in
      Column(title, alignment: .right) { Cell(money: $0[key], currency: .string(currency)) }
    }
    return [
      Column("PLAN", "plan"), money("MRR", "mrr"), money("ARR", "arr"),
      Column("ACTIVE", "active_subscriptions", alignment: .right),
      Column("TRIALING", "trialing", alignment: .right),
      Column("PAST DUE", "past_due", alignment: .right),
    ]
  }

  // MARK: For people

  var human: HumanForm {
    let (start, end) = (JSON(metrics.period.start), JSON(metrics.period.end))
    var sections: [HumanForm] = [
      .details(
        [Field("as of", Cell(time: end))]
          + MetricFigure.standing.map { Field($0.title, $0.cell(metrics)) }),
      .details(
        [Field("since", Cell(time: start))]
          + MetricFigure.period.map { Field($0.title, $0.cell(metrics)) }),
    ]
    if !metrics.plans.isEmpty { sections.append(.rows(planColumns, planRows)) }
    if let months { sections.append(.text(chart(of: months))) }
    if let goals, !goals.isEmpty { sections.append(.rows(Self.goalColumns, goals.map(goalRow))) }
    if !metrics.otherCurrencies.isEmpty {
      let others = metrics.otherCurrencies.map { $0.uppercased() }.joined(separator: ", ")
      sections.append(
        .text(VisibleText.of("There are subscriptions in \(others) too: --currency C shows them.")))
    }
    return .sections(sections)
  }

  private static let goalColumns = [
    Column("GOAL", "goal"), Column("TARGET", "target", alignment: .right),
    Column("ACTUAL", "actual", alignment: .right),
    Column("MET", "met"),
  ]

  private func goalRow(_ goal: MetricsGoal) -> JSON {
    let met = goal.isMet.map { $0 ? "yes" : "no" }
    let target = Decimal(string: goal.goal.target)
    return [
      "goal": .string(goal.goal.metric),
      "target": .string(
        (goal.isCeiling ? "at most " : "at least ") + goal.words(target, metrics.currency)),
      "actual": .string(goal.words(goal.actual?.rounded, metrics.currency)),
      "met": .string(met ?? "nothing to count"),
    ]
  }

  /// A bar for each month, the longest for the most.
  private func chart(of months: [Month]) -> String {
    let most = months.map { $0.mrr }.max() ?? 0
    let amounts = months.map { MoneyText.of($0.mrr, metrics.currency) }
    let width = amounts.map { $0.count }.max() ?? 0
    let lines = zip(months, amounts).map { month, amount in
      let name = month.end.iso8601.prefix(7)
      let gap = String(repeating: " ", count: width - amount.count)
      let bar = String(repeating: "█", count: Self.barLength(of: month.mrr, most: most))
      return VisibleText.of("\(name)  \(gap)\(amount)" + (bar.isEmpty ? "" : "  \(bar)"))
    }
    return (["MRR at the end of each month"] + lines).joined(separator: "\n")
  }

  static let longestBar = 50

  /// What is not nothing has a bar.
  static func barLength(of amount: Int64, most: Int64) -> Int {
    guard most > 0, amount > 0 else { return 0 }
    let (high, low) = amount.multipliedFullWidth(by: Int64(longestBar))
    return max(1, Int(most.dividingFullWidth((high, low)).quotient))
  }
}
