import Basics
import Testing

@testable import StripeSandbox

/// 3D Secure, from the question of the bank to what becomes of the invoice and the subscription.
@Suite struct CustomerAuthenticationTests {
  /// The first payment of a subscription: the card, the customer's answer, and what follows.
  @Test(
    .tags(.unit),
    arguments: [
      (
        "pm_card_authenticationRequired", "succeeded", "succeeded", "active",
        [
          "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid",
          "invoice.payment_succeeded", "customer.subscription.updated",
        ]
      ),
      (
        "pm_card_authenticationRequired", "failed", "requires_payment_method", "incomplete",
        ["payment_intent.payment_failed", "invoice.payment_failed", "customer.updated"]
      ),
      (
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "succeeded",
        "requires_payment_method", "incomplete",
        [
          "charge.failed", "payment_intent.payment_failed", "invoice.payment_failed",
          "customer.updated",
        ]
      ),
    ])
  func firstPayment(
    _ token: String, _ outcome: String, _ expected: String, _ state: String, _ events: [String]
  ) throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer(token))
    #expect(subscription["status"] == "incomplete")
    #expect(
      try world.stripe.eventTypes().suffix(3) == [
        "payment_intent.created", "payment_intent.requires_action",
        "invoice.payment_action_required",
      ])
    let intent = world.intentID(subscription)
    #expect(
      world.stripe.get("/v1/payment_intents/\(intent)")["next_action", "type"] == "use_stripe_sdk")
    let count = try world.eventCount()
    #expect(world.authenticate(intent, outcome)["status"] == .string(expected))
    #expect(world.status(subscription) == state)
    #expect(try world.events(after: count) == events)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func failureSaysWhy() throws {
    let world = try MoneyWorld()
    let intent = world.stripe.post(
      "/v1/payment_intents",
      "amount=100&currency=usd&payment_method=pm_card_authenticationRequired&confirm=true")
    let failed = world.authenticate(intent.id, "failed")
    #expect(failed["last_payment_error", "code"] == "payment_intent_authentication_failure")
    #expect(failed["last_payment_error", "type"] == "invalid_request_error")
    #expect(failed["latest_charge"] == .null)
    #expect(failed["next_action"] == .null)
    let nothing = world.authenticate(intent.id, "succeeded")
    #expect(
      nothing.error == """
        400 invalid_request_error payment_intent_unexpected_state -: There is nothing to \
        authenticate: the status of \(intent.id) is requires_payment_method, not requires_action.
        """)
    #expect(world.authenticate("pi_none", "succeeded").status == 404)
    #expect(world.authenticate(intent.id, "perhaps").status == 400)
    let paid = world.stripe.post(
      "/v1/payment_intents/\(intent.id)/confirm", "payment_method=pm_card_visa")
    #expect(paid["status"] == "succeeded")
  }
}
