import Basics

/// Collecting the invoice of a subscription in the way that `payment_behavior` says.
enum SubscriptionCollection {
  /// Issues an invoice and tries to have it paid.
  ///
  /// With `error_if_incomplete` a payment that does not succeed is an error, so that nothing of
  /// the whole call is kept.
  static func collect(
    _ draft: JSONObject, with method: JSONObject?, behavior: String, isSent: Bool, _ call: Call
  ) throws {
    let isFree = draft.integer("amount_due") == 0
    guard !isSent || isFree else {
      // An invoice that is sent stays a draft for an hour.
      return try call.save(draft.setting(["automatically_finalizes_at": .time(call.now + 3600)]))
    }
    let invoice = try InvoiceFinalize.finalize(draft, call)
    guard invoice.string("status") == "open" else {
      return try InvoicePay.settleSubscription(invoice, call)
    }
    guard behavior != "default_incomplete", let method else {
      return try offer(method, for: invoice, call)
    }
    let (tried, result) = try InvoicePay.attempt(invoice, with: method, call)
    if behavior == "error_if_incomplete", let error = refusal(result) { throw error }
    try InvoicePay.settleSubscription(tried, call)
  }

  /// Refuses the one way of collecting that is not offered: a change that waits for its payment.
  static func checkBehavior(_ call: Call) throws {
    guard call.string("payment_behavior") == "pending_if_incomplete" else { return }
    throw SandboxError.invalid(
      "The sandbox does not offer payment_behavior=pending_if_incomplete yet.",
      code: "parameter_unsupported", parameter: "payment_behavior")
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
