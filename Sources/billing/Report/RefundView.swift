import Basics
import BillingCore
import Stripe

/// A refund as the command shows it.
enum RefundView {
  static func json(_ refund: Stripe.Refund, of invoice: Invoice) -> JSONObject {
    [
      "id": .string(refund.id), "invoice": .string(invoice.id),
      "customer": JSON(refund.customerID ?? invoice.customerID),
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

  static func sentence(_ object: JSONObject, _ invoice: Invoice) -> String {
    let money = Cell(money: object["amount"], currency: object["currency"]).text
    let name = invoice.number ?? invoice.id
    return switch object["status"]?.string {
    case "succeeded": "\(money) of \(name) was given back."
    case "failed", "canceled": "\(money) of \(name) could not be given back."
    default: "\(money) of \(name) is on its way back."
    }
  }
}
