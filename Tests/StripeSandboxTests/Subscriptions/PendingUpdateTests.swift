import Basics
import Testing

@testable import StripeSandbox

/// Changes that are made when they are paid: `payment_behavior=pending_if_incomplete`.
@Suite struct PendingUpdateTests {
  /// A subscription in the middle of its period, and a change to nine users that its card does not
  /// pay for.
  private struct Story {
    let world: MoneyWorld
    let subscription: Answer
    let change: String
    let good: String

    init(card: String = "pm_card_chargeCustomerFail") throws {
      world = try MoneyWorld()
      let customer = world.customer()
      subscription = world.subscribe(customer)
      good =
        world.stripe.get("/v1/customers/\(customer)")[
          "invoice_settings", "default_payment_method"]?.string ?? ""
      let bad = world.stripe.post("/v1/payment_methods/\(card)/attach", "customer=\(customer)").id
      _ = world.update(subscription.id, "default_payment_method=\(bad)")
      world.stripe.wait(seconds: 15 * 86_400)
      change = """
        items[0][id]=\(subscription.item["id"]?.string ?? "")&items[0][quantity]=9&\
        proration_behavior=always_invoice&payment_behavior=pending_if_incomplete
        """
    }

    var now: Answer { world.checked(world.stripe.get("/v1/subscriptions/\(subscription.id)")) }
  }

  @Test(.tags(.unit)) func waitsAndIsAppliedWhenPaid() throws {
    let story = try Story()
    let world = story.world
    let count = try world.eventCount()
    let waiting = world.update(story.subscription.id, story.change)
    #expect(waiting["status"] == "active")
    #expect(waiting.item["quantity"] == 1)
    let pending = waiting["pending_update"]
    let now = TestSandbox.start + 15 * 86_400
    #expect(pending?["expires_at"] == .time(now + 23 * 3600))
    #expect(pending?[path: ["subscription_items", "0", "quantity"]] == 9)
    #expect(pending?["billing_cycle_anchor"] == .null)
    let invoice = world.latestInvoice(waiting)
    #expect(invoice["status"] == "open")
    // 15 of 30 days: -$9.50 and 9 × $9.50.
    #expect(invoice["amount_due"] == 7600)
    #expect(
      try world.events(after: count) == [
        "invoiceitem.created", "invoiceitem.created", "invoice.created", "invoice.finalized",
        "payment_intent.created", "charge.failed", "payment_intent.payment_failed",
        "invoice.payment_failed", "customer.updated", "customer.subscription.updated",
      ])
    let before = try world.eventCount()
    let paid = world.stripe.post(
      "/v1/invoices/\(invoice.id)/pay", "payment_method=\(story.good)")
    #expect(paid["status"] == "paid")
    #expect(story.now.item["quantity"] == 9)
    #expect(story.now["pending_update"] == .null)
    #expect(
      try world.events(after: before).suffix(3) == [
        "customer.updated", "customer.subscription.updated",
        "customer.subscription.pending_update_applied",
      ])
    // What was charged for it is given back by the next change: 9 × $9.50 again.
    _ = world.update(story.subscription.id, "default_payment_method=\(story.good)")
    let fewer = world.update(
      story.subscription.id, story.change.replacing("quantity]=9", with: "quantity]=2"))
    #expect(
      world.latestInvoice(fewer).lineTexts == [
        "-8550 Unused time on 9 × Pro after 05 Dec 2026",
        "1900 Remaining time on 2 × Pro after 05 Dec 2026",
      ])
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func isMadeAtOnceWhenPaidAtOnce() throws {
    let story = try Story(card: "pm_card_visa")
    let count = try story.world.eventCount()
    let changed = story.world.update(story.subscription.id, story.change)
    #expect(changed.item["quantity"] == 9)
    #expect(changed["pending_update"] == .null)
    #expect(try story.world.events(after: count).last == "customer.subscription.updated")
    let waits = story.world.update(
      story.subscription.id,
      story.change.replacing("always_invoice", with: "create_prorations")
        .replacing("quantity]=9", with: "quantity]=4"))
    #expect(waits.item["quantity"] == 4)
    #expect(waits["pending_update"] == .null)
  }

  @Test(.tags(.unit)) func expires() throws {
    let story = try Story()
    let world = story.world
    let invoice = world.latestInvoice(world.update(story.subscription.id, story.change))
    world.stripe.wait(seconds: 23 * 3600 - 1)
    #expect(story.now["pending_update"] != .null)
    let count = try world.eventCount()
    world.stripe.wait(seconds: 1)
    #expect(story.now["pending_update"] == .null)
    #expect(story.now.item["quantity"] == 1)
    #expect(world.invoice(invoice.id)["status"] == "void")
    #expect(
      try world.events(after: count) == [
        "payment_intent.canceled", "invoice.voided",
        "customer.subscription.pending_update_expired",
      ])
    #expect(world.stripe.get("/v1/invoiceitems", "pending=true").ids == [])
  }

  @Test(.tags(.unit)) func doesNotOutlastThePeriod() throws {
    let story = try Story()
    story.world.stripe.wait(seconds: 15 * 86_400 - 3600)
    let waiting = story.world.update(
      story.subscription.id, story.change.replacing("quantity]=9", with: "quantity]=900"))
    #expect(
      waiting["pending_update", "expires_at"] == waiting.item["current_period_end"])
    story.world.stripe.wait(seconds: 3600)
    #expect(story.now["pending_update"] == .null)
    #expect(story.world.latestInvoice(story.now)["billing_reason"] == "subscription_cycle")
  }

  @Test(.tags(.unit)) func isGivenUp() throws {
    let story = try Story()
    let world = story.world
    let first = world.latestInvoice(world.update(story.subscription.id, story.change))
    // Another change takes its place.
    let second = world.update(
      story.subscription.id, story.change.replacing("quantity]=9", with: "quantity]=3"))
    #expect(world.invoice(first.id)["status"] == "void")
    #expect(second["pending_update", "subscription_items", "0", "quantity"] == 3)
    let invoice = world.latestInvoice(second)
    #expect(world.stripe.post("/v1/invoices/\(invoice.id)/void")["status"] == "void")
    #expect(story.now["pending_update"] == .null)
    #expect(story.now["status"] == "active")
    // The end of the subscription is its end, too.
    let third = world.latestInvoice(world.update(story.subscription.id, story.change))
    let ended = world.checked(world.stripe.delete("/v1/subscriptions/\(story.subscription.id)"))
    #expect(ended["pending_update"] == .null)
    #expect(world.invoice(third.id)["status"] == "void")
  }

  @Test(.tags(.unit)) func takesOnlyWhatCanWait() throws {
    let story = try Story()
    let refused = story.world.update(story.subscription.id, "\(story.change)&metadata[a]=b")
    #expect(
      refused.error.hasPrefix("400 invalid_request_error - metadata: You cannot pass metadata with")
    )
    let item = story.world.update(
      story.subscription.id, "\(story.change)&items[0][metadata][a]=b")
    #expect(item["error", "param"] == "items[0][metadata]")
  }
}
