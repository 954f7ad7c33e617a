import Basics
import Testing

@testable import StripeSandbox

/// 3D Secure, from the question of the bank to what becomes of the invoice and the subscription.
@Suite struct CustomerAuthenticationTests {
  private func intentID(_ subscription: Answer, _ world: MoneyWorld) -> String {
    world.latestInvoice(subscription)["payments", "data", "0", "payment", "payment_intent"]?.string
      ?? ""
  }

  private func authenticate(
    _ intent: String, _ outcome: String, _ world: MoneyWorld
  ) -> Answer {
    world.checked(
      world.stripe.post("/sandbox/payment_intents/\(intent)/authenticate", "outcome=\(outcome)"))
  }

  private func status(_ subscription: Answer, _ world: MoneyWorld) -> String {
    world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"]?.string ?? ""
  }

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
    let intent = intentID(subscription, world)
    #expect(
      world.stripe.get("/v1/payment_intents/\(intent)")["next_action", "type"] == "use_stripe_sdk")
    let count = try world.eventCount()
    #expect(authenticate(intent, outcome, world)["status"] == .string(expected))
    #expect(status(subscription, world) == state)
    #expect(try world.events(after: count) == events)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func failureSaysWhy() throws {
    let world = try MoneyWorld()
    let intent = world.stripe.post(
      "/v1/payment_intents",
      "amount=100&currency=usd&payment_method=pm_card_authenticationRequired&confirm=true")
    let failed = authenticate(intent.id, "failed", world)
    #expect(failed["last_payment_error", "code"] == "payment_intent_authentication_failure")
    #expect(failed["last_payment_error", "type"] == "invalid_request_error")
    #expect(failed["latest_charge"] == .null)
    #expect(failed["next_action"] == .null)
    let nothing = authenticate(intent.id, "succeeded", world)
    #expect(
      nothing.error == """
        400 invalid_request_error payment_intent_unexpected_state -: There is nothing to \
        authenticate: the status of \(intent.id) is requires_payment_method, not requires_action.
        """)
    #expect(authenticate("pi_none", "succeeded", world).status == 404)
    #expect(authenticate(intent.id, "perhaps", world).status == 400)
    let paid = world.stripe.post(
      "/v1/payment_intents/\(intent.id)/confirm", "payment_method=pm_card_visa")
    #expect(paid["status"] == "succeeded")
  }
}
