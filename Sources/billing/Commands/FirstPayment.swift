import Basics
import BillingCore
import Stripe

/// Why the first payment of a subscription did not succeed.
enum FirstPayment {
  /// What the customer's newest payment says, as Stripe words it.
  static func failure(
    of subscription: Subscription, _ gateway: StripeGateway
  ) async throws -> CommandError {
    let payment = try await gateway.list(
      StripePath("payment_intents"), ["customer": .string(subscription.customerID)], limit: 1
    ).objects.first
    let hint = subscription.hostedInvoiceURL.map { "the customer can pay at \($0)" }
    if payment?["status"] == "requires_action" {
      return CommandError(
        "authentication_required", "the customer has to confirm the first payment", hint: hint,
        exit: .refused)
    }
    let error = payment?["last_payment_error"]
    let code = error?["code"]?.string ?? error?["type"]?.string ?? "payment_failed"
    var message = error?["message"]?.string ?? "the first payment did not succeed"
    if let decline = error?["decline_code"]?.string, decline != code { message += " (\(decline))" }
    return CommandError(code, message, hint: hint, exit: .refused)
  }

  /// A refusal of a subscription that was about to begin, with what helps there.
  static func explanation(of refusal: StripeError.Refusal) -> CommandError {
    if refusal.isMissing { return .notFound(refusal.message) }
    var error = StripeError.refused(refusal).explanation
    switch refusal.code {
    case "coupon_expired":
      return .conflict("invalid_state", refusal.message, hint: "take another coupon")
    case _ where isToBeConfirmed(refusal):
      error.hint =
        "--payment-behavior default_incomplete gives a page where the customer confirms it; "
        + "so does billing checkout"
    case "card_declined", "expired_card", "incorrect_cvc", "processing_error":
      error.hint =
        "try another payment method; --payment-behavior default_incomplete or billing checkout "
        + "let the customer pay on a page"
    default: break
    }
    return error
  }

  /// Whether the card is good, and its bank wants to hear it from the customer.
  static func isToBeConfirmed(_ refusal: StripeError.Refusal) -> Bool {
    ["authentication_required", "subscription_payment_intent_requires_action"]
      .contains(refusal.code)
  }

  /// Runs a change that is paid at once. Without a payment method there is nothing to try.
  static func requiringMethod(
    of customer: CustomerReference, _ change: () async throws -> ChangeReport
  ) async throws -> ChangeReport {
    do {
      return try await change()
    } catch OperationError.failed(_, .refused(let refusal))
      where refusal.isMissing && refusal.parameter == nil
    {
      throw CommandError.conflict(
        "invalid_state", "\(customer.text) has no payment method to be charged",
        hint: "billing payment-method attach gives one; billing portal lets the customer do it")
    }
  }

  /// After `resume`: one that still stands still waits for its bill to be paid, and the reason is
  /// told.
  static func telling(
    ofStandstill report: ChangeReport, _ context: Context
  ) async throws -> ChangeReport {
    guard case .changed(var changed) = report, changed.object["status"] == "paused",
      let id = changed.object["id"]?.string
    else { return report }
    let gateway = try await context.gateway()
    let json = try await gateway.read(
      StripePath("subscriptions", id), ["expand": ["latest_invoice"]])
    changed.outcome = .failed(try await failure(of: try Subscription(json), gateway))
    return .changed(changed)
  }
}
