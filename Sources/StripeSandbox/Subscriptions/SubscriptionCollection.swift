import Basics

/// Collecting the invoices of a subscription in the way that `payment_behavior` says.
struct SubscriptionCollection {
  /// The sandbox's own behaviour, for previews: invoices stay drafts and no payment is tried.
  static let onlyDrafts = "draft"

  let behavior: String
  /// The card at hand.
  let method: JSONObject?
  /// Whether the customer gets the invoice instead of being charged.
  let isSent: Bool

  init(of subscription: JSONObject, customer: JSONObject, _ call: Call) throws {
    behavior = call.string("payment_behavior") ?? "allow_incomplete"
    method = try InvoicePay.defaultMethod(subscription, customer, call)
    isSent = subscription.string("collection_method") == "send_invoice"
  }

  /// Refuses to charge automatically what no card is there for.
  func requireMethod(toPay invoice: JSONObject) throws {
    guard invoice.integer("amount_due") ?? 0 > 0, !isSent, method == nil,
      !["default_incomplete", Self.onlyDrafts].contains(behavior)
    else { return }
    throw InvoicePay.noPaymentMethod
  }

  /// Issues an invoice and tries to have it paid.
  ///
  /// With `error_if_incomplete` a payment that does not succeed is an error, so that nothing of
  /// the whole call is kept.
  func collect(_ draft: JSONObject, _ call: Call) throws {
    guard behavior != Self.onlyDrafts else { return }
    let isFree = draft.integer("amount_due") == 0
    guard !isSent || isFree else {
      // An invoice that is sent stays a draft for an hour.
      let moment = call.now + SubscriptionCycle.draftSeconds
      return try call.save(draft.setting(["automatically_finalizes_at": .time(moment)]))
    }
    let invoice = try InvoiceFinalize.finalize(draft, call)
    guard invoice.string("status") == "open" else {
      return try InvoicePay.settleSubscription(invoice, call)
    }
    guard behavior != "default_incomplete", let method else {
      return try Self.offer(method, for: invoice, call)
    }
    let (tried, result) = try InvoicePay.attempt(invoice, with: method, call)
    if behavior == "error_if_incomplete", let error = Self.refusal(result) { throw error }
    try InvoicePay.settleSubscription(tried, call)
  }

  /// Leaves the payment to the customer; a card that is at hand is offered.
  private static func offer(
    _ method: JSONObject?, for invoice: JSONObject, _ call: Call
  ) throws {
    if let method, let intent = try InvoicePayments.intent(of: invoice, call) {
      try call.save(
        intent.setting([
          "payment_method": .string(method.id), "status": "requires_confirmation",
        ]))
    }
    try InvoicePay.settleSubscription(invoice, call)
  }

  private static func refusal(_ result: PaymentAttempt.Result) -> SandboxError? {
    switch result.outcome {
    case .succeeded: nil
    case .declined(let decline): decline.error()
    case .requiresAction:
      .card(
        """
        Payment for this subscription requires additional user action before it can be completed \
        successfully. Payment can be completed using the PaymentIntent associated with \
        `subscription.latest_invoice`. For more details see: \
        https://stripe.com/docs/billing/subscriptions/overview#requires-action
        """, code: "subscription_payment_intent_requires_action")
    }
  }
}
