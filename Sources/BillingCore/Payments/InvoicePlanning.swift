import Basics
package import Stripe

/// Why nothing can be done with an invoice as it stands.
package enum InvoiceConflict: Error, Sendable, Hashable {
  case cannotPay(invoiceID: String, status: String)
  case cannotVoid(invoiceID: String, status: String)
  case cannotFinalize(invoiceID: String, status: String)
  case nothingOpen(customerID: String)
  /// All that is open is of subscriptions that have ended.
  case ofEndedSubscription(invoiceID: String, subscriptionID: String)
  /// Paid, but not through Stripe, so that nothing of it can be given back there.
  case paidElsewhere(invoiceID: String)
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

  /// The bill that is meant by trying again: the newest open one, but for those of subscriptions that
  /// have ended. Who has left is charged by the bill's own name alone.
  ///
  /// - Parameter open: the newest first.
  package static func toRetry(
    _ open: [Invoice], subscriptions: [Subscription], customerID: String
  ) throws(InvoiceConflict) -> Invoice {
    let ended = Set(
      subscriptions.filter { [.canceled, .incompleteExpired].contains($0.status) }.map { $0.id })
    let meant = open.first { $0.subscriptionID.map { !ended.contains($0) } ?? true }
    if let meant { return meant }
    guard let newest = open.first, let subscriptionID = newest.subscriptionID else {
      throw .nothingOpen(customerID: customerID)
    }
    throw .ofEndedSubscription(invoiceID: newest.id, subscriptionID: subscriptionID)
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
          check: .holds(object: path, values: paidTerms(isOutOfBand: isOutOfBand)))
      ])
  }

  /// Paid, and not in the other way: what was noted as paid elsewhere charged nobody. Before
  /// 2025-03-31.basil an invoice has a flag for it, later the amount; where Stripe tells neither,
  /// paid is paid.
  private static func paidTerms(isOutOfBand: Bool) -> JSONObject {
    let byCard: [JSON] = [["paid_out_of_band": false], ["amount_paid_off_stripe": 0]]
    let elsewhere: [JSON] = [
      ["paid_out_of_band": true],
      [
        "amount_paid_off_stripe": OperationStep.something,
        "$not": ["amount_paid_off_stripe": 0],
      ],
    ]
    var terms = OperationStep.not(.object(OperationStep.any(isOutOfBand ? byCard : elsewhere)))
    terms["status"] = "paid"
    return terms
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
