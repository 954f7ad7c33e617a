/// What `metrics` shows: everything, a row for each plan, or gauges.
enum MetricsOutput: ReportChoice {
  case figures(MetricsReport)
  case plans(ListReport)
  case gauges(TextReport)

  var report: any Report {
    switch self {
    case .figures(let report): report
    case .plans(let report): report
    case .gauges(let report): report
    }
  }
}
