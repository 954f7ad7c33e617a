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
}
