import Basics
package import Stripe

/// What was paid towards an invoice by one payment, and how much of that was given back.
package struct InvoicePayment: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    case paymentIntent(String)
    case charge(String)

    /// As a refund, or the list of refunds, names it.
    var parameters: JSONObject {
      switch self {
      case .paymentIntent(let id): ["payment_intent": .string(id)]
      case .charge(let id): ["charge": .string(id)]
      }
    }
  }

  package let source: Source
  package let paid: Int64
  package let refunded: Int64

  package init(source: Source, paid: Int64, refunded: Int64) {
    self.source = source
    self.paid = paid
    self.refunded = refunded
  }

  package var left: Int64 { paid - refunded }
}

extension StripeGateway {
  /// The payments of an invoice with what is left of each; none for one that was paid elsewhere or
  /// from the customer's balance.
  ///
  /// Since 2025-03-31.basil they are a list of their own; before, the invoice names its charge.
  package func payments(of invoice: Invoice) async throws -> [InvoicePayment] {
    var payments: [InvoicePayment] = []
    for (source, paid) in try await sources(of: invoice) {
      payments.append(try await payment(source, of: paid))
    }
    return payments
  }

  /// A payment, with what was given back of it.
  func payment(_ source: InvoicePayment.Source, of paid: Int64) async throws -> InvoicePayment {
    let refunds = try await list(StripePath("refunds"), source.parameters)
    let given = try refunds.objects.map { try Refund($0) }.filter(\.counts)
    return InvoicePayment(
      source: source, paid: paid, refunded: given.reduce(0) { $0 + $1.amount })
  }

  private func sources(
    of invoice: Invoice
  ) async throws -> [(source: InvoicePayment.Source, paid: Int64)] {
    guard client.configuration.apiVersion >= "2025-03-31" else {
      guard invoice.amountPaid > 0, !invoice.isPaidOutOfBand, let charge = invoice.chargeID else {
        return []
      }
      return [(.charge(charge), invoice.amountPaid)]
    }
    let found = try await list(
      StripePath("invoice_payments"), ["invoice": .string(invoice.id), "status": "paid"])
    return found.objects.compactMap { json in
      guard let paid = json["amount_paid"]?.integer, let payment = json["payment"] else {
        return nil
      }
      if let intent = Self.id(payment["payment_intent"]) { return (.paymentIntent(intent), paid) }
      return Self.id(payment["charge"]).map { (.charge($0), paid) }
    }
  }

  private static func id(_ reference: JSON?) -> String? {
    reference?.string ?? reference?["id"]?.string
  }
}
