import Basics
import Testing

@testable import StripeSandbox

@Suite struct SubscriptionCycleTests {
  private static let month: Int64 = 30 * 86_400  // 2026-11-20 to 2026-12-20

  @Test(.tags(.unit)) func aRenewal() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let count = try world.eventCount()
    world.stripe.wait(seconds: Self.month)
    let renewed = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(renewed["status"] == "active")
    #expect(renewed.item["current_period_start"] == subscription.item["current_period_end"])
    #expect(
      renewed.item["current_period_end"] == .time(TestSandbox.start + Self.month + 31 * 86_400))
    #expect(renewed["latest_invoice"] != subscription["latest_invoice"])
    let invoice = world.latestInvoice(renewed)
    #expect(invoice["billing_reason"] == "subscription_cycle")
    #expect(invoice["status"] == "draft")
    #expect(invoice["auto_advance"] == true)
    #expect(invoice["created"] == .time(TestSandbox.start + Self.month))
    #expect(
      invoice["automatically_finalizes_at"] == .time(TestSandbox.start + Self.month + 3600))
    #expect(invoice["period_start"] == .time(TestSandbox.start))
    #expect(invoice["period_end"] == .time(TestSandbox.start + Self.month))
    #expect(invoice.lineTexts == ["1900 1 user × Pro (at $19.00 / month)"])
    #expect(
      try world.events(after: count) == [
        "invoice.upcoming", "customer.subscription.updated", "invoice.created",
      ])
    let event = try #require(try world.stripe.events().dropLast().last)
    #expect(
      event[at: "data", "previous_attributes"]?.object?.keys.sorted() == [
        "items", "latest_invoice",
      ])
    #expect(event[at: "created"] == .time(TestSandbox.start + Self.month))
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func theEndOfATrial() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer(), "trial_period_days=14")
    let count = try world.eventCount()
    world.stripe.wait(seconds: 14 * 86_400)
    let renewed = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(renewed["status"] == "active")
    #expect(renewed["trial_end"] == .time(TestSandbox.start + 14 * 86_400))
    #expect(renewed.item["current_period_start"] == .time(TestSandbox.start + 14 * 86_400))
    #expect(
      renewed.item["current_period_end"] == .time(TestSandbox.start + (14 + 31) * 86_400))
    #expect(world.latestInvoice(renewed)["amount_due"] == 1900)
    #expect(
      try world.events(after: count) == [
        "customer.subscription.trial_will_end", "customer.subscription.updated", "invoice.created",
      ])
    let told = try #require(try world.stripe.events().dropLast(2).last)
    #expect(told["created"] == .time(TestSandbox.start + 11 * 86_400))
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func theEndOfAShortTrialIsToldAtOnce() throws {
    let world = try MoneyWorld()
    _ = world.subscribe(world.customer(), "trial_period_days=2")
    world.stripe.wait(seconds: 3600)
    _ = world.stripe.get("/v1/events")
    let told = try #require(try world.stripe.events().last)
    #expect(told["type"] == "customer.subscription.trial_will_end")
    #expect(told["created"] == .time(TestSandbox.start))
  }

  @Test(.tags(.unit)) func theEndOfAPeriodIsTheEndOfACanceledOne() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    _ = world.update(subscription.id, "cancel_at_period_end=true")
    let count = try world.eventCount()
    world.stripe.wait(seconds: 12 * Self.month)
    let ended = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(ended["status"] == "canceled")
    #expect(ended["ended_at"] == subscription.item["current_period_end"])
    #expect(ended["canceled_at"] == .time(TestSandbox.start))
    #expect(ended["cancel_at_period_end"] == true)
    #expect(ended["latest_invoice"] == subscription["latest_invoice"])
    #expect(try world.events(after: count) == ["customer.subscription.deleted"])
  }

  @Test(.tags(.unit)) func anEndInTheMiddleOfAPeriod() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let moment = TestSandbox.start + 5 * 86_400
    _ = world.update(subscription.id, "cancel_at=\(moment.seconds)")
    let count = try world.eventCount()
    world.stripe.wait(seconds: 12 * Self.month)
    let ended = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(ended["status"] == "canceled")
    #expect(ended["ended_at"] == .time(moment))
    #expect(ended["latest_invoice"] == subscription["latest_invoice"])
    #expect(try world.events(after: count) == ["customer.subscription.deleted"])
  }

  @Test(.tags(.unit)) func whatIsNotPaidExpires() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer("pm_card_chargeCustomerFail"))
    #expect(subscription["status"] == "incomplete")
    let count = try world.eventCount()
    world.stripe.wait(seconds: 23 * 3600 - 1)
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "incomplete")
    world.stripe.wait(seconds: 1)
    let expired = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(expired["status"] == "incomplete_expired")
    #expect(expired["ended_at"] == .time(TestSandbox.start + 23 * 3600))
    #expect(world.latestInvoice(expired)["status"] == "void")
    #expect(
      try world.events(after: count) == [
        "payment_intent.canceled", "invoice.voided", "customer.subscription.updated",
      ])
  }

  /// Every period is reckoned from the anchor, so that a short month does not shorten the next.
  @Test(
    .tags(.unit),
    arguments: [
      (
        Timestamp(1_801_389_600),  // 2027-01-31T10:00:00Z
        ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]
      ),
      (
        Timestamp(1_832_925_600),  // 2028-01-31T10:00:00Z
        ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31", "2028-06-30"]
      ),
      (
        Timestamp(1_830_247_200),  // 2027-12-31T10:00:00Z
        ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"]
      ),
    ])
  func endsOfMonths(anchor: Timestamp, wanted: [String]) throws {
    let world = try MoneyWorld()
    world.stripe.wait(seconds: anchor - TestSandbox.start)
    let subscription = world.subscribe(world.customer())
    try world.pass(days: 155)
    let invoices = world.stripe.get("/v1/invoices", "subscription=\(subscription.id)&limit=100")
    let starts = (invoices["data"]?.array ?? []).reversed().compactMap {
      $0[at: "lines", "data", "0", "period", "start"]?.integer.map { Timestamp($0).iso8601 }
    }
    #expect(starts == wanted.map { "\($0)T10:00:00Z" })
  }

  @Test(.tags(.unit)) func aLeapDayOnceAYear() throws {
    let world = try MoneyWorld()
    let leap = Timestamp(1_835_431_200)  // 2028-02-29T10:00:00Z
    world.stripe.wait(seconds: leap - TestSandbox.start)
    let subscription = world.subscribe(world.customer(), "items[0][price]=\(world.yearly)")
    var ends: [String] = []
    for _ in 0..<4 {
      let end = world.subscription(subscription.id).item["current_period_end"]?.integer ?? 0
      ends.append(Timestamp(end).iso8601)
      try world.pass(days: 366)
    }
    #expect(
      ends == [
        "2029-02-28T10:00:00Z", "2030-02-28T10:00:00Z", "2031-02-28T10:00:00Z",
        "2032-02-29T10:00:00Z",
      ])
  }
}
