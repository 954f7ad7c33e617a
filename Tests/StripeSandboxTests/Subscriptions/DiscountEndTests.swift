import Basics
import Testing

@testable import StripeSandbox

@Suite struct DiscountEndTests {
  @Test(.tags(.unit)) func aCouponRunsOut() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post(
      "/v1/coupons", "id=two&percent_off=50&duration=repeating&duration_in_months=2")
    let subscription = world.subscribe(world.customer(), "discounts[0][coupon]=two")
    #expect(world.latestInvoice(subscription)["total"] == 950)
    try world.pass(days: 30, hours: 1)
    #expect(world.latestInvoice(world.subscription(subscription.id))["total"] == 950)
    try world.pass(days: 20)
    let count = try world.eventCount()
    try world.pass(days: 11)
    let ended = world.subscription(subscription.id)
    #expect(ended["discounts"] == [])
    #expect(world.latestInvoice(ended)["total"] == 1900)
    #expect(
      try world.events(after: count).filter { $0 != "invoice.upcoming" }.prefix(3) == [
        "customer.subscription.updated", "invoice.created", "customer.discount.deleted",
      ])
    try world.checkEvents()
  }
}
