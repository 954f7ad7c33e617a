import Basics
import BillingCore
import Stripe

/// A refund as the command shows it.
enum RefundView {
  static func json(_ refund: Stripe.Refund, of invoice: Invoice) -> JSONObject {
    json(refund, invoiceID: invoice.id, customerID: invoice.customerID)
  }

  private static func json(
    _ refund: Stripe.Refund, invoiceID: String?, customerID: String?
  ) -> JSONObject {
    [
      "id": .string(refund.id), "invoice": JSON(invoiceID),
      "customer": JSON(refund.customerID ?? customerID),
      "amount": .integer(refund.amount), "currency": .string(refund.currency),
      "status": .string(refund.status), "reason": JSON(refund.reason),
      "created": JSON(refund.created),
    ]
  }

  static func report(_ object: JSONObject, closing: String) -> ObjectReport {
    ObjectReport(
      object: object,
      fields: [
        Field("id", object["id"]), Field("invoice", object["invoice"]),
        Field("customer", object["customer"]),
        Field("amount", Cell(money: object["amount"], currency: object["currency"])),
        Field("status", Cell(status: object["status"])), Field("reason", object["reason"]),
        Field("created", Cell(time: object["created"])),
      ], closing: closing)
  }

  /// A refund of a payment for tokens, with what became of them.
  static func report(_ refund: Stripe.Refund, of purchase: TokenPurchase) -> ObjectReport {
    var object = json(refund, invoiceID: nil, customerID: purchase.customerID)
    object["payment"] = .string(purchase.payment)
    object["tokens_taken_back"] = .integer(purchase.takenBack)
    object["tokens_missed"] = .integer(purchase.missed)
    let used =
      purchase.missed > 0 ? ", \(PlanWords.number(purchase.missed)) had been used" : ""
    let tokens =
      "\(TokenView.words(purchase.takenBack)) of it \(purchase.takenBack == 1 ? "is" : "are") "
      + "taken back\(used)."
    var report = report(
      object, closing: "\(sentence(object, name: purchase.payment)) \(tokens)")
    report.fields[1] = Field("payment", object["payment"])
    return report
  }

  static func sentence(_ object: JSONObject, _ invoice: Invoice) -> String {
    sentence(object, name: invoice.number ?? invoice.id)
  }

  private static func sentence(_ object: JSONObject, name: String) -> String {
    let money = Cell(money: object["amount"], currency: object["currency"]).text
    return switch object["status"]?.string {
    case "succeeded": "\(money) of \(name) was given back."
    case "failed", "canceled": "\(money) of \(name) could not be given back."
    default: "\(money) of \(name) is on its way back."
    }
  }
}
