import Basics
import Testing

@testable import StripeSandbox

@Suite struct SubscriptionCancelTests {
  @Test(.tags(.unit)) func atOnce() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    _ = world.update(subscription.id, "cancel_at_period_end=true")
    world.stripe.wait(seconds: 60)
    let count = try world.eventCount()
    let canceled = world.checked(
      world.stripe.send(
        "DELETE",
        "/v1/subscriptions/\(subscription.id)?cancellation_details[comment]=bye"))
    #expect(canceled["status"] == "canceled")
    #expect(canceled["cancel_at_period_end"] == false)
    #expect(canceled["canceled_at"] == .time(TestSandbox.start))
    #expect(canceled["ended_at"] == .time(TestSandbox.start + 60))
    #expect(canceled["cancellation_details", "comment"] == "bye")
    #expect(try world.events(after: count) == ["customer.subscription.deleted"])
    let again = world.stripe.delete("/v1/subscriptions/\(subscription.id)")
    #expect(again.status == 404)
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)").body == canceled.body)
    let changed = world.stripe.post("/v1/subscriptions/\(subscription.id)", "trial_end=now")
    #expect(changed["error", "code"] == "invalid_canceled_subscription_fields")
    let noted = world.update(
      subscription.id, "metadata[a]=b&cancellation_details[feedback]=too_complex")
    #expect(noted["cancellation_details", "feedback"] == "too_complex")
  }

  @Test(.tags(.unit)) func cancellationAtTheEndAndBack() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 60)
    let canceled = world.update(
      subscription.id, "cancel_at_period_end=true&cancellation_details[feedback]=unused")
    #expect(canceled["status"] == "active")
    #expect(canceled["cancel_at_period_end"] == true)
    #expect(canceled["cancel_at"] == subscription.item["current_period_end"])
    #expect(canceled["canceled_at"] == .time(TestSandbox.start + 60))
    #expect(canceled["cancellation_details", "reason"] == "cancellation_requested")
    #expect(canceled["cancellation_details", "feedback"] == "unused")
    let event = try #require(try world.stripe.events().last)
    #expect(event["type"] == "customer.subscription.updated")
    #expect(event[at: "data", "previous_attributes", "cancel_at_period_end"] == false)
    #expect(event[at: "data", "previous_attributes", "canceled_at"] == .null)
    let resumed = world.update(subscription.id, "cancel_at_period_end=false")
    #expect(resumed["canceled_at"] == .null)
    #expect(resumed["cancellation_details", "reason"] == .null)
    let at = (TestSandbox.start + 86_400).seconds
    #expect(world.update(subscription.id, "cancel_at=\(at)")["cancel_at"] == .integer(at))
    #expect(world.update(subscription.id, "cancel_at=")["cancel_at"] == .null)
    #expect(
      world.update(subscription.id, "cancel_at=min_period_end")["cancel_at"]
        == subscription.item["current_period_end"])
    for wrong in ["cancel_at=5", "cancel_at=never", "discounts=x", "pause_collection=x"] {
      #expect(world.update(subscription.id, wrong).status == 400)
    }
  }

  @Test(.tags(.unit)) func anUnpaidOneExpires() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer("pm_card_chargeCustomerFail"))
    let count = try world.eventCount()
    let expired = world.checked(world.stripe.delete("/v1/subscriptions/\(subscription.id)"))
    #expect(expired["status"] == "incomplete_expired")
    #expect(world.latestInvoice(expired)["status"] == "void")
    #expect(
      try world.events(after: count) == [
        "payment_intent.canceled", "invoice.voided", "customer.subscription.deleted",
      ])
    let other = world.subscribe(world.customer("pm_card_chargeCustomerFail"))
    let invoice = world.latestInvoice(other)
    _ = world.checked(world.stripe.post("/v1/invoices/\(invoice.id)/void"))
    #expect(
      world.stripe.get("/v1/subscriptions/\(other.id)")["status"] == "incomplete_expired")
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func whatIsLeftIsCredited() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    world.stripe.wait(seconds: 15 * 86_400)
    let canceled = world.checked(
      world.stripe.send(
        "DELETE", "/v1/subscriptions/\(subscription.id)?prorate=true&invoice_now=true"))
    let invoice = world.latestInvoice(canceled)
    #expect(invoice.lineTexts == ["-950 Unused time on Pro after 05 Dec 2026"])
    #expect(invoice["status"] == "paid")
    #expect(world.stripe.get("/v1/customers/\(customer)")["balance"] == -950)
    // The credit pays for what comes.
    let next = world.subscribe(customer)
    #expect(world.latestInvoice(next)["amount_due"] == 950)
    #expect(world.latestInvoice(next)["starting_balance"] == -950)
    #expect(world.stripe.get("/v1/customers/\(customer)")["balance"] == 0)
  }

  @Test(.tags(.unit)) func openInvoicesAreNoLongerCollected() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let bad = world.stripe.post(
      "/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer=\(customer)"
    ).id
    let item = subscription.item["id"]?.string ?? ""
    let owing = world.update(
      subscription.id,
      """
      default_payment_method=\(bad)&items[0][id]=\(item)&items[0][quantity]=5&\
      proration_behavior=always_invoice
      """)
    #expect(owing["status"] == "past_due")
    let canceled = world.stripe.delete("/v1/subscriptions/\(subscription.id)")
    #expect(canceled["status"] == "canceled")
    let invoice = world.latestInvoice(owing)
    #expect(invoice["status"] == "open")
    #expect(invoice["auto_advance"] == false)
  }

  @Test(.tags(.unit)) func entitlementsOfRunningSubscriptions() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let feature = world.stripe.post("/v1/entitlements/features", "name=SSO&lookup_key=sso").id
    _ = world.stripe.post(
      "/v1/products/\(world.product)/features", "entitlement_feature=\(feature)")
    let list = {
      world.checked(
        world.stripe.get("/v1/entitlements/active_entitlements", "customer=\(customer)"))
    }
    #expect(list().ids == [])
    let subscription = world.subscribe(customer)
    #expect(list()["data", "0", "lookup_key"] == "sso")
    #expect(list()["data", "0", "feature"] == .string(feature))
    _ = world.stripe.delete("/v1/subscriptions/\(subscription.id)")
    #expect(list().ids == [])
    #expect(world.stripe.get("/v1/entitlements/active_entitlements").status == 400)
  }
}
