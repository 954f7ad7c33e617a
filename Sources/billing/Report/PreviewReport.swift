import Basics
import BillingCore

/// The object `proration preview` of the contract; beyond it, each line has its `meter`, and
/// `adjustments` are what leads from the lines to what is due: discounts, tax, the balance.
struct PreviewReport: Report {
  let preview: ProrationPreview

  var data: ReportData { .object(object) }

  var object: JSONObject {
    [
      "plan": .string(preview.planID), "effective_at": JSON(preview.effectiveAt),
      "currency": .string(preview.currency), "amount_due_now": .integer(preview.amountDueNow),
      "next_invoice_total": .integer(preview.nextInvoiceTotal),
      "proration_date": JSON(preview.prorationDate),
      "lines": .array(
        preview.lines.map {
          [
            "description": JSON($0.description), "amount": .integer($0.amount),
            "proration": .bool($0.isProration), "invoice": .string($0.bill.rawValue),
            "meter": JSON($0.meterID),
          ]
        }),
      "adjustments": .array(
        preview.adjustments.map {
          [
            "kind": .string($0.kind.rawValue), "description": .string($0.description),
            "amount": .integer($0.amount), "invoice": .string($0.bill.rawValue),
          ]
        }),
    ]
  }

  var human: HumanForm {
    let money = { (minor: Int64) in MoneyText.of(minor, preview.currency) }
    let fields = [
      Field("plan", preview.planID),
      Field("takes effect", Cell(time: JSON(preview.effectiveAt))),
      Field("due now", money(preview.amountDueNow)),
      Field("next invoice", money(preview.nextInvoiceTotal)),
    ]
    guard !rows.isEmpty else { return .details(fields) }
    let columns = [
      Column("INVOICE", "invoice"),
      Column("AMOUNT", alignment: .right) { [currency = preview.currency] line in
        Cell(money: line["amount"], currency: .string(currency))
      }, Column("LINE", "line"),
    ]
    return .sections([.details(fields), .rows(columns, rows)])
  }

  /// Each bill from top to bottom: its lines, then what leads from them to what it comes to.
  private var rows: [JSON] {
    [ProrationPreview.Bill.now, .next].flatMap { bill -> [JSON] in
      let lines = preview.lines.filter { $0.bill == bill }.map {
        Self.row(bill, $0.amount, Self.words($0.description ?? "-", meter: $0.meterID))
      }
      return lines
        + preview.adjustments.filter { $0.bill == bill }.map {
          Self.row(bill, $0.amount, $0.description)
        }
    }
  }

  private static func row(_ bill: ProrationPreview.Bill, _ amount: Int64, _ line: String) -> JSON {
    ["invoice": .string(bill.rawValue), "amount": .integer(amount), "line": .string(line)]
  }

  /// A line that bills usage says of what: two of them may read the same.
  static func words(_ description: String, meter: String?) -> String {
    meter.map { "\(description), \($0)" } ?? description
  }
}
