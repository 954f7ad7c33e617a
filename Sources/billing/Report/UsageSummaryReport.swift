import Basics
import BillingCore

/// The object `usage summary` of the contract.
struct UsageSummaryReport: Report {
  let customerID: String
  let period: BillingPeriod
  let meters: [MeterUsage]

  var data: ReportData {
    .object([
      "customer": .string(customerID), "period_start": JSON(period.start),
      "period_end": JSON(period.end), "meters": .array(meters.map(Self.json)),
    ])
  }

  private static func json(_ usage: MeterUsage) -> JSON {
    [
      "meter": .string(usage.meter.id), "used": .integer(usage.used),
      "included": JSON(usage.included), "limit": JSON(usage.limit?.maximum),
      "per": JSON(usage.limit?.window?.rawValue), "remaining": JSON(usage.remaining),
      "percent": JSON(usage.percent), "overage": .integer(usage.overage),
      "overage_amount": JSON(usage.overageAmount), "currency": .string(usage.currency),
      "unreported": .integer(usage.unreported),
    ]
  }

  var human: HumanForm {
    let details: HumanForm = .details([
      Field("customer", customerID),
      Field("period", "\(period.start.iso8601Date) to \(period.end.iso8601Date)"),
    ])
    guard !meters.isEmpty else {
      return .sections([details, .text("plans.yaml names no meters")])
    }
    return .sections([details, .rows(Self.columns, meters.map(Self.json))])
  }

  private static let columns = [
    Column("METER", "meter"), Column("USED", "used", alignment: .right),
    Column("INCLUDED", "included", alignment: .right),
    Column("LIMIT", alignment: .right) {
      Cell($0["per"]?.isNull == false ? $0["limit"].unlimited : nil)
    },
    Column("PER", "per"), Column("LEFT", "remaining", alignment: .right),
    Column("%", alignment: .right) { percent($0["percent"]) },
    Column("OVERAGE", "overage", alignment: .right), .money("COST", "overage_amount"),
  ]

  private static func percent(_ value: JSON?) -> Cell {
    guard let percent = value?.integer else { return Cell("-") }
    return Cell("\(percent)", percent >= 100 ? .red : percent >= 80 ? .yellow : nil)
  }
}
