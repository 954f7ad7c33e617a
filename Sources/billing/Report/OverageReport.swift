import Basics
import BillingCore
import Stripe

/// What the end of a period will bill for use.
struct OverageReport: Report {
  let customerID: String
  let currency: String
  let overages: [PeriodOverage]

  /// Nil where one of the amounts is not known.
  private var total: Int64? {
    overages.reduce(Int64(0)) { total, line in
      guard let total, let amount = line.amount else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(amount)
      return overflow ? nil : sum
    }
  }

  private var lines: [JSON] {
    overages.map { line in
      [
        "meter": .string(line.segment.use.meter.id), "used": .integer(line.used),
        "included": JSON(line.included), "overage": .integer(line.overage),
        "amount": JSON(line.amount), "currency": .string(line.currency),
        "unreported": .integer(line.unreported), "price": .string(line.segment.use.price.id),
        "subscription": .string(line.segment.use.subscriptionID),
      ]
    }
  }

  private var object: JSONObject {
    [
      "customer": .string(customerID), "period_start": JSON(overages.first?.segment.start),
      "period_end": JSON(overages.first?.segment.end), "total": JSON(total),
      "currency": .string(overages.first?.currency ?? currency), "meters": .array(lines),
    ]
  }

  var data: ReportData { .object(object) }

  var human: HumanForm {
    guard let period = overages.first?.segment else {
      return .text("no subscription of \(VisibleText.of(customerID)) bills any use")
    }
    let data = JSON.object(object)
    return .sections([
      .details([
        Field("customer", customerID),
        Field("period", "\(period.start.iso8601Date) to \(period.end.iso8601Date)"),
        Field("total", Cell(money: data["total"], currency: data["currency"])),
      ]), .rows(Self.columns, lines),
    ])
  }

  private static let columns = [
    Column("METER", "meter"), Column("USED", "used", alignment: .right),
    Column("INCLUDED", "included", alignment: .right),
    Column("OVERAGE", "overage", alignment: .right), .money("COST", "amount"),
    Column("UNREPORTED", "unreported", alignment: .right),
  ]
}
