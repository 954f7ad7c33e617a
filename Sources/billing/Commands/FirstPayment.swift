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
}
