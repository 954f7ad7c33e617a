import Basics
import Testing

@testable import StripeSandbox

/// Cards at renewals: the customer is away.
@Suite struct RenewalPaymentsTests {
  /// A card that has to be authenticated once pays on its own from then on.
  @Test(.tags(.unit)) func onceIsEnough() throws {
    let world = try MoneyWorld()
    let customer = world.customer("pm_card_authenticationRequiredOnSetup")
    let subscription = world.subscribe(customer)
    #expect(
      world.authenticate(world.intentID(subscription), "succeeded")["status"] == "succeeded")
    world.stripe.wait(seconds: 32 * 86_400)
    #expect(world.status(subscription) == "active")
    let renewed = world.latestInvoice(world.stripe.get("/v1/subscriptions/\(subscription.id)"))
    #expect(renewed["billing_reason"] == "subscription_cycle")
    #expect(renewed["status"] == "paid")
  }

  /// A renewal finds the customer away: the bank declines, and the payment waits for the customer.
  @Test(.tags(.unit)) func renewalWaits() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let method = world.stripe.post(
      "/v1/payment_methods/pm_card_authenticationRequired/attach", "customer=\(customer)")
    _ = world.stripe.post(
      "/v1/customers/\(customer)",
      "invoice_settings[default_payment_method]=\(method.id)")
    let count = try world.eventCount()
    world.stripe.wait(seconds: 30 * 86_400 + 3700)
    #expect(world.status(subscription) == "past_due")
    #expect(
      try world.events(after: count).filter {
        !$0.hasPrefix("customer") && $0 != "invoice.upcoming"
      } == [
        "invoice.created", "invoice.finalized", "payment_intent.created", "charge.failed",
        "payment_intent.payment_failed", "payment_intent.requires_action",
        "invoice.payment_failed", "invoice.payment_action_required",
      ])
    let now = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(world.latestInvoice(now)["attempt_count"] == 1)
    let intent = world.intentID(now)
    let waiting = world.checked(world.stripe.get("/v1/payment_intents/\(intent)"))
    #expect(waiting["status"] == "requires_action")
    #expect(waiting["last_payment_error"] == .null)
    #expect(waiting["payment_method"] == .string(method.id))
    #expect(world.authenticate(intent, "succeeded")["status"] == "succeeded")
    #expect(world.status(subscription) == "active")
    #expect(world.stripe.get("/v1/customers/\(customer)")["delinquent"] == false)
    try world.checkEvents()
  }

  /// A card that stops paying, and the ways back.
  @Test(.tags(.unit), arguments: ["pay with another card", "a new default card"])
  func recovered(_ way: String) throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let bad = world.stripe.post(
      "/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer=\(customer)")
    _ = world.stripe.post(
      "/v1/customers/\(customer)", "invoice_settings[default_payment_method]=\(bad.id)")
    world.stripe.wait(seconds: 30 * 86_400 + 3700)
    #expect(world.status(subscription) == "past_due")
    let invoice = world.latestInvoice(world.stripe.get("/v1/subscriptions/\(subscription.id)"))
    let refused = world.stripe.post("/v1/invoices/\(invoice.id)/pay")
    #expect(refused["error", "decline_code"] == "generic_decline")
    let good = world.stripe.post(
      "/v1/payment_methods/pm_card_visa/attach", "customer=\(customer)")
    if way == "pay with another card" {
      _ = world.stripe.post("/v1/invoices/\(invoice.id)/pay", "payment_method=\(good.id)")
    } else {
      _ = world.stripe.post(
        "/v1/customers/\(customer)", "invoice_settings[default_payment_method]=\(good.id)")
      _ = world.stripe.post("/v1/invoices/\(invoice.id)/pay")
    }
    #expect(world.invoice(invoice.id)["status"] == "paid")
    #expect(world.status(subscription) == "active")
  }

  /// What was set up in a trial pays when the trial is over.
  @Test(.tags(.unit)) func setUpInATrial() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(
      world.customer("pm_card_authenticationRequiredOnSetup"), "trial_period_days=7")
    let intent = try #require(subscription["pending_setup_intent"]?.string)
    _ = world.stripe.post("/sandbox/setup_intents/\(intent)/authenticate")
    world.stripe.wait(seconds: 7 * 86_400 + 3700)
    let charged = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(charged["status"] == "active")
    #expect(world.latestInvoice(charged)["amount_paid"] == 1900)
  }
}
