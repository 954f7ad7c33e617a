import Basics
import Testing

@testable import StripeSandbox

/// Usage is billed once, whatever becomes of its price in the middle of a period.
@Suite struct ReplacedMeterTests {
  private func invoices(_ world: UsageWorld, _ subscription: Answer) -> [[String]] {
    world.stripe.get("/v1/invoices", "subscription=\(subscription.id)&limit=100").ids.reversed()
      .map { world.money.invoice($0).lineTexts }
  }

  @Test(.tags(.unit)) func whatWasUsedIsBilledAtTheOldPrice() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let dearer = world.price("unit_amount=1")
    let subscription = world.money.subscribe(customer, "items[0][price]=\(world.price)")
    world.use("1000", of: customer)
    world.stripe.wait(seconds: 15 * 86_400)
    let item = subscription.item["id"]?.string ?? ""
    _ = world.money.update(subscription.id, "items[0][id]=\(item)&items[0][price]=\(dearer)")
    world.use("20", of: customer)
    world.stripe.wait(seconds: 15 * 86_400)
    #expect(
      invoices(world, subscription) == [
        ["100 1000 call × API (at $0.001 / month)", "20 20 call × API (at $0.01 / month)"]
      ])
  }

  @Test(.tags(.unit)) func atOnceWhereThatIsAskedFor() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let subscription = world.money.subscribe(customer, "items[0][price]=\(world.price)")
    world.use("1000", of: customer)
    world.stripe.wait(seconds: 15 * 86_400)
    let item = subscription.item["id"]?.string ?? ""
    let changed = world.money.update(
      subscription.id,
      "items[0][id]=\(item)&items[0][price]=\(world.money.monthly)&proration_behavior=always_invoice"
    )
    #expect(
      world.money.latestInvoice(changed).lineTexts == [
        "950 Remaining time on Pro after 05 Dec 2026", "100 1000 call × API (at $0.001 / month)",
      ])
    world.stripe.wait(seconds: 15 * 86_400)
    #expect(
      invoices(world, subscription).last == ["1900 1 user × Pro (at $19.00 / month)"])
  }

  @Test(.tags(.unit)) func withoutUsageThereIsNothingToBill() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let subscription = world.money.subscribe(customer, "items[0][price]=\(world.price)")
    let item = subscription.item["id"]?.string ?? ""
    let dearer = world.price("unit_amount=1")
    _ = world.money.update(subscription.id, "items[0][id]=\(item)&items[0][price]=\(dearer)")
    #expect(world.stripe.get("/v1/invoiceitems").ids == [])
  }

  @Test(.tags(.unit)) func usageThatIsForgottenIsNotBilledByANewPeriodEither() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let subscription = world.money.subscribe(
      customer, "items[0][price]=\(world.price)&items[1][price]=\(world.money.monthly)")
    world.use("1000", of: customer)
    world.stripe.wait(seconds: 60)
    let item = subscription.item["id"]?.string ?? ""
    let changed = world.money.update(
      subscription.id,
      """
      items[0][id]=\(item)&items[0][deleted]=true&items[0][clear_usage]=true\
      &billing_cycle_anchor[type]=now&proration_behavior=none
      """)
    #expect(
      world.money.latestInvoice(changed).lineTexts == ["1900 1 user × Pro (at $19.00 / month)"])
  }

  @Test(.tags(.unit)) func usageThatAPauseHasBilledIsNotBilledAgain() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let subscription = world.money.subscribe(customer, "items[0][price]=\(world.price)")
    world.use("1000", of: customer)
    world.stripe.wait(seconds: 86_400)
    _ = world.stripe.post(
      "/v1/subscriptions/\(subscription.id)/pause",
      """
      type=subscription&bill_for[outstanding_usage_through][type]=now&invoicing_behavior=invoice
      """)
    world.stripe.wait(seconds: 86_400)
    let resumed = world.stripe.post(
      "/v1/subscriptions/\(subscription.id)/resume", "billing_cycle_anchor[type]=unchanged")
    #expect(resumed["status"] == "active")
    world.use("30", of: customer)
    world.stripe.wait(seconds: 29 * 86_400)
    #expect(
      invoices(world, subscription) == [
        ["100 1000 call × API (at $0.001 / month)"], ["3 30 call × API (at $0.001 / month)"],
      ])
  }
}
