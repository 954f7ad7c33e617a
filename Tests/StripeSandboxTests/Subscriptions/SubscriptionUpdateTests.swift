import Basics
import Testing

@testable import StripeSandbox

@Suite struct SubscriptionUpdateTests {
  /// The middle of the period that begins with the test: 15 of 30 days.
  static let half: Int64 = 15 * 86_400

  private func item(_ subscription: Answer) -> String { subscription.item["id"]?.string ?? "" }

  @Test(.tags(.unit)) func upgradedAndInvoicedAtOnce() throws {
    let world = try MoneyWorld()
    let team = MoneyWorld.price(world.stripe, world.product, 4900, "month")
    let subscription = world.subscribe(
      world.customer(), "items[0][price]=\(world.monthly)&items[0][quantity]=3")
    world.stripe.wait(seconds: Self.half)
    let count = try world.eventCount()
    let upgraded = world.update(
      subscription.id,
      """
      items[0][id]=\(item(subscription))&items[0][price]=\(team)&\
      proration_behavior=always_invoice&payment_behavior=error_if_incomplete
      """)
    #expect(upgraded.item["price"]?["id"] == .string(team))
    // A new price sets the quantity to 1.
    #expect(upgraded.item["quantity"] == 1)
    #expect(upgraded.item["current_period_end"] == subscription.item["current_period_end"])
    let invoice = world.latestInvoice(upgraded)
    #expect(
      invoice.lineTexts == [
        "-2850 Unused time on 3 × Pro after 05 Dec 2026",
        "2450 Remaining time on Pro after 05 Dec 2026",
      ])
    #expect(invoice["billing_reason"] == "subscription_update")
    #expect(invoice["total"] == -400)
    #expect(invoice["amount_due"] == 0)
    #expect(invoice["ending_balance"] == -400)
    #expect(invoice["status"] == "paid")
    #expect(
      world.stripe.get("/v1/customers/\(upgraded["customer"]?.string ?? "")")["balance"] == -400)
    let credit = invoice["lines", "data", "0", "parent", "subscription_item_details"]
    let first = world.latestInvoice(subscription)
    #expect(credit?["proration"] == true)
    #expect(
      credit?["proration_details"]?["credited_items"] == [
        "invoice": .string(first.id),
        "invoice_line_items": [first["lines", "data", "0", "id"] ?? .null],
      ])
    #expect(
      try world.events(after: count) == [
        "invoiceitem.created", "invoiceitem.created", "customer.subscription.updated",
        "invoice.created", "customer.updated", "invoice.finalized", "invoice.paid",
        "invoice.payment_succeeded",
      ])
    // The balance pays part of the next change.
    let more = world.update(
      subscription.id,
      "items[0][id]=\(item(subscription))&items[0][quantity]=2&proration_behavior=always_invoice")
    #expect(
      world.latestInvoice(more).lineTexts == [
        "-2450 Unused time on Pro after 05 Dec 2026",
        "4900 Remaining time on 2 × Pro after 05 Dec 2026",
      ])
    #expect(world.latestInvoice(more)["amount_paid"] == 2050)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func prorationsWait() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: Self.half)
    let changed = world.update(
      subscription.id, "items[0][id]=\(item(subscription))&items[0][quantity]=4")
    #expect(changed["latest_invoice"] == subscription["latest_invoice"])
    let waiting = world.checked(
      world.stripe.get(
        "/v1/invoiceitems", "pending=true&customer=\(changed["customer"]?.string ?? "")"))
    #expect(waiting["data"]?.array?.map { $0["amount"] ?? .null } == [3800, -950])
    let none = world.update(
      subscription.id,
      "items[0][id]=\(item(subscription))&items[0][quantity]=2&proration_behavior=none")
    #expect(none.item["quantity"] == 2)
    #expect(world.stripe.get("/v1/invoiceitems", "pending=true").ids.count == 2)
    // An immediate cancellation takes them back.
    let count = try world.eventCount()
    #expect(world.stripe.delete("/v1/subscriptions/\(subscription.id)")["status"] == "canceled")
    #expect(
      try world.events(after: count) == [
        "invoiceitem.deleted", "invoiceitem.deleted", "customer.subscription.deleted",
      ])
  }

  @Test(.tags(.unit)) func aGivenProrationDate() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: Self.half)
    let date = TestSandbox.start + Self.half / 3
    let change =
      "items[0][id]=\(item(subscription))&items[0][quantity]=2&proration_behavior=always_invoice"
    let changed = world.update(subscription.id, "\(change)&proration_date=\(date.seconds)")
    #expect(
      world.latestInvoice(changed).lineTexts == [
        "-1583 Unused time on Pro after 25 Nov 2026",
        "3167 Remaining time on 2 × Pro after 25 Nov 2026",
      ])
    let outside = world.update(subscription.id, "\(change)&proration_date=5")
    #expect(outside["error", "param"] == "proration_date")
  }

  @Test(.tags(.unit)) func anotherIntervalKeepsTheAnchor() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 4)
    let changed = world.update(
      subscription.id,
      """
      items[0][id]=\(item(subscription))&items[0][price]=\(world.yearly)&trial_end=now&\
      cancel_at_period_end=false
      """)
    #expect(changed["billing_cycle_anchor"] == .time(TestSandbox.start))
    #expect(changed.item["current_period_start"] == .time(TestSandbox.start))
    #expect(
      changed.item["current_period_end"] == .time(Timestamp(parsing: "2027-11-20T10:00:00Z")))
    let invoice = world.latestInvoice(changed)
    #expect(
      invoice.lineTexts == [
        "-1900 Unused time on Pro after 20 Nov 2026",
        "19000 Remaining time on Pro after 20 Nov 2026",
      ])
    #expect(invoice["amount_paid"] == 17100)
    #expect(invoice["period_start"] == .time(TestSandbox.start))
  }

  @Test(.tags(.unit)) func aNewAnchorBeginsANewPeriod() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: Self.half)
    let now = TestSandbox.start + Self.half
    let changed = world.update(
      subscription.id,
      """
      items[0][id]=\(item(subscription))&items[0][price]=\(world.yearly)&\
      billing_cycle_anchor[type]=now
      """)
    #expect(changed["billing_cycle_anchor"] == .time(now))
    #expect(changed.item["current_period_start"] == .time(now))
    #expect(
      world.latestInvoice(changed).lineTexts == [
        "-950 Unused time on Pro after 05 Dec 2026", "19000 1 user × Pro (at $190.00 / year)",
      ])
    let classic = world.subscribe(world.customer(), "billing_mode[type]=classic")
    world.stripe.wait(seconds: 60)
    let moved = world.update(
      classic.id,
      "items[0][id]=\(item(classic))&items[0][price]=\(world.yearly)&proration_behavior=none")
    #expect(moved["billing_cycle_anchor"] == .time(now + 60))
    #expect(world.latestInvoice(moved).lineTexts == ["19000 1 user × Pro (at $190.00 / year)"])
  }

  @Test(.tags(.unit)) func trialsEndAndBegin() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer(), "trial_period_days=7")
    world.stripe.wait(seconds: 3600)
    let now = TestSandbox.start + 3600
    let changed = world.update(
      subscription.id, "items[0][id]=\(item(subscription))&items[0][quantity]=2")
    #expect(changed["latest_invoice"] == subscription["latest_invoice"])
    let longer = world.update(subscription.id, "trial_end=\((now + 20 * 86_400).seconds)")
    #expect(longer["trial_end"] == .time(now + 20 * 86_400))
    #expect(longer.item["current_period_start"] == .time(TestSandbox.start))
    let ended = world.update(subscription.id, "trial_end=now")
    #expect(ended["status"] == "active")
    #expect(ended["trial_end"] == .time(now))
    #expect(ended["billing_cycle_anchor"] == .time(now))
    #expect(world.latestInvoice(ended).lineTexts == ["3800 2 user × Pro (at $19.00 / month)"])
    let again = world.update(subscription.id, "trial_end=\((now + 86_400).seconds)")
    #expect(again["status"] == "trialing")
    #expect(
      world.latestInvoice(again).lineTexts == [
        "-3800 Unused time on 2 × Pro after 20 Nov 2026", "0 Free trial for 2 user × Pro",
      ])
  }

  @Test(.tags(.unit)) func anUpgradeThatIsNotPaid() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let bad = world.stripe.post(
      "/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer=\(customer)"
    ).id
    _ = world.update(subscription.id, "default_payment_method=\(bad)")
    world.stripe.wait(seconds: Self.half)
    let before = world.stripe.get("/v1/subscriptions/\(subscription.id)").body
    let count = try world.eventCount()
    let change =
      "items[0][id]=\(item(subscription))&items[0][quantity]=9&proration_behavior=always_invoice"
    let refused = world.update(subscription.id, "\(change)&payment_behavior=error_if_incomplete")
    #expect(refused.status == 402)
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)").body == before)
    #expect(try world.eventCount() == count)
    let owing = world.update(subscription.id, change)
    #expect(owing["status"] == "past_due")
    #expect(owing.item["quantity"] == 9)
    let invoice = world.latestInvoice(owing)
    #expect(invoice["status"] == "open")
    let uncollectible = world.checked(
      world.stripe.post("/v1/invoices/\(invoice.id)/mark_uncollectible"))
    #expect(uncollectible["status_details", "uncollectible", "reason"] == "user_forgiven")
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "active")
    let voided = world.checked(world.stripe.post("/v1/invoices/\(invoice.id)/void"))
    #expect(voided["status"] == "void")
    #expect(world.stripe.post("/v1/invoices/\(invoice.id)/void").status == 400)
    #expect(world.stripe.post("/v1/invoices/\(invoice.id)/mark_uncollectible").status == 400)
    #expect(world.stripe.post("/v1/invoices/\(invoice.id)/pay").status == 400)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func itemsAddedAndDeleted() throws {
    let world = try MoneyWorld()
    let team = MoneyWorld.price(world.stripe, world.product, 1000, "month")
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: Self.half)
    let added = world.update(
      subscription.id,
      "items[0][price]=\(team)&items[0][metadata][a]=b&proration_behavior=always_invoice")
    #expect(added["items", "data"]?.array?.count == 2)
    #expect(
      world.latestInvoice(added).lineTexts == ["500 Remaining time on Pro after 05 Dec 2026"])
    let ids = world.checked(
      world.stripe.get("/v1/subscription_items", "subscription=\(subscription.id)")
    ).ids
    #expect(ids.count == 2)
    #expect(
      world.checked(world.stripe.get("/v1/subscription_items/\(ids[1])"))["metadata"] == ["a": "b"])
    #expect(world.stripe.get("/v1/subscription_items/si_x").status == 404)
    let deleted = world.update(
      subscription.id,
      "items[0][id]=\(ids[0])&items[0][deleted]=true&proration_behavior=always_invoice")
    #expect(deleted["items", "data"]?.array?.count == 1)
    #expect(
      world.latestInvoice(deleted).lineTexts == ["-950 Unused time on Pro after 05 Dec 2026"])
    let none = world.update(subscription.id, "items[0][id]=\(ids[1])&items[0][deleted]=true")
    #expect(none.error.contains("must have at least one"))
    #expect(world.update(subscription.id, "items[0][id]=si_x&items[0][quantity]=1").status == 400)
    #expect(
      world.update(subscription.id, "items[0][price]=\(world.yearly)").error.contains(
        "mismatch in interval"))
  }

  @Test(.tags(.unit)) func pausedCollectionKeepsTheState() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let until = (TestSandbox.start + 86_400).seconds
    let paused = world.update(
      subscription.id, "pause_collection[behavior]=void&pause_collection[resumes_at]=\(until)")
    #expect(paused["status"] == "active")
    #expect(paused["pause_collection"] == ["behavior": "void", "resumes_at": .integer(until)])
    #expect(world.update(subscription.id, "pause_collection=")["pause_collection"] == .null)
    #expect(
      world.update(
        subscription.id, "pause_collection[behavior]=void&pause_collection[resumes_at]=5"
      ).status == 400)
  }

  @Test(.tags(.unit)) func pricesShowAsTheyAreNow() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    _ = world.stripe.post("/v1/prices/\(world.monthly)", "nickname=Old&lookup_key=k")
    let shown = world.checked(world.stripe.get("/v1/subscriptions/\(subscription.id)"))
    #expect(shown.item["price"]?["lookup_key"] == "k")
    #expect(shown.item["plan"]?["nickname"] == "Old")
  }
}
