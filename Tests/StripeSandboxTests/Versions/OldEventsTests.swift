import Basics
import Testing

@testable import StripeSandbox

/// Events have the layout of the account's version, and keep it.
@Suite struct OldEventsTests {
  @Test(.tags(.unit)) func areMadeInTheAccountsVersion() throws {
    let world = try MoneyWorld()
    let stripe = world.stripe
    let subscription = world.subscribe(world.customer())
    _ = stripe.post("/sandbox/account", "api_version=2024-11-20.acacia")
    let count = try stripe.events().count
    stripe.wait(seconds: 86_400)
    _ = stripe.send(
      "POST", "/v1/subscriptions/\(subscription.id)",
      "items[0][id]=\(subscription.item["id"]?.string ?? "")&items[0][price]=\(world.yearly)",
      isChecked: false)
    let events = try stripe.events().dropFirst(count)
    let updated = try #require(events.first { $0["type"] == "customer.subscription.updated" })
    #expect(updated["api_version"] == "2024-11-20.acacia")
    #expect(updated[at: "data", "object", "current_period_end"]?.integer != nil)
    #expect(
      updated[at: "data", "previous_attributes", "current_period_end"]
        == subscription.item["current_period_end"])
    let paid = try #require(events.first { $0["type"] == "invoice.paid" })
    #expect(paid[at: "data", "object", "paid"] == true)
    #expect(!events.contains { $0["type"] == "invoice_payment.paid" })
    let id = updated["id"]?.string ?? ""
    let shown = stripe.send(
      "GET", "/v1/events/\(id)", headers: [("Stripe-Version", "2026-10-28.endive")],
      isChecked: false)
    #expect(shown.body == updated)
  }
}
