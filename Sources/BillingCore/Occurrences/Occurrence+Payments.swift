import Basics
import Stripe

/// Invoices, payments and payment methods as they are told.
extension Occurrence {
  /// - Parameter distinction: what tells it apart from others of the same invoice.
  init(
    _ kind: Kind, _ invoice: Invoice, of customerID: String, at moment: Timestamp,
    distinction: String? = nil
  ) {
    let words = [kind.rawValue, invoice.id, distinction].compactMap { $0 }
    self.init(
      kind, customerID: customerID, at: moment, cause: words.joined(separator: " "),
      payload: JSONObject(invoice))
  }

  init(
    _ kind: Kind, _ method: PaymentMethod, of customerID: String, at moment: Timestamp
  ) {
    self.init(
      kind, customerID: customerID, at: moment, cause: "\(kind.rawValue) \(method.id)",
      payload: [
        "id": .string(method.id), "type": .string(method.type), "brand": JSON(method.card?.brand),
        "last4": JSON(method.card?.last4), "exp_month": JSON(method.card?.expMonth),
        "exp_year": JSON(method.card?.expYear),
      ])
  }

  /// A payment by itself, whatever it was for; nil where it is nobody's.
  init?(_ kind: Kind, payment json: JSON, at moment: Timestamp) {
    guard let id = json["id"]?.string, let customerID = json["customer"]?.string else { return nil }
    let error = json["last_payment_error"]
    var payload: JSONObject = [
      "id": .string(id), "amount": JSON(json["amount"]?.integer),
      "currency": JSON(json["currency"]?.string),
    ]
    var cause = "\(kind.rawValue) \(id)"
    if kind == .paymentIntentFailed {
      payload["error_code"] = JSON(error?["code"]?.string)
      payload["decline_code"] = JSON(error?["decline_code"]?.string)
      payload["message"] = JSON(error?["message"]?.string)
      // A payment may fail more than once, each time with another charge.
      cause += " \(json["latest_charge"]?.string ?? "\(moment.seconds)")"
    }
    self.init(kind, customerID: customerID, at: moment, cause: cause, payload: payload)
  }

  /// A payment for tokens that was credited.
  init(_ purchase: TokenPurchase, credited entry: TokenEntry, at moment: Timestamp) {
    self.init(
      .tokensPurchased, customerID: purchase.customerID, at: moment,
      cause: "\(Kind.tokensPurchased.rawValue) \(purchase.payment)",
      payload: [
        "id": .string(purchase.payment), "package": .string(purchase.sale.packageID),
        "quantity": .integer(purchase.sale.quantity), "tokens": .integer(entry.amount),
        "balance": .integer(entry.balanceAfter), "amount": .integer(purchase.amount),
        "currency": .string(purchase.currency), "expires_at": JSON(purchase.expiresAt?.iso8601),
      ])
  }
}

extension JSONObject {
  /// An invoice as it is told.
  fileprivate init(_ invoice: Invoice) {
    self = [
      "id": .string(invoice.id), "number": JSON(invoice.number),
      "subscription": JSON(invoice.subscriptionID), "status": .string(invoice.status),
      "currency": .string(invoice.currency), "total": .integer(invoice.total),
      "amount_due": .integer(invoice.amountDue), "amount_paid": .integer(invoice.amountPaid),
      "amount_remaining": .integer(invoice.amountRemaining),
    ]
    self["attempt_count"] = .integer(invoice.attemptCount)
    self["next_payment_attempt"] = JSON(invoice.nextPaymentAttempt?.iso8601)
    self["period_start"] = .string(invoice.periodStart.iso8601)
    self["period_end"] = .string(invoice.periodEnd.iso8601)
    self["hosted_invoice_url"] = JSON(invoice.hostedInvoiceURL)
    self["created"] = .string(invoice.created.iso8601)
  }
}
