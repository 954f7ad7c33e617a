package import Basics
package import Stripe

/// What is asked to be given back of an invoice, or of a payment for tokens.
package struct RefundRequest: Sendable, Hashable {
  /// In minor units; nil for all that is left.
  package var amount: Int64?
  /// One of Stripe's reasons.
  package var reason: String?
  /// Whether the subscription is to end at once with it.
  package var cancels: Bool
  /// Whether it goes beyond what the catalogue allows.
  package var overrides: Bool

  package init(
    amount: Int64? = nil, reason: String? = nil, cancels: Bool = false, overrides: Bool = false
  ) {
    self.amount = amount
    self.reason = reason
    self.cancels = cancels
    self.overrides = overrides
  }

  /// What it means, whatever of it has been done already.
  package func intent(of refundable: Refundable) -> OperationIntent {
    OperationIntent(
      command: "refund", customerID: refundable.customerID,
      words: [
        refundable.word: .string(refundable.id), "amount": JSON(amount), "reason": JSON(reason),
        "cancel": .bool(cancels), "override": .bool(overrides),
      ])
  }
}

/// Why nothing can be given back as things stand.
package enum RefundConflict: Error, Sendable, Hashable {
  case notPaid(invoiceID: String, status: String)
  case paidElsewhere(invoiceID: String)
  case refundedAlready(invoiceID: String)
  case moreThanLeft(invoiceID: String, asked: Int64, left: Int64, currency: String)
  /// No single payment is that large.
  case severalPayments(invoiceID: String, largest: Int64, currency: String)
  case nothingToCancel(invoiceID: String)
  /// Beyond `refunds:` of the catalogue.
  case tooLate(invoiceID: String, windowDays: Int64)
  case tooMuch(invoiceID: String, limit: Int64, currency: String)
  case limitInOtherCurrency(invoiceID: String, limit: Int64, currency: String)
}

/// Refunds as plans: pure, so that a dry run shows what a run does.
package enum RefundPlanning {
  /// By which invoice a refund was made, under `metadata`.
  package static let invoiceMetadataKey = "billing_invoice"

  /// What the catalogue allows.
  package struct Rules: Sendable {
    package var policy: RefundPolicy
    /// The currency in which the policy's amount is.
    package var currency: String
    package var now: Timestamp

    package init(policy: RefundPolicy, currency: String, now: Timestamp) {
      self.policy = policy
      self.currency = currency
      self.now = now
    }
  }

  /// One refund of one payment, with its amount said, so that of two at the same time the second is
  /// refused by Stripe.
  ///
  /// - Parameter subscription: the invoice's, where it is to end; one that has ended needs nothing.
  package static func refund(
    _ request: RefundRequest, of invoice: Invoice, paidBy payments: [InvoicePayment],
    ending subscription: Subscription?, within rules: Rules
  ) throws -> OperationPlan {
    let refundable = Refundable(invoice)
    var step = try step(request, of: refundable, paidBy: payments, within: rules)
    step.parameters["metadata"] = [invoiceMetadataKey: .string(invoice.id)]
    var steps = [step]
    if request.cancels {
      guard let subscription else {
        throw RefundConflict.nothingToCancel(invoiceID: invoice.id)
      }
      if ![.canceled, .incompleteExpired].contains(subscription.status) {
        steps += try SubscriptionPlanning.cancel(subscription, Cancellation(isNow: true)).steps
      }
    }
    return OperationPlan(request.intent(of: refundable), steps: steps)
  }

  /// The same of a payment for tokens. Of the tokens the ledger takes back what is left, when Stripe
  /// says that the money goes back.
  package static func refund(
    _ request: RefundRequest, of payment: TokenPayment, within rules: Rules
  ) throws -> OperationPlan {
    let payments = payment.payment.paid > 0 ? [payment.payment] : []
    return OperationPlan(
      request.intent(of: payment.refundable),
      steps: [try step(request, of: payment.refundable, paidBy: payments, within: rules)])
  }

  private static func step(
    _ request: RefundRequest, of refundable: Refundable, paidBy payments: [InvoicePayment],
    within rules: Rules
  ) throws(RefundConflict) -> OperationStep {
    let (payment, amount) = try payment(for: request, of: refundable, among: payments)
    if !request.overrides {
      let given = payments.reduce(0) { $0 + $1.refunded }
      try check(amount, afterOthers: given, of: refundable, against: rules)
    }
    var parameters = payment.source.parameters
    let filter = parameters
    parameters["amount"] = .integer(amount)
    parameters["reason"] = request.reason.map(JSON.string)
    return OperationStep(
      .post, ["refunds"], parameters, check: .created(list: ["refunds"], parameters: filter))
  }

  private static func payment(
    for request: RefundRequest, of refundable: Refundable, among payments: [InvoicePayment]
  ) throws(RefundConflict) -> (InvoicePayment, amount: Int64) {
    guard let largest = payments.max(by: { $0.left < $1.left }) else {
      throw refundable.status == "paid"
        ? .paidElsewhere(invoiceID: refundable.id)
        : .notPaid(invoiceID: refundable.id, status: refundable.status)
    }
    let left = payments.reduce(0) { $0 + $1.left }
    guard left > 0 else { throw .refundedAlready(invoiceID: refundable.id) }
    let amount = request.amount ?? left
    guard amount <= left else {
      throw .moreThanLeft(
        invoiceID: refundable.id, asked: amount, left: left, currency: refundable.currency)
    }
    guard amount <= largest.left else {
      throw .severalPayments(
        invoiceID: refundable.id, largest: largest.left, currency: refundable.currency)
    }
    return (largest, amount)
  }

  /// The limit is for an invoice, so that many small refunds are held to it as one large.
  private static func check(
    _ amount: Int64, afterOthers given: Int64, of refundable: Refundable, against rules: Rules
  ) throws(RefundConflict) {
    if let days = rules.policy.windowDays,
      rules.now - refundable.paidAt > days * 86_400
    {
      throw .tooLate(invoiceID: refundable.id, windowDays: days)
    }
    guard let limit = rules.policy.maximumAmount else { return }
    guard refundable.currency == rules.currency else {
      throw .limitInOtherCurrency(
        invoiceID: refundable.id, limit: limit, currency: rules.currency)
    }
    guard amount + given <= limit else {
      throw .tooMuch(invoiceID: refundable.id, limit: limit, currency: rules.currency)
    }
  }
}
