import Basics
import BillingCore
import Stripe

struct InvoiceShow: Command {
  static let name = "invoice show"
  static let summary = "Show one invoice with its lines"
  static let discussion = "Reads Stripe; with --local the mirror."
  static let parameters: [Parameter] = [.invoice]
  static let examples = ["invoice show in_1MtHbELkdIwHu7ixl4OzzPMv"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.positional("ID")
  }

  func run(_ context: Context) async throws -> InvoiceReport {
    guard let found = try await context.invoiceJSON(id) else {
      throw CommandError.noInvoice(id)
    }
    let invoice = try Invoice(found)
    return InvoiceReport(invoice, meters: try context.meters(ofLines: invoice.lines))
  }
}

/// An invoice as a person reads it: its amounts, then a line for each item.
struct InvoiceReport: Report {
  let object: JSONObject
  /// What leads from the total to what is due, for a bill that is only looked at.
  let settlement: [Field]
  /// The meters of the prices in its lines.
  let meters: [String: String]
  private let discountTotal: Int64

  init(_ invoice: Invoice, settlement: [Field] = [], meters: [String: String] = [:]) {
    object = InvoiceView.json(invoice)
    discountTotal = invoice.discountTotal
    self.settlement = settlement
    self.meters = meters
  }

  var data: ReportData { .object(object) }

  var human: HumanForm { .details(fields) }

  /// The same as what a change brought, with a sentence under it.
  func object(closing: String) -> ObjectReport {
    ObjectReport(object: object, fields: fields, closing: closing)
  }

  private var fields: [Field] {
    let money = { (key: String) in
      Cell(money: object[key], currency: object["currency"])
    }
    var fields = [
      Field("id", object["id"]), Field("number", object["number"]),
      Field("customer", object["customer"]), Field("subscription", object["subscription"]),
      Field("status", Cell(status: object["status"])),
      Field("created", Cell(time: object["created"])),
    ]
    for line in object["lines"]?.array ?? [] {
      let amount = Cell(money: line["amount"], currency: object["currency"]).text
      let words = PreviewReport.words(
        line["description"]?.string ?? "", meter: line["price"]?.string.flatMap { meters[$0] })
      fields.append(Field("line", "\(amount)  \(words)"))
    }
    fields.append(Field("subtotal", money("subtotal")))
    if discountTotal != 0 {
      fields.append(
        Field("discount", Cell(money: .integer(0 &- discountTotal), currency: object["currency"])))
    }
    fields.append(Field("total", money("total")))
    fields += settlement
    fields += [
      Field("paid", money("amount_paid")),
      Field("remaining", InvoiceView.remaining(.object(object))),
      Field(object["status"] == "open" ? "pay at" : "page", object["hosted_invoice_url"]),
    ]
    return fields
  }
}

extension Context {
  /// Whose use the prices of lines bill, by price, as far as the mirror knows them.
  func meters(ofLines lines: [InvoiceLine]) throws -> [String: String] {
    let catalogue = try catalogueForNames()
    let ids = Set(lines.compactMap { $0.priceID })
    return try store().read { transaction in
      try ids.reduce(into: [:]) { meters, id in
        guard let json = try transaction.objectJSON(id) else { return }
        let price = try Price(json)
        meters[id] = catalogue?.meterID(of: price) ?? price.recurring?.meterID
      }
    }
  }
}
