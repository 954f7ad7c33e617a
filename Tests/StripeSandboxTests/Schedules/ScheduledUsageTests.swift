import Basics
import Testing

@testable import StripeSandbox

/// A phase with other metered prices: what was used until then is billed once, at the old price.
@Suite struct ScheduledUsageTests {
  @Test(.tags(.unit)) func usageOfAPriceThatGoes() throws {
    let usage = try UsageWorld()
    let (money, stripe) = (usage.money, usage.stripe)
    let dearer = usage.price("unit_amount_decimal=0.2")
    let basic = MoneyWorld.price(stripe, money.product, 900, "month")
    let customer = money.customer()
    let subscription = money.subscribe(
      customer, "items[0][price]=\(money.monthly)&items[1][price]=\(usage.price)")
    let schedule = stripe.post(
      "/v1/subscription_schedules", "from_subscription=\(subscription.id)")
    _ = stripe.post(
      "/v1/subscription_schedules/\(schedule.id)",
      """
      phases[0][start_date]=\(TestSandbox.start.seconds)&\
      phases[0][end_date]=\(ScheduleWorld.renewal.seconds)&\
      phases[0][items][0][price]=\(money.monthly)&phases[0][items][1][price]=\(usage.price)&\
      phases[1][items][0][price]=\(basic)&phases[1][items][1][price]=\(dearer)
      """)
    stripe.wait(seconds: 60)
    usage.use("1000", of: customer)
    stripe.wait(seconds: ScheduleWorld.renewal - TestSandbox.start - 60)
    let first = money.latestInvoice(stripe.get("/v1/subscriptions/\(subscription.id)"))
    #expect(
      Set(first.lineTexts) == [
        "100 1000 call × API (at $0.001 / month)", "900 1 user × Pro (at $9.00 / month)",
      ])
    stripe.wait(seconds: 60)
    usage.use("500", of: customer)
    stripe.wait(seconds: 31 * ScheduleWorld.day)
    let second = money.latestInvoice(stripe.get("/v1/subscriptions/\(subscription.id)"))
    #expect(
      Set(second.lineTexts) == [
        "900 1 user × Pro (at $9.00 / month)", "100 500 call × API (at $0.002 / month)",
      ])
    try money.checkEvents()
  }
}
