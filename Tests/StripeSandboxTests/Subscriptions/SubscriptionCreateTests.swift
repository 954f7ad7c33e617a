import Basics
import Testing

@testable import StripeSandbox

@Suite struct SubscriptionCreateTests {
  @Test(.tags(.unit)) func paidAtOnce() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let count = try world.eventCount()
    let subscription = world.subscribe(customer, "metadata[a]=b")
    #expect(subscription["status"] == "active")
    #expect(subscription["billing_mode", "type"] == "flexible")
    #expect(subscription.item["current_period_start"] == .time(TestSandbox.start))
    #expect(
      subscription.item["current_period_end"] == .time(Timestamp(parsing: "2026-12-20T10:00:00Z")))
    #expect(subscription.item["quantity"] == 1)
    let invoice = world.latestInvoice(subscription)
    #expect(invoice["status"] == "paid")
    #expect(invoice["billing_reason"] == "subscription_create")
    #expect(invoice.lineTexts == ["1900 1 user × Pro (at $19.00 / month)"])
    #expect(invoice["parent", "subscription_details", "subscription"] == .string(subscription.id))
    #expect(invoice["parent", "subscription_details", "metadata"] == ["a": "b"])
    #expect(invoice["amount_due"] == 1900)
    #expect(invoice["amount_paid"] == 1900)
    #expect(invoice["amount_remaining"] == 0)
    #expect(invoice["attempt_count"] == 1)
    #expect(invoice["payments", "data", "0", "status"] == "paid")
    #expect(invoice["confirmation_secret", "type"] == "payment_intent")
    let owner = world.checked(world.stripe.get("/v1/customers/\(customer)"))
    let prefix = owner["invoice_prefix"]?.string ?? ""
    #expect(invoice["number"] == .string("\(prefix)-0001"))
    #expect(owner["currency"] == "usd")
    #expect(owner["next_invoice_sequence"] == 2)
    #expect(
      try world.events(after: count) == [
        "customer.subscription.created", "customer.updated", "invoice.created",
        "invoice.finalized", "payment_intent.created", "charge.succeeded",
        "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid",
        "invoice.payment_succeeded", "customer.subscription.updated",
      ])
    let events = try world.stripe.events()
    #expect(events[count][at: "data", "object", "status"] == "incomplete")
    #expect(events.last?[at: "data", "object", "status"] == "active")
    #expect(events.last?[at: "data", "previous_attributes"] == ["status": "incomplete"])
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func declinedIsRolledBack() throws {
    let world = try MoneyWorld()
    let customer = world.customer("pm_card_chargeCustomerFail")
    let before = world.stripe.get("/v1/customers/\(customer)").body
    let count = try world.eventCount()
    let body = "customer=\(customer)&items[0][price]=\(world.monthly)"
    let answer = world.stripe.post(
      "/v1/subscriptions", "\(body)&payment_behavior=error_if_incomplete", key: "once")
    #expect(answer.error == "402 card_error card_declined -: Your card was declined.")
    #expect(answer["error", "decline_code"] == "generic_decline")
    #expect(try world.eventCount() == count)
    #expect(world.stripe.get("/v1/subscriptions", "status=all").ids == [])
    #expect(world.stripe.get("/v1/invoices").ids == [])
    #expect(world.stripe.get("/v1/customers/\(customer)").body == before)
    let again = world.stripe.post(
      "/v1/subscriptions", "\(body)&payment_behavior=error_if_incomplete", key: "once")
    #expect(again.body == answer.body)
    #expect(again.header("Idempotent-Replayed") == "true")
  }

  @Test(.tags(.unit)) func declinedButIncomplete() throws {
    let world = try MoneyWorld()
    let customer = world.customer("pm_card_chargeCustomerFail")
    let count = try world.eventCount()
    let subscription = world.subscribe(customer)
    #expect(subscription["status"] == "incomplete")
    let invoice = world.latestInvoice(subscription)
    #expect(invoice["status"] == "open")
    #expect(invoice["attempt_count"] == 1)
    #expect(
      try world.events(after: count).suffix(5) == [
        "payment_intent.created", "charge.failed", "payment_intent.payment_failed",
        "invoice.payment_failed", "customer.updated",
      ])
    #expect(world.stripe.get("/v1/customers/\(customer)")["delinquent"] == true)
    let refused = world.stripe.post(
      "/v1/subscriptions/\(subscription.id)", "cancel_at_period_end=true")
    #expect(refused.status == 400)
    #expect(world.update(subscription.id, "metadata[x]=y")["metadata"] == ["x": "y"])
    let failed = world.stripe.post("/v1/invoices/\(invoice.id)/pay")
    #expect(failed.error == "402 card_error card_declined -: Your card was declined.")
    // What is tried by hand after the first attempt does not count.
    #expect(world.invoice(invoice.id)["attempt_count"] == 1)
    let good = world.stripe.post("/v1/payment_methods/pm_card_visa/attach", "customer=\(customer)")
    let paid = world.checked(
      world.stripe.post("/v1/invoices/\(invoice.id)/pay", "payment_method=\(good.id)"))
    #expect(paid["status"] == "paid")
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "active")
    #expect(world.stripe.get("/v1/customers/\(customer)")["delinquent"] == false)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func authenticationIsRequired() throws {
    let world = try MoneyWorld()
    let customer = world.customer("pm_card_authenticationRequired")
    let refused = world.subscribe(customer, "payment_behavior=error_if_incomplete")
    #expect(refused.status == 402)
    #expect(refused["error", "code"] == "subscription_payment_intent_requires_action")
    let subscription = world.subscribe(customer)
    #expect(subscription["status"] == "incomplete")
    #expect(try world.stripe.eventTypes().last == "invoice.payment_action_required")
    let invoice = world.latestInvoice(subscription)
    #expect(invoice["attempt_count"] == 0)
    #expect(invoice["attempted"] == true)
    let paid = world.stripe.post("/v1/invoices/\(invoice.id)/pay")
    #expect(paid["error", "code"] == "invoice_payment_intent_requires_action")
    let intent = try #require(invoice["payments", "data", "0", "payment", "payment_intent"]?.string)
    #expect(
      world.stripe.post("/v1/payment_intents/\(intent)/confirm", "payment_method=pm_card_visa")[
        "status"] == "succeeded")
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "active")
  }

  @Test(.tags(.unit)) func leftToTheCustomer() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    #expect(
      world.subscribe(customer).error
        == """
        400 invalid_request_error resource_missing -: This customer has no attached payment \
        source or default payment method.
        """)
    let subscription = world.subscribe(
      customer,
      """
      payment_behavior=default_incomplete&\
      payment_settings[save_default_payment_method]=on_subscription
      """)
    #expect(subscription["status"] == "incomplete")
    let method = world.stripe.post(
      "/v1/payment_methods/pm_card_visa/attach", "customer=\(customer)")
    let invoice = world.latestInvoice(subscription)
    _ = world.stripe.post("/v1/invoices/\(invoice.id)/pay", "payment_method=\(method.id)")
    let paid = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(paid["status"] == "active")
    #expect(paid["default_payment_method"] == .string(method.id))
    let offered = world.subscribe(world.customer(), "payment_behavior=default_incomplete")
    let intent = world.latestInvoice(offered)["payments", "data", "0", "payment", "payment_intent"]
    #expect(
      world.stripe.get("/v1/payment_intents/\(intent?.string ?? "")")["status"]
        == "requires_confirmation")
  }

  @Test(.tags(.unit)) func trials() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let count = try world.eventCount()
    let subscription = world.subscribe(
      customer,
      "trial_period_days=15&trial_settings[end_behavior][missing_payment_method]=cancel")
    let end = TestSandbox.start + 15 * 86_400
    #expect(subscription["status"] == "trialing")
    #expect(subscription["trial_end"] == .time(end))
    #expect(subscription["billing_cycle_anchor"] == .time(end))
    #expect(subscription.item["current_period_end"] == .time(end))
    #expect(subscription["trial_settings", "end_behavior", "missing_payment_method"] == "cancel")
    let invoice = world.latestInvoice(subscription)
    #expect(invoice.lineTexts == ["0 Free trial for 1 user × Pro"])
    #expect(invoice["status"] == "paid")
    #expect(invoice["attempt_count"] == 0)
    #expect(invoice["payments", "data"] == [])
    #expect(
      try world.events(after: count) == [
        "setup_intent.created", "customer.subscription.created", "customer.updated",
        "invoice.created", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded",
      ])
    let until = world.subscribe(customer, "trial_end=\(end.seconds)")
    #expect(until["trial_end"] == .time(end))
    for wrong in [
      "trial_end=5", "trial_period_days=0&trial_end=now", "trial_period_days=731",
      "trial_end=\(end.seconds + 3 * 365 * 86_400)",
    ] { #expect(world.subscribe(customer, wrong).status == 400) }
  }
}
