import Basics
import BillingCore

/// Twelve months: what came in, and why it became more or less.
extension ReportPage {
  var revenue: HTML {
    guard facts.months.contains(where: { $0.mrr > 0 || $0.startMRR > 0 }) else {
      return Self.section(
        "revenue", "Revenue",
        "<p>No subscription brought anything in the last twelve months.</p>")
    }
    return Self.section(
      "revenue", "Revenue", [revenueChart, movementsChart, monthTable].joined())
  }

  private var revenueChart: HTML {
    chart(
      "Monthly recurring revenue at the end of each month",
      series: [.init(name: "MRR", style: "one")], showsSums: true
    ) { [$0.mrr] }
  }

  private var movementsChart: HTML {
    chart(
      "What made it more or less",
      series: [
        .init(name: "new", style: "one"), .init(name: "expansion", style: "two"),
        .init(name: "reactivation", style: "three"), .init(name: "contraction", style: "four"),
        .init(name: "churn", style: "five"),
      ]
    ) { [$0.newMRR, $0.expansionMRR, $0.reactivationMRR, -$0.contractionMRR, -$0.churnMRR] }
  }

  private func chart(
    _ title: String, series: [ColumnChart.Series], showsSums: Bool = false,
    values: (BillingCore.Metrics) -> [Int64]
  ) -> HTML {
    let columns = facts.months.enumerated().map { index, month in
      let end = month.period.end
      let civil = CivilTime(end)
      return ColumnChart.Column(
        label: MonthText.short(end), note: index == 0 || civil.month == 1 ? "\(civil.year)" : "",
        title: name(of: month), values: values(month))
    }
    let currency = facts.currency
    let unit = (0..<Currency.decimals(of: currency)).reduce(Int64(1)) { unit, _ in unit * 10 }
    return ColumnChart(
      title: title, series: series, columns: columns, unit: unit,
      tick: { Self.withoutFraction(Self.money($0, currency)) },
      value: { Self.money($0, currency) }, showsSums: showsSums
    ).html
  }

  /// An amount at an axis, which is whole, without the noughts behind its point.
  private static func withoutFraction(_ text: String) -> String {
    guard let point = text.firstIndex(of: ".") else { return text }
    return String(text[..<point] + text[point...].drop { $0 == "." || $0 == "0" })
  }

  /// `November 2026`, and that it is not over.
  private func name(of month: BillingCore.Metrics) -> String {
    let isLast = month.period.end == facts.asOf
    return MonthText.long(month.period.end) + (isLast ? ", so far" : "")
  }

  private var monthTable: HTML {
    let amounts: [(String, (BillingCore.Metrics) -> Int64)] = [
      ("MRR", { $0.mrr }), ("New", { $0.newMRR }), ("Expansion", { $0.expansionMRR }),
      ("Reactivation", { $0.reactivationMRR }), ("Contraction", { -$0.contractionMRR }),
      ("Churn", { -$0.churnMRR }),
    ]
    let rows = facts.months.reversed().map { month -> [HTML] in
      let cells = amounts.map { HTML(text: money($0.1(month))) }
      let name = name(of: month).split(separator: ",", maxSplits: 1)
      let head: HTML = "<span class=\"nowrap\">\(String(name[0]))</span>"
      let rest = name.count > 1 ? HTML(text: ",\(name[1])") : .none
      return ["\(head)\(rest)"] + cells + [HTML(text: Self.percent(month.customerChurn))]
    }
    return HTMLTable(
      caption: "Revenue and movements, month by month",
      columns: [.init("Month")] + amounts.map { .number($0.0) } + [.number("Customer churn")],
      rows: rows, narrow: .scrolls
    ).html
  }
}
