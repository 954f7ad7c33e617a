import Basics
import Testing

@testable import StripeSandbox

@Suite struct SubscriptionItemChangeTests {
  @Test(.tags(.unit)) func anItemOfASubscription() throws {
    let world = try MoneyWorld()
    let team = MoneyWorld.price(world.stripe, world.product, 1000, "month")
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 15 * 86_400)
    let added = world.stripe.post(
      "/v1/subscription_items",
      """
      subscription=\(subscription.id)&price=\(team)&quantity=2&metadata[a]=b&\
      proration_behavior=always_invoice
      """)
    #expect(added["quantity"] == 2)
    #expect(added["metadata"] == ["a": "b"])
    let items = world.stripe.get("/v1/subscription_items", "subscription=\(subscription.id)")
    #expect(items.ids.last == added.id)
    let latest = { world.latestInvoice(world.stripe.get("/v1/subscriptions/\(subscription.id)")) }
    #expect(latest().lineTexts == ["1000 Remaining time on 2 × Pro after 05 Dec 2026"])

    let fewer = world.stripe.post(
      "/v1/subscription_items/\(added.id)",
      "quantity=1&metadata[a]=&proration_behavior=always_invoice")
    #expect(fewer["quantity"] == 1)
    #expect(fewer["metadata"] == [:])
    #expect(
      latest().lineTexts == [
        "-1000 Unused time on 2 × Pro after 05 Dec 2026",
        "500 Remaining time on Pro after 05 Dec 2026",
      ])

    let deleted = world.stripe.delete(
      "/v1/subscription_items/\(added.id)?proration_behavior=always_invoice")
    #expect(
      deleted.body
        == ["id": .string(added.id), "object": "subscription_item", "deleted": true])
    #expect(latest().lineTexts == ["-500 Unused time on Pro after 05 Dec 2026"])
    #expect(world.stripe.get("/v1/subscription_items/\(added.id)").status == 404)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func refused() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let item = subscription.item["id"]?.string ?? ""
    let path = "/v1/subscription_items"
    let cases = [
      (
        world.stripe.post(path, "subscription=sub_x&price=\(world.monthly)"),
        "subscription: No such subscription: 'sub_x'"
      ),
      (
        world.stripe.post(path, "subscription=\(subscription.id)&price=price_x"),
        "price: No such price: 'price_x'"
      ),
      (
        world.stripe.post(path, "subscription=\(subscription.id)"),
        "price: Missing required param: price."
      ),
      (
        world.stripe.post(path, "subscription=\(subscription.id)&price=\(world.monthly)"),
        "items: Cannot add multiple subscription items with the same plan: \(world.monthly)"
      ),
      (
        world.stripe.delete("\(path)/\(item)"),
        "items: A subscription must have at least one active plan. To cancel it, delete it."
      ),
      (
        world.stripe.delete("\(path)/\(item)?clear_usage=true"),
        "clear_usage: `clear_usage` can only be used to delete an item whose price is metered."
      ),
      (world.stripe.post("\(path)/si_x", "quantity=2"), "id: No such subscription_item: 'si_x'"),
    ]
    for (answer, end) in cases { #expect(answer.error.hasSuffix(end), "\(answer.error)") }
  }

  /// An item that is added waits with the change.
  @Test(.tags(.unit)) func waitsForItsPayment() throws {
    let world = try MoneyWorld()
    let team = MoneyWorld.price(world.stripe, world.product, 1000, "month")
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let bad = world.stripe.post(
      "/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer=\(customer)"
    ).id
    _ = world.update(subscription.id, "default_payment_method=\(bad)")
    let added = world.stripe.post(
      "/v1/subscription_items",
      """
      subscription=\(subscription.id)&price=\(team)&proration_behavior=always_invoice&\
      payment_behavior=pending_if_incomplete
      """)
    #expect(added["price", "id"] == .string(team))
    let waiting = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(waiting["items", "data"]?.array?.count == 1)
    #expect(waiting["pending_update", "subscription_items"]?.array?.count == 2)
  }

  /// An item lives on the clock of its subscription.
  @Test(.tags(.unit)) func takesPlaceOnItsClock() throws {
    let world = try MoneyWorld()
    let clock = world.stripe.post(
      "/v1/test_helpers/test_clocks", "frozen_time=\(TestSandbox.start.seconds - 86_400)"
    ).id
    let customer = world.stripe.post(
      "/v1/customers",
      """
      test_clock=\(clock)&payment_method=pm_card_visa&\
      invoice_settings[default_payment_method]=pm_card_visa
      """
    ).id
    let subscription = world.subscribe(customer)
    let item = subscription.item["id"]?.string ?? ""
    _ = world.stripe.post(
      "/v1/subscription_items/\(item)", "quantity=2&proration_behavior=always_invoice")
    let changed = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(
      world.latestInvoice(changed)["created"] == .time(TestSandbox.start - 86_400))
  }
}
