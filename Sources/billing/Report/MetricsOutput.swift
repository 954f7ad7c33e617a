/// What `metrics` shows: everything, a row for each plan, or gauges.
enum MetricsOutput: Report {
  case figures(MetricsReport)
  case plans(ListReport)
  case gauges(TextReport)

  private var report: any Report {
    switch self {
    case .figures(let report): report
    case .plans(let report): report
    case .gauges(let report): report
    }
  }

  var data: ReportData { report.data }
  var human: HumanForm { report.human }
  var outcome: Outcome { report.outcome }
}
