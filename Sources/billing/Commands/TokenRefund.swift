import Basics
import BillingCore
import Stripe

/// `billing refund` of a payment for tokens, which has no invoice: the money goes back, and of the
/// tokens what is left.
struct TokenRefund {
  /// The payment at Stripe, or the number of the entry that it was credited with.
  let name: String
  let request: RefundRequest

  /// Whether a word names such a payment.
  static func isMeant(by name: String) -> Bool {
    ["pi_", "cs_"].contains { name.hasPrefix($0) } || Int64(name) != nil
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let id = try paymentID(context)
    let found = try await payment(id, context)
    guard !request.cancels else { throw RefundConflict.nothingToCancel(invoiceID: id) }
    try context.requireWrite(sentence(found), destroys: true)
    let earlier = try await context.settleEarlier(request.intent(of: found.refundable))
    if let done = earlier.result {
      Refund.tellOfEarlier(done, context)
      return try await report(done, found, context)
    }
    let payment = try await payment(id, context)
    var plan = try RefundPlanning.refund(
      request, of: payment,
      within: try context.refundRules(request, currency: payment.refundable.currency))
    plan.journalPosition = earlier.journalPosition
    if context.settings.isDryRun { return .planned(try planned(plan, payment, context)) }
    let outcome = try await context.carryOut(plan)
    if outcome.wasDoneBefore { Refund.tellOfEarlier(outcome.operation, context) }
    return try await report(outcome.operation, payment, context)
  }

  private func paymentID(_ context: Context) throws -> String {
    guard let number = Int64(name) else { return name }
    guard let entry = try context.store().read({ try $0.tokenEntry(number) }) else {
      throw CommandError.notFound(
        "there is no token entry \(number)", hint: "billing tokens history CUSTOMER lists them")
    }
    guard entry.kind == .purchased else {
      throw CommandError.conflict(
        "invalid_state", "the token entry \(number) is no purchase: it was \(entry.kind.rawValue)",
        hint: "billing tokens history \(entry.customerID) lists the purchases")
    }
    return entry.reference
  }

  private func payment(_ id: String, _ context: Context) async throws -> TokenPayment {
    if let payment = try await context.gateway().tokenPayment(id) { return payment }
    let isKnown = try context.store().read { try $0.objectJSON(id) } != nil
    guard isKnown else {
      throw CommandError.notFound(
        "no payment \(id)", hint: "billing tokens history CUSTOMER shows those for tokens")
    }
    throw CommandError.conflict(
      "invalid_state", "\(id) did not pay for tokens",
      hint: "billing refund INVOICE gives back what an invoice was paid with")
  }

  private func sentence(_ payment: TokenPayment) -> String {
    let (purchase, currency) = (payment.purchase, payment.refundable.currency)
    let amount =
      request.amount.map { MoneyText.of($0, currency) }
      ?? "all that is left of \(MoneyText.of(payment.payment.paid, currency))"
    let tokens = purchase.sale.tokens.map { TokenView.words($0) } ?? purchase.sale.packageID
    return "give back \(amount) paid for \(tokens) (\(purchase.payment)), and take them back"
  }

  /// The request, and what the ledger would make of it.
  private func planned(
    _ plan: OperationPlan, _ payment: TokenPayment, _ context: Context
  ) throws -> DryRunReport {
    let amount = plan.steps[0].parameters["amount"]?.integer ?? 0
    let (customerID, clock) = (payment.purchase.customerID, try context.now())
    let (taken, missed) = try context.store().read { transaction in
      try transaction.tokensToTakeBack(
        for: amount, ofPayment: payment.purchase.payment,
        at: transaction.time(ofCustomer: customerID, at: clock))
    }
    var report = DryRunReport(plan)
    report.changes = [
      [
        "object": "token_entry", "customer": .string(customerID), "kind": "refunded",
        "amount": .integer(-taken), "missed": .integer(missed),
        "reference": .string(payment.purchase.payment),
      ]
    ]
    return report
  }

  private func report(
    _ operation: BillingOperation, _ payment: TokenPayment, _ context: Context
  ) async throws -> ChangeReport {
    let refund = try Stripe.Refund(
      await context.gateway().read(StripePath("refunds", operation.results.first ?? "")))
    let id = payment.purchase.payment
    let purchase = try context.store().read { try $0.tokenPurchase(payment: id) }
    return .changed(RefundView.report(refund, of: purchase ?? payment.purchase))
  }
}
