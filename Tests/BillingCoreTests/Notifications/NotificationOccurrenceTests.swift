import Basics
import Stripe
import Testing

@testable import BillingCore

/// What the outbox hears of what happens.
@Suite(.tags(.unit)) struct NotificationOccurrenceTests {
  private func kind(_ kind: Occurrence.Kind, _ payload: JSONObject = [:]) -> String? {
    Notification(
      Occurrence(kind, customerID: "cus_1", at: noon, cause: "x", payload: payload))?.kind.rawValue
  }

  @Test func subscriptions() {
    #expect(kind(.subscriptionCreated, ["status": "active"]) == "subscription_started")
    #expect(kind(.subscriptionCreated, ["status": "trialing"]) == "subscription_started")
    // It begins when the first payment is made.
    #expect(kind(.subscriptionCreated, ["status": "incomplete"]) == nil)
    let paid: JSONObject = ["status": "active", "previous": ["status": "incomplete"]]
    #expect(kind(.subscriptionUpdated, paid) == "subscription_started")
    let lapsed: JSONObject = ["status": "incomplete_expired", "previous": ["status": "incomplete"]]
    #expect(kind(.subscriptionUpdated, lapsed) == nil)
    for facet in ["plan", "interval", "quantity"] {
      let changed: JSONObject = ["status": "active", "previous": [facet: "x"]]
      #expect(kind(.subscriptionUpdated, changed) == "subscription_changed")
    }
    let planned: JSONObject = [
      "previous": ["pending_change": .null], "pending_change": "pro month, from 2026-12-20 on",
    ]
    #expect(kind(.subscriptionUpdated, planned) == "subscription_changed")
    let ending: JSONObject = ["cancel_at": "2026-12-20", "previous": ["cancel_at": .null]]
    #expect(kind(.subscriptionUpdated, ending) == "subscription_canceled")
    let resumed: JSONObject = ["cancel_at": .null, "previous": ["cancel_at": "2026-12-20"]]
    #expect(kind(.subscriptionUpdated, resumed) == "subscription_changed")
    #expect(kind(.subscriptionUpdated, ["previous": ["status": "past_due"]]) == nil)
    #expect(kind(.subscriptionCanceled) == "subscription_canceled")
    #expect(kind(.trialEnding) == "trial_ending")
    #expect(kind(.trialEnded, ["status": "active"]) == "trial_ended")
    #expect(kind(.trialEnded, ["status": "canceled"]) == nil)
  }

  @Test func allElse() {
    #expect(kind(.paymentFailed) == "payment_failed")
    #expect(kind(.paymentRecovered) == "payment_recovered")
    #expect(kind(.usageThresholdReached) == "usage_threshold")
    #expect(kind(.usageOverage) == "usage_overage")
    #expect(kind(.tokensPurchased) == "tokens_purchased")
    #expect(kind(.invoicePaid) == nil)
    let heard = Occurrence.Kind.allCases.filter {
      kind($0, ["status": "active", "previous": ["plan": "x"]]) != nil
    }
    #expect(Set(heard) == Notification.occurrences)
  }

  @Test func withoutAWordOfTheCatalogueNothingIsWrittenDown() throws {
    let store = try Store.inMemory(now: { noon })
    let subscription = Sample.subscription(
      changing: ["created": .integer(noon.seconds - 60)])
    let snapshot = try #require(
      Snapshot(subscription, origin: .response, asOf: noon, cause: "op_1"))
    try store.write { _ = try StripeMirror.sample.apply(snapshot, in: $0) }
    #expect(try store.read { try $0.waitingNotifications() } == [])
  }

  @Test func withOneItIs() throws {
    let store = try Store.inMemory(now: { noon })
    store.setOutbox { Notification.occurrences }
    let subscription = Sample.subscription(
      changing: ["created": .integer(noon.seconds - 60)])
    for _ in 0..<2 {
      let snapshot = try #require(
        Snapshot(subscription, origin: .response, asOf: noon, cause: "op_1"))
      try store.write { _ = try StripeMirror.sample.apply(snapshot, in: $0) }
    }
    let found = try store.read { try $0.waitingNotifications() }
    #expect(found.map { $0.cause } == ["subscription.created sub_1"])
    #expect(found.first?.kind == .subscriptionStarted)
    #expect(found.first?.at == noon - 60)
    #expect(found.first?.payload["plan"] == "starter")
  }
}
