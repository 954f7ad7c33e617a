import Basics
import Testing

@testable import StripeSandbox

@Suite struct SubscriptionTrialEndTests {
  private func trial(_ world: MoneyWorld, _ behavior: String, card: String? = nil) -> Answer {
    world.subscribe(
      world.customer(card),
      "trial_period_days=7&trial_settings[end_behavior][missing_payment_method]=\(behavior)")
  }

  @Test(.tags(.unit)) func withACard() throws {
    let world = try MoneyWorld()
    for behavior in ["cancel", "pause", "create_invoice"] {
      let subscription = trial(world, behavior, card: "pm_card_visa")
      #expect(subscription["status"] == "trialing")
      try world.pass(days: 7, hours: 1)
      let ended = world.subscription(subscription.id)
      #expect(ended["status"] == "active")
      #expect(world.latestInvoice(ended)["amount_paid"] == 1900)
    }
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func withoutOneAnInvoiceIsMade() throws {
    let world = try MoneyWorld()
    let subscription = trial(world, "create_invoice")
    try world.pass(days: 7)
    #expect(world.subscription(subscription.id)["status"] == "active")
    try world.pass(hours: 1)
    let owing = world.subscription(subscription.id)
    #expect(owing["status"] == "past_due")
    #expect(world.latestInvoice(owing)["status"] == "open")
  }

  @Test(.tags(.unit)) func withoutOneItIsCanceled() throws {
    let world = try MoneyWorld()
    let subscription = trial(world, "cancel")
    let count = try world.eventCount()
    try world.pass(days: 7)
    let ended = world.subscription(subscription.id)
    #expect(ended["status"] == "canceled")
    #expect(ended["ended_at"] == subscription["trial_end"])
    #expect(ended["latest_invoice"] == subscription["latest_invoice"])
    #expect(
      try world.events(after: count) == [
        "customer.subscription.trial_will_end", "customer.subscription.deleted",
      ])
  }

  @Test(.tags(.unit)) func withoutOneItIsPaused() throws {
    let world = try MoneyWorld()
    let subscription = trial(world, "pause")
    let count = try world.eventCount()
    try world.pass(days: 7)
    let paused = world.subscription(subscription.id)
    #expect(paused["status"] == "paused")
    #expect(
      paused["status_details"] == [
        "paused": [
          "subscription": ["type": "trial_end_without_payment_method"],
          "transitioned_at": subscription["trial_end"] ?? .null, "type": "subscription",
        ]
      ])
    #expect(
      try world.events(after: count) == [
        "customer.subscription.trial_will_end", "customer.subscription.updated",
        "customer.subscription.paused",
      ])
    try world.pass(days: 100)
    #expect(world.subscription(subscription.id).body == paused.body)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func whatIsPausedGoesOnWithACard() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let subscription = world.subscribe(
      customer, "trial_period_days=7&trial_settings[end_behavior][missing_payment_method]=pause")
    try world.pass(days: 10)
    let path = "/v1/subscriptions/\(subscription.id)/resume"
    // Without a card there is nothing to charge.
    #expect(
      world.stripe.post(path).error == """
        400 invalid_request_error resource_missing -: This customer has no attached payment source \
        or default payment method.
        """)
    #expect(world.subscription(subscription.id)["status"] == "paused")
    // A card alone does not resume it.
    world.change(card: "pm_card_visa", of: customer)
    try world.pass(days: 1)
    #expect(world.subscription(subscription.id)["status"] == "paused")
    let count = try world.eventCount()
    let resumed = world.checked(world.stripe.post(path))
    #expect(resumed["status"] == "active")
    #expect(resumed["status_details"] == .null)
    #expect(resumed["trial_end"] == subscription["trial_end"])
    let now = TestSandbox.start + 11 * 86_400
    #expect(resumed["billing_cycle_anchor"] == .time(now))
    #expect(resumed.item["current_period_start"] == .time(now))
    #expect(resumed.item["current_period_end"] == .time(now + 31 * 86_400))
    let invoice = world.latestInvoice(resumed)
    #expect(invoice.lineTexts == ["1900 1 user × Pro (at $19.00 / month)"])
    #expect(invoice["status"] == "paid")
    #expect(try world.events(after: count).last == "customer.subscription.resumed")
    try world.pass(days: 31, hours: 1)
    let renewed = world.subscription(subscription.id)
    #expect(renewed["status"] == "active")
    #expect(world.latestInvoice(renewed)["amount_paid"] == 1900)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func whatIsPausedGoesOnFromTheEndOfItsTrial() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let subscription = world.subscribe(
      customer, "trial_period_days=10&trial_settings[end_behavior][missing_payment_method]=pause")
    try world.pass(days: 25)
    world.change(card: "pm_card_visa", of: customer)
    let resumed = world.checked(
      world.stripe.post(
        "/v1/subscriptions/\(subscription.id)/resume", "billing_cycle_anchor[type]=unchanged"))
    #expect(resumed["status"] == "active")
    #expect(resumed["billing_cycle_anchor"] == subscription["trial_end"])
    // Fifteen of the thirty days since the end of the trial are left.
    #expect(
      world.latestInvoice(resumed).lineTexts == ["950 Remaining time on Pro after 15 Dec 2026"])
  }

  @Test(.tags(.unit)) func whatIsPausedCanBeCanceled() throws {
    let world = try MoneyWorld()
    let subscription = trial(world, "pause")
    try world.pass(days: 8)
    let canceled = world.checked(world.stripe.delete("/v1/subscriptions/\(subscription.id)"))
    #expect(canceled["status"] == "canceled")
    #expect(world.stripe.get("/v1/invoices", "subscription=\(subscription.id)").ids.count == 1)
  }
}
