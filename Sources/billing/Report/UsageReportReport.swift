import Basics
import BillingCore

/// What `usage report` shows: what was told, what would be, or how it compares with Stripe.
enum UsageReportReport: Report {
  case reported(UsageReportCounts, isStopped: Bool)
  case planned(DryRunReport)
  case checked([UsageCheck])

  var data: ReportData {
    switch self {
    case .reported(let counts, _): .object(counts.json)
    case .planned(let report): report.data
    case .checked(let checks): list(checks).data
    }
  }

  var human: HumanForm {
    switch self {
    case .reported(let counts, _):
      counts.meters.isEmpty
        ? .text("nothing was used that Stripe bills") : .rows(Self.columns, counts.rows)
    case .planned(let report): report.human
    case .checked(let checks): list(checks).human
    }
  }

  var outcome: Outcome {
    switch self {
    case .reported(_, isStopped: true):
      return .failed(
        CommandError(
          "interrupted", "stopped; what is written down is sent by the next run",
          exit: .interrupted))
    case .reported(let counts, _):
      guard counts.failed > 0 else { return .done }
      return .failed(
        .partial(
          "\(counts.failed) \(counts.failed == 1 ? "report" : "reports") failed",
          hint: "run it again when the reason is mended: nothing is told twice"))
    case .planned(let report): return report.outcome
    case .checked(let checks): return list(checks).outcome
    }
  }

  private static let columns = [
    Column("METER", "meter"), Column("REPORTED", "reported", alignment: .right),
    Column("QUANTITY", "quantity", alignment: .right),
    Column("ALREADY", "already_reported", alignment: .right),
    Column("FAILED", "failed", alignment: .right), Column("LATE", "late", alignment: .right),
  ]

  private func list(_ checks: [UsageCheck]) -> ListReport {
    let rows = checks.map { check -> JSON in
      [
        "customer": .string(check.segment.use.customerID),
        "meter": .string(check.segment.use.meter.id),
        "period_start": JSON(check.segment.start), "period_end": JSON(check.segment.end),
        "used": .integer(check.used), "reported": .integer(check.reported),
        "stripe": JSON(check.counted),
      ]
    }
    let differences = checks.count { !$0.agrees }
    return ListReport(
      rows, keys: Self.checkKeys, columns: Self.checkColumns,
      empty: "nothing was used that Stripe's meters count",
      outcome: differences == 0
        ? .done
        : .failed(
          .drift(
            "Stripe counted something else than it was told: \(differences) "
              + (differences == 1 ? "difference" : "differences"),
            hint: "Stripe counts a moment later; billing usage report takes in what it refused")))
  }

  private static let checkKeys = [
    "customer", "meter", "period_start", "period_end", "used", "reported", "stripe",
  ]

  private static let checkColumns = [
    Column.id("CUSTOMER", "customer"), Column("METER", "meter"),
    Column.time("FROM", "period_start"), Column.time("TO", "period_end"),
    Column("USED", "used", alignment: .right), Column("REPORTED", "reported", alignment: .right),
    Column("STRIPE", "stripe", alignment: .right),
  ]
}
