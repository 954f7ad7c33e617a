import Basics
import BillingCore

/// The object `proration preview` of the contract.
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
    guard !preview.lines.isEmpty else { return .details(fields) }
    let columns = [
      Column("INVOICE", "invoice"),
      Column("AMOUNT", alignment: .right) { [currency = preview.currency] line in
        Cell(money: line["amount"], currency: .string(currency))
      }, Column("LINE", "description"),
    ]
    return .sections([.details(fields), .rows(columns, object["lines"]?.array ?? [])])
  }
}
