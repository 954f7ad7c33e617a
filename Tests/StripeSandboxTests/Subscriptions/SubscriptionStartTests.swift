import Basics
import Testing

@testable import StripeSandbox

/// New subscriptions that are billed on a day of their own, or began in the past.
@Suite struct SubscriptionStartTests {
  private func time(_ text: String) -> JSON { .time(Timestamp(parsing: text)) }

  @Test(.tags(.unit)) func anAnchorInTheFuture() throws {
    let world = try MoneyWorld()
    let anchor = TestSandbox.start + 15 * 86_400
    let customer = world.customer()
    let subscription = world.subscribe(
      customer, "billing_cycle_anchor=\(anchor.seconds)&items[0][price]=\(world.monthly)")
    #expect(subscription["billing_cycle_anchor"] == .time(anchor))
    #expect(subscription.item["current_period_start"] == .time(TestSandbox.start))
    #expect(subscription.item["current_period_end"] == .time(anchor))
    let invoice = world.latestInvoice(subscription)
    // The month before 5 December has 30 days, of which 15 are left.
    #expect(invoice.lineTexts == ["950 Remaining time on Pro after 20 Nov 2026"])
    #expect(
      invoice["lines", "data", "0", "parent", "subscription_item_details", "proration"] == true)
    // In the first, shorter period a change is reckoned by whole months, too: 5 of 30 days.
    world.stripe.wait(seconds: 10 * 86_400)
    let changed = world.update(
      subscription.id,
      """
      items[0][id]=\(subscription.item["id"]?.string ?? "")&items[0][quantity]=2&\
      proration_behavior=always_invoice
      """)
    #expect(
      world.latestInvoice(changed).lineTexts == [
        "-317 Unused time on Pro after 30 Nov 2026",
        "633 Remaining time on 2 × Pro after 30 Nov 2026",
      ])
    world.stripe.wait(seconds: 5 * 86_400)
    let renewed = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(renewed.item["current_period_start"] == .time(anchor))
    #expect(renewed.item["current_period_end"] == time("2027-01-05T10:00:00Z"))
  }

  @Test(.tags(.unit)) func freeUntilTheAnchor() throws {
    let world = try MoneyWorld()
    let anchor = TestSandbox.start + 86_400
    let subscription = world.subscribe(
      world.customer(nil),
      """
      billing_cycle_anchor=\(anchor.seconds)&proration_behavior=none&\
      items[0][price]=\(world.monthly)
      """)
    #expect(subscription["status"] == "active")
    #expect(subscription["latest_invoice"] == .null)
  }

  @Test(.tags(.unit)) func aDiscountOnAPartOfAPeriod() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=HALF&percent_off=50&duration=once")
    let anchor = TestSandbox.start + 15 * 86_400
    let subscription = world.subscribe(
      world.customer(),
      """
      billing_cycle_anchor=\(anchor.seconds)&discounts[0][coupon]=HALF&\
      items[0][price]=\(world.monthly)
      """)
    #expect(world.latestInvoice(subscription)["total"] == 475)
    #expect(subscription["discounts"] == [])
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("[day_of_month]=1", "2026-12-01T10:00:00Z", "2026-12-01T10:00:00Z"),
      ("[day_of_month]=20&billing_cycle_anchor_config[hour]=12", "2026-11-20T12:00:00Z", nil),
      ("[day_of_month]=20&billing_cycle_anchor_config[hour]=9", "2026-12-20T09:00:00Z", nil),
      // November has 30 days: it is billed on the last, and on 31 December after that.
      ("[day_of_month]=31", "2026-11-30T10:00:00Z", "2026-10-31T10:00:00Z"),
    ])
  func aDayOfTheMonth(_ config: String, _ end: String, _ anchor: String?) throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(
      world.customer(),
      "billing_cycle_anchor_config\(config)&items[0][price]=\(world.monthly)")
    #expect(subscription.item["current_period_end"] == time(end))
    #expect(subscription["billing_cycle_anchor"] == time(anchor ?? end))
    #expect(subscription["billing_cycle_anchor_config", "month"] == .null)
  }

  @Test(.tags(.unit)) func aMonthOfTheYear() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(
      world.customer(),
      """
      billing_cycle_anchor_config[day_of_month]=1&billing_cycle_anchor_config[month]=2&\
      items[0][price]=\(world.yearly)
      """)
    #expect(subscription["billing_cycle_anchor"] == time("2027-02-01T10:00:00Z"))
    // 73 of 365 days of $190.00.
    #expect(
      world.latestInvoice(subscription).lineTexts == [
        "3800 Remaining time on Pro after 20 Nov 2026"
      ])
  }

  @Test(.tags(.unit)) func aStartInThePast() throws {
    let world = try MoneyWorld()
    let start = try #require(Timestamp(parsing: "2026-10-05T10:00:00Z"))
    let asked = "backdate_start_date=\(start.seconds)&items[0][price]=\(world.monthly)"
    let subscription = world.subscribe(world.customer(), "\(asked)&items[0][quantity]=2")
    #expect(subscription["start_date"] == .time(start))
    #expect(subscription["billing_cycle_anchor"] == .time(TestSandbox.start))
    #expect(subscription.item["current_period_end"] == time("2026-12-20T10:00:00Z"))
    // From 5 to 20 October half of 30 days, then a whole month: 1900 + 3800.
    #expect(
      world.latestInvoice(subscription).lineTexts == [
        "5700 Time on 2 × Pro from 05 Oct 2026 until 20 Nov 2026",
        "3800 2 user × Pro (at $19.00 / month)",
      ])
    let free = world.subscribe(world.customer(), "\(asked)&proration_behavior=none")
    #expect(world.latestInvoice(free).lineTexts == ["1900 1 user × Pro (at $19.00 / month)"])
  }

  @Test(.tags(.unit)) func refused() throws {
    let world = try MoneyWorld()
    let (customer, now) = (world.customer(), TestSandbox.start)
    let cases = [
      (
        "billing_cycle_anchor=\(now.seconds)",
        "billing_cycle_anchor: Invalid timestamp: must be an integer Unix timestamp in the future."
      ),
      (
        "billing_cycle_anchor=\((now + 31 * 86_400).seconds)",
        """
        billing_cycle_anchor: `billing_cycle_anchor` cannot be later than next natural billing \
        date (\((now + 30 * 86_400).seconds)) for plan
        """
      ),
      (
        "billing_cycle_anchor=\((now + 5).seconds)&trial_period_days=3",
        """
        billing_cycle_anchor: The sandbox does not offer billing_cycle_anchor together with a \
        trial yet.
        """
      ),
      (
        "billing_cycle_anchor_config[day_of_month]=32",
        "billing_cycle_anchor_config[day_of_month]: This value must be less than or equal to 31."
      ),
      (
        "backdate_start_date=\((now + 5).seconds)",
        "backdate_start_date: `backdate_start_date` must be in the past."
      ),
    ]
    for (asked, end) in cases {
      let answer = world.subscribe(customer, "\(asked)&items[0][price]=\(world.monthly)")
      #expect(answer.error.hasSuffix(end), "\(answer.error)")
    }
  }
}
