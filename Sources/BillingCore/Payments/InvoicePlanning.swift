import Basics
package import Stripe

/// Why nothing can be done with an invoice as it stands.
package enum InvoiceConflict: Error, Sendable, Hashable {
  case cannotPay(invoiceID: String, status: String)
  case cannotVoid(invoiceID: String, status: String)
  case cannotFinalize(invoiceID: String, status: String)
  case nothingOpen(customerID: String)
}

/// The changes of invoices as plans: pure, so that a dry run shows what a run does.
package enum InvoicePlanning {
  /// What paying means: with the customer's payment method, or noted as paid elsewhere.
  package static func payment(
    of invoiceID: String, isOutOfBand: Bool, customerID: String?
  ) -> OperationIntent {
    OperationIntent(
      command: "invoice pay", customerID: customerID,
      words: ["invoice": .string(invoiceID), "out_of_band": .bool(isOutOfBand)])
  }

  package static func finalizing(of invoiceID: String, customerID: String?) -> OperationIntent {
    OperationIntent(
      command: "invoice finalize", customerID: customerID,
      words: ["invoice": .string(invoiceID)])
  }

  package static func voiding(of invoiceID: String, customerID: String?) -> OperationIntent {
    OperationIntent(
      command: "invoice void", customerID: customerID, words: ["invoice": .string(invoiceID)])
  }

  /// What trying again means: of the customer, whose newest bill may be paid when it is asked again.
  package static func retry(ofCustomer customerID: String) -> OperationIntent {
    OperationIntent(
      command: "invoice retry", customerID: customerID, words: ["customer": .string(customerID)])
  }

  /// A draft becomes a bill. One that comes to nothing is paid by that, and an open one may be paid
  /// right after, so what tells that it was done is that it was done, not how it stands.
  package static func finalize(
    _ invoice: Invoice, intent: OperationIntent
  ) throws(InvoiceConflict) -> OperationPlan {
    guard invoice.status == "draft" else {
      throw .cannotFinalize(invoiceID: invoice.id, status: invoice.status)
    }
    let path: [JSON] = ["invoices", .string(invoice.id)]
    return OperationPlan(
      intent,
      steps: [
        OperationStep(
          .post, path + ["finalize"],
          check: .holds(
            object: path,
            values: ["status_transitions": ["finalized_at": OperationStep.something]]))
      ])
  }

  /// An invoice that was written off can still be paid; a draft is no bill yet, and paying it would
  /// send it out before its time.
  package static func pay(
    _ invoice: Invoice, isOutOfBand: Bool, intent: OperationIntent
  ) throws(InvoiceConflict) -> OperationPlan {
    guard isOwed(invoice) else {
      throw .cannotPay(invoiceID: invoice.id, status: invoice.status)
    }
    let path: [JSON] = ["invoices", .string(invoice.id)]
    return OperationPlan(
      intent,
      steps: [
        OperationStep(
          .post, path + ["pay"], isOutOfBand ? ["paid_out_of_band": true] : [:],
          check: .holds(object: path, values: ["status": "paid"]))
      ])
  }

  package static func void(
    _ invoice: Invoice, intent: OperationIntent
  ) throws(InvoiceConflict) -> OperationPlan {
    guard isOwed(invoice) else {
      throw .cannotVoid(invoiceID: invoice.id, status: invoice.status)
    }
    let path: [JSON] = ["invoices", .string(invoice.id)]
    return OperationPlan(
      intent,
      steps: [
        OperationStep(
          .post, path + ["void"], check: .holds(object: path, values: ["status": "void"]))
      ])
  }

  private static func isOwed(_ invoice: Invoice) -> Bool {
    ["open", "uncollectible"].contains(invoice.status)
  }
}
