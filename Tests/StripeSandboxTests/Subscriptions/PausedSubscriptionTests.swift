import Basics
import Testing

@testable import StripeSandbox

@Suite struct PausedSubscriptionTests {
  private static let half: Int64 = 15 * 86_400

  private func paused(_ world: MoneyWorld, _ subscription: Answer, _ more: String = "") -> Answer {
    world.checked(
      world.stripe.post("/v1/subscriptions/\(subscription.id)/pause", "type=subscription\(more)"))
  }

  private func resumed(_ world: MoneyWorld, _ subscription: Answer, _ more: String = "") -> Answer {
    world.checked(world.stripe.post("/v1/subscriptions/\(subscription.id)/resume", more))
  }

  @Test(.tags(.unit)) func standsStillAndGoesOn() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: Self.half)
    let (count, now) = (try world.eventCount(), TestSandbox.start + Self.half)
    let paused = paused(world, subscription)
    #expect(paused["status"] == "paused")
    #expect(
      paused["status_details"] == [
        "paused": [
          "subscription": ["type": "pause_requested"], "transitioned_at": .time(now),
          "type": "subscription",
        ]
      ])
    #expect(paused.item["current_period_end"] == .time(now))
    #expect(paused["latest_invoice"] == subscription["latest_invoice"])
    #expect(
      try world.events(after: count) == [
        "customer.subscription.updated", "customer.subscription.paused",
      ])
    // Nothing is billed while it stands still.
    world.stripe.wait(seconds: 90 * 86_400)
    #expect(world.stripe.get("/v1/invoices").ids.count == 1)
    let before = try world.eventCount()
    let resumed = resumed(world, subscription)
    #expect(resumed["status"] == "active")
    #expect(resumed["status_details"] == .null)
    #expect(resumed["billing_cycle_anchor"] == .time(now + 90 * 86_400))
    #expect(world.latestInvoice(resumed).lineTexts == ["1900 1 user × Pro (at $19.00 / month)"])
    #expect(world.latestInvoice(resumed)["status"] == "paid")
    #expect(try world.events(after: before).first == "customer.subscription.updated")
    #expect(try world.events(after: before).last == "customer.subscription.resumed")
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func givesBackWhatIsLeft() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: Self.half)
    let paused = paused(
      world, subscription,
      "&bill_for[unused_time_from][type]=now&invoicing_behavior=invoice")
    #expect(
      world.latestInvoice(paused).lineTexts == ["-950 Unused time on Pro after 05 Dec 2026"])
    world.stripe.wait(seconds: 5 * 86_400)
    // Ten of the 30 days of the old anchor's month are left; $9.50 of credit pay for them.
    let resumed = resumed(world, subscription, "billing_cycle_anchor[type]=unchanged")
    #expect(resumed["billing_cycle_anchor"] == .time(TestSandbox.start))
    #expect(
      resumed.item["current_period_end"] == .time(TestSandbox.start + 30 * 86_400))
    #expect(
      world.latestInvoice(resumed).lineTexts == ["633 Remaining time on Pro after 10 Dec 2026"])
    #expect(world.latestInvoice(resumed)["amount_due"] == 0)
  }

  @Test(.tags(.unit)) func whenThePaymentFails() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let bad = world.stripe.post(
      "/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer=\(customer)"
    ).id
    _ = world.update(subscription.id, "default_payment_method=\(bad)")
    _ = paused(world, subscription)
    let waiting = resumed(world, subscription, "payment_behavior=resume_on_payment_success")
    #expect(waiting["status"] == "paused")
    #expect(waiting["pending_update"] == .null)
    let invoice = world.latestInvoice(waiting)
    #expect(invoice["status"] == "open")
    let count = try world.eventCount()
    let good =
      world.stripe.get("/v1/customers/\(customer)")[
        "invoice_settings", "default_payment_method"]?.string ?? ""
    _ = world.stripe.post("/v1/invoices/\(invoice.id)/pay", "payment_method=\(good)")
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "active")
    #expect(
      try world.events(after: count).suffix(2) == [
        "customer.subscription.updated", "customer.subscription.resumed",
      ])
    // By default the attempt is enough, and what it leads to follows.
    _ = paused(world, subscription)
    #expect(resumed(world, subscription)["status"] == "past_due")
  }

  @Test(.tags(.unit)) func aResumptionThatIsNotPaidInTime() throws {
    let world = try MoneyWorld()
    let customer = world.customer("pm_card_chargeCustomerFail")
    let subscription = world.subscribe(
      customer, "trial_period_days=5&items[0][price]=\(world.monthly)")
    _ = world.update(
      subscription.id, "trial_end=now&payment_behavior=allow_incomplete")
    _ = paused(world, subscription)
    let waiting = resumed(world, subscription, "payment_behavior=resume_on_payment_success")
    let invoice = world.latestInvoice(waiting)
    world.stripe.wait(seconds: 23 * 3600)
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "paused")
    #expect(world.invoice(invoice.id)["status"] == "void")
  }

  @Test(.tags(.unit)) func refused() throws {
    let world = try MoneyWorld()
    let trial = world.subscribe(
      world.customer(), "trial_period_days=5&items[0][price]=\(world.monthly)")
    #expect(
      paused(world, trial).error.hasSuffix(
        "You cannot pause a subscription whose status is trialing."))
    let classic = world.subscribe(
      world.customer(), "billing_mode[type]=classic&items[0][price]=\(world.monthly)")
    #expect(
      paused(world, classic).error.hasSuffix(
        "You can only pause a subscription in flexible billing mode."))
    #expect(
      resumed(world, classic).error.hasSuffix(
        "You can only resume a subscription whose status is paused."))
    let path = "/v1/subscriptions/\(classic.id)/migrate"
    let migrated = world.checked(world.stripe.post(path, "billing_mode[type]=flexible"))
    #expect(migrated["billing_mode", "type"] == "flexible")
    #expect(migrated["billing_mode", "flexible", "proration_discounts"] == "included")
    #expect(
      world.stripe.post(path, "billing_mode[type]=flexible").error.hasSuffix(
        "This subscription is in flexible billing mode already."))
    #expect(paused(world, classic)["status"] == "paused")
  }
}
