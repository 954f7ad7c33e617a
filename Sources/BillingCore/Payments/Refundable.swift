package import Basics
package import Stripe

/// What was paid and can be given back: an invoice, or a payment for packages of tokens.
package struct Refundable: Sendable, Hashable {
  /// The invoice, or the payment.
  package let id: String
  package let customerID: String?
  /// `paid`, where it was.
  package let status: String
  package let currency: String
  package let paidAt: Timestamp
  /// Under which word of an operation it stands.
  let word: String

  package init(_ invoice: Invoice) {
    id = invoice.id
    customerID = invoice.customerID
    status = invoice.status
    currency = invoice.currency
    paidAt = invoice.paidAt ?? invoice.created
    word = "invoice"
  }

  init(_ purchase: TokenPurchase) {
    id = purchase.payment
    customerID = purchase.customerID
    status = purchase.amount > 0 ? "paid" : "free"
    currency = purchase.currency
    paidAt = purchase.paidAt
    word = "payment"
  }
}

/// A payment for packages of tokens, and how much of it is left.
package struct TokenPayment: Sendable, Hashable {
  package let refundable: Refundable
  package let purchase: TokenPurchase
  package let payment: InvoicePayment
}

extension StripeGateway {
  /// A payment for tokens as Stripe has it; nil where Stripe knows no such payment, or it was for
  /// something else.
  package func tokenPayment(_ id: String) async throws -> TokenPayment? {
    // Who reads it lets the ledger know of it.
    if id.hasPrefix("pi_") {
      guard try await readIfKnown(StripePath("payment_intents", id)) != nil else { return nil }
    }
    guard let purchase = try store.read({ try $0.tokenPurchase(payment: id) }) else { return nil }
    return TokenPayment(
      refundable: Refundable(purchase), purchase: purchase,
      payment: try await payment(.paymentIntent(id), of: purchase.amount))
  }
}
