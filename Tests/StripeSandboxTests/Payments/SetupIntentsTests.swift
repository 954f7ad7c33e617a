import Basics
import Testing

@testable import StripeSandbox

@Suite struct SetupIntentsTests {
  /// What each kind of card does when it is set up: the status or the error, and the events.
  @Test(
    .tags(.unit),
    arguments: [
      (
        "pm_card_visa", "succeeded",
        ["setup_intent.created", "payment_method.attached", "setup_intent.succeeded"]
      ),
      (
        "pm_card_chargeCustomerFail", "succeeded",
        ["setup_intent.created", "payment_method.attached", "setup_intent.succeeded"]
      ),
      (
        "pm_card_chargeDeclined", "card_declined",
        ["setup_intent.created", "setup_intent.setup_failed"]
      ),
      (
        "pm_card_authenticationRequiredOnSetup", "requires_action",
        ["setup_intent.created", "setup_intent.requires_action"]
      ),
      (
        "pm_card_authenticationRequired", "requires_action",
        ["setup_intent.created", "setup_intent.requires_action"]
      ),
    ])
  func cards(_ token: String, _ expected: String, _ events: [String]) throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let count = try world.eventCount()
    let intent = world.checked(
      world.stripe.post(
        "/v1/setup_intents", "customer=\(customer)&payment_method=\(token)&confirm=true"))
    let word = intent["status"] ?? intent["error", "code"]
    #expect(word == .string(expected))
    #expect(try world.events(after: count) == events)
    let attached = world.stripe.get("/v1/customers/\(customer)/payment_methods").ids
    #expect((attached.count == 1) == (expected == "succeeded"))
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func stepByStep() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let intent = world.checked(world.stripe.post("/v1/setup_intents", "usage=on_session"))
    #expect(intent["status"] == "requires_payment_method")
    #expect(intent["usage"] == "on_session")
    #expect(intent["client_secret"]?.string?.hasPrefix("\(intent.id)_secret_") == true)
    let confirm = { (parameters: String) in
      world.checked(world.stripe.post("/v1/setup_intents/\(intent.id)/confirm", parameters))
    }
    #expect(
      confirm("").error == """
        400 invalid_request_error setup_intent_unexpected_state -: You cannot confirm this \
        SetupIntent because it's missing a payment method. You can either update the SetupIntent \
        with a payment method and then confirm it again, or confirm it again directly with a \
        payment method or ConfirmationToken.
        """)
    let updated = world.checked(
      world.stripe.post(
        "/v1/setup_intents/\(intent.id)",
        "customer=\(customer)&payment_method=pm_card_chargeDeclined&metadata[a]=b"))
    #expect(updated["status"] == "requires_confirmation")
    let declined = confirm("")
    #expect(declined.status == 402)
    #expect(declined["error", "setup_intent", "last_setup_error", "code"] == "card_declined")
    let waiting = confirm("payment_method=pm_card_authenticationRequired&return_url=https://a.b")
    #expect(waiting["next_action", "redirect_to_url", "return_url"] == "https://a.b")
    #expect(waiting["last_setup_error"] == .null)
    let path = "/sandbox/setup_intents/\(intent.id)/authenticate"
    let failed = world.checked(world.stripe.post(path, "outcome=failed"))
    #expect(failed["status"] == "requires_payment_method")
    #expect(failed["last_setup_error", "code"] == "setup_intent_authentication_failure")
    #expect(world.stripe.post(path).status == 400)
    #expect(confirm("payment_method=pm_card_visa")["status"] == "succeeded")
    #expect(confirm("payment_method=pm_card_visa").status == 400)
    #expect(world.stripe.post("/v1/setup_intents/\(intent.id)/cancel").status == 400)
    #expect(world.stripe.get("/v1/setup_intents", "customer=\(customer)").ids == [intent.id])
    #expect(
      world.checked(
        world.stripe.get("/v1/setup_intents/\(intent.id)", "expand[]=payment_method"))[
          "payment_method", "card", "last4"] == "4242")
  }

  @Test(.tags(.unit)) func canceled() throws {
    let world = try MoneyWorld()
    let intent = world.stripe.post("/v1/setup_intents")
    let canceled = world.checked(
      world.stripe.post(
        "/v1/setup_intents/\(intent.id)/cancel", "cancellation_reason=abandoned"))
    #expect(canceled["status"] == "canceled")
    #expect(canceled["cancellation_reason"] == "abandoned")
    #expect(try world.stripe.eventTypes().last == "setup_intent.canceled")
    #expect(world.stripe.get("/v1/setup_intents/seti_none").status == 404)
  }

  // MARK: Subscriptions that begin without a payment

  /// What a trial leaves to the customer: the card, the behaviour, and the status of the intent.
  @Test(
    .tags(.unit),
    arguments: [
      (nil, "", "requires_payment_method"),
      ("pm_card_visa", "", nil),
      ("pm_card_chargeCustomerFail", "", nil),
      ("pm_card_authenticationRequiredOnSetup", "", "requires_action"),
      ("pm_card_visa", "&payment_behavior=default_incomplete", "requires_confirmation"),
      (nil, "&collection_method=send_invoice&days_until_due=3", nil),
    ] as [(String?, String, String?)])
  func trials(_ token: String?, _ more: String, _ expected: String?) throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(
      world.customer(token), "trial_period_days=7&expand[]=pending_setup_intent\(more)")
    #expect(subscription["status"] == "trialing")
    #expect(subscription["pending_setup_intent", "status"]?.string == expected)
    #expect((subscription["pending_setup_intent"] == .null) == (expected == nil))
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func paidForAtOnceHasNone() throws {
    let world = try MoneyWorld()
    for more in ["", "payment_behavior=default_incomplete"] {
      #expect(world.subscribe(world.customer(), more)["pending_setup_intent"] == .null)
    }
  }

  @Test(.tags(.unit)) func theCardBecomesTheSubscriptions() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(
      world.customer("pm_card_authenticationRequiredOnSetup"), "trial_period_days=7")
    let intent = try #require(subscription["pending_setup_intent"]?.string)
    let count = try world.eventCount()
    let done = world.checked(world.stripe.post("/sandbox/setup_intents/\(intent)/authenticate"))
    #expect(done["status"] == "succeeded")
    #expect(
      try world.events(after: count) == ["setup_intent.succeeded", "customer.subscription.updated"])
    let after = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(after["pending_setup_intent"] == .null)
    #expect(after["default_payment_method"] == done["payment_method"])
  }
}
