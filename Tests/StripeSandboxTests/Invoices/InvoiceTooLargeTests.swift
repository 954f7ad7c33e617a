import Basics
import Testing

@testable import StripeSandbox

/// What comes to more than can be charged at once.
@Suite struct InvoiceTooLargeTests {
  /// A subscription that renews for more than a card can be charged.
  private func world() throws -> (world: MoneyWorld, subscription: Answer) {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let item = subscription.item["id"]?.string ?? ""
    let changed = world.update(
      subscription.id,
      "items[0][id]=\(item)&items[0][quantity]=100000&proration_behavior=none")
    #expect(changed.item["quantity"] == 100_000)
    return (world, subscription)
  }

  @Test(.tags(.unit)) func aRenewalIsMadeButNotIssued() throws {
    let (world, subscription) = try world()
    let count = try world.eventCount()
    try world.pass(days: 30, hours: 1)
    let renewed = world.subscription(subscription.id)
    #expect(renewed["status"] == "active")
    #expect(renewed.item["current_period_start"] == subscription.item["current_period_end"])
    let invoice = world.latestInvoice(renewed)
    #expect(invoice["status"] == "draft")
    #expect(invoice["auto_advance"] == false)
    #expect(invoice["amount_due"] == 190_000_000)
    #expect(
      invoice["last_finalization_error"] == [
        "code": "amount_too_large", "message": "Amount must be no more than $999,999.99",
        "param": "amount", "type": "invalid_request_error",
      ])
    #expect(
      try world.events(after: count) == [
        "invoice.upcoming", "customer.subscription.updated", "invoice.created",
        "invoice.finalization_failed",
      ])
    #expect(
      world.stripe.post("/v1/invoices/\(invoice.id)/finalize").error
        == "400 invalid_request_error amount_too_large amount: "
        + "Amount must be no more than $999,999.99")
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func itDoesNotHoldUpWhatFollows() throws {
    let (world, subscription) = try world()
    try world.pass(days: 31)
    let item = subscription.item["id"]?.string ?? ""
    _ = world.update(
      subscription.id, "items[0][id]=\(item)&items[0][quantity]=1&proration_behavior=none")
    try world.pass(days: 31)
    let renewed = world.subscription(subscription.id)
    #expect(world.latestInvoice(renewed)["status"] == "paid")
    #expect(world.latestInvoice(renewed)["amount_paid"] == 1900)
  }

  @Test(.tags(.unit)) func norDoesItWhereTheCollectionIsPaused() throws {
    let (world, subscription) = try world()
    _ = world.update(subscription.id, "pause_collection[behavior]=void")
    try world.pass(days: 30)
    let renewed = world.subscription(subscription.id)
    #expect(renewed.item["current_period_start"] == subscription.item["current_period_end"])
    #expect(world.latestInvoice(renewed)["status"] == "draft")
  }

  @Test(.tags(.unit)) func whatIsToBePaidAtOnceIsRefused() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    #expect(
      world.subscribe(
        customer, "items[0][price]=\(world.monthly)&items[0][quantity]=100000"
      ).error.hasPrefix("400 invalid_request_error amount_too_large amount"))
    #expect(world.stripe.get("/v1/subscriptions").ids == [])
  }

  /// Usage that comes to more than can be reckoned with.
  @Test(.tags(.unit)) func whatCannotBeReckonedIsTriedAgain() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let price = world.price("unit_amount=999999999999")
    let subscription = world.money.subscribe(customer, "items[0][price]=\(price)")
    world.use("999999999999999", of: customer)
    world.stripe.wait(seconds: 30 * 86_400)
    #expect(try world.stripe.sandbox.catchUp().count == 1)
    #expect(world.stripe.get("/v1/account").status == 200)
    world.use("-999999999999998", of: customer, "timestamp=\(TestSandbox.start.seconds + 60)")
    world.stripe.wait(seconds: 86_400)
    let renewed = world.money.subscription(subscription.id)
    let end = subscription.item["current_period_end"]
    #expect(renewed.item["current_period_start"] == end)
    #expect(world.money.latestInvoice(renewed)["period_end"] == end)
  }
}
