import Basics
import Testing

@testable import StripeSandbox

/// What time does to schedules.
@Suite struct ScheduleRunTests {
  /// A downgrade at the end of the period: the renewal bills the new price, and nothing is
  /// prorated.
  @Test(.tags(.unit)) func downgradeAtPeriodEnd() throws {
    let world = try ScheduleWorld()
    let (subscription, schedule) = world.downgrade()
    #expect(schedule["status"] == "active")
    #expect(schedule["phases", "1", "start_date"] == .time(ScheduleWorld.renewal))
    #expect(schedule["current_phase", "end_date"] == .time(ScheduleWorld.renewal))
    let item = subscription.item["id"]
    let count = try world.world.eventCount()
    world.stripe.wait(seconds: ScheduleWorld.renewal - TestSandbox.start + 3600)
    let now = world.subscription(subscription.id)
    #expect(now.item["price"]?["id"] == .string(world.basic))
    #expect(now.item["id"] == item)
    #expect(now["schedule"] == .string(schedule.id))
    let invoice = world.world.latestInvoice(now)
    #expect(invoice.lineTexts == ["900 1 user × Pro (at $9.00 / month)"])
    #expect(invoice["billing_reason"] == "subscription_cycle")
    #expect(invoice["amount_paid"] == 900)
    #expect(
      try world.events(after: count) == [
        "subscription_schedule.updated", "customer.subscription.updated",
        "customer.subscription.updated", "invoice.created", "invoice.finalized",
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
        "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded",
      ])
    #expect(
      world.schedule(schedule.id)["current_phase", "start_date"] == .time(ScheduleWorld.renewal))
    try world.world.checkEvents()
  }

  /// The end of the last phase: what becomes of the schedule and its subscription, and what is told
  /// from seven days before.
  @Test(
    .tags(.unit),
    arguments: [
      (
        "release", "released", "active",
        [
          "subscription_schedule.expiring", "subscription_schedule.updated",
          "customer.subscription.updated", "subscription_schedule.released",
          "customer.subscription.updated", "invoice.created",
        ]
      ),
      (
        "cancel", "completed", "canceled",
        [
          "subscription_schedule.expiring", "subscription_schedule.completed",
          "customer.subscription.deleted",
        ]
      ),
    ])
  func ends(
    _ behavior: String, _ status: String, _ subscriptionStatus: String, _ events: [String]
  ) throws {
    let world = try ScheduleWorld()
    let (subscription, schedule) = world.downgrade("&end_behavior=\(behavior)")
    world.stripe.wait(seconds: ScheduleWorld.renewal - TestSandbox.start + 7200)
    let end = try #require(schedule["phases", "1", "end_date"]?.integer)
    let running = world.subscription(subscription.id)
    #expect(running["cancel_at"] == (behavior == "cancel" ? .integer(end) : .null))
    let count = try world.world.eventCount()
    world.stripe.wait(seconds: end - ScheduleWorld.renewal.seconds - 7200)
    let over = world.schedule(schedule.id)
    #expect(over["status"] == .string(status))
    #expect(over["current_phase"] == .null)
    let moment = over[behavior == "cancel" ? "completed_at" : "released_at"]
    #expect(moment == .integer(end))
    let after = world.subscription(subscription.id)
    #expect(after["status"] == .string(subscriptionStatus))
    #expect((after["schedule"] == .null) == (behavior == "release"))
    #expect(try world.events(after: count) == events)
    try world.world.checkEvents()
  }

  /// A schedule that begins later makes its subscription then, with an invoice that is a draft.
  @Test(.tags(.unit)) func beginsLater() throws {
    let world = try ScheduleWorld()
    let customer = world.world.customer()
    let start = TestSandbox.start + 3 * ScheduleWorld.day
    let schedule = world.post(
      "",
      """
      customer=\(customer)&start_date=\(start.seconds)&phases[0][items][0][price]=\(world.basic)&\
      phases[0][duration][interval]=month&phases[0][duration][interval_count]=2
      """)
    #expect(schedule["status"] == "not_started")
    #expect(schedule["subscription"] == .null)
    #expect(try world.stripe.eventTypes().last == "subscription_schedule.created")
    let count = try world.world.eventCount()
    world.stripe.wait(seconds: 3 * ScheduleWorld.day)
    let begun = world.schedule(schedule.id)
    #expect(begun["status"] == "active")
    let id = try #require(begun["subscription"]?.string)
    let subscription = world.subscription(id)
    #expect(subscription["status"] == "active")
    #expect(subscription["start_date"] == .time(start))
    #expect(world.world.latestInvoice(subscription)["status"] == "draft")
    #expect(
      try world.events(after: count) == [
        "customer.subscription.created", "customer.updated", "invoice.created",
        "subscription_schedule.updated",
      ])
    world.stripe.wait(seconds: 3600)
    #expect(world.world.latestInvoice(subscription)["amount_paid"] == 900)
  }

  /// A schedule of a customer on a test clock goes by that clock.
  @Test(.tags(.unit)) func onATestClock() throws {
    let world = try ScheduleWorld()
    let start = TestSandbox.start
    let clock = world.stripe.post(
      "/v1/test_helpers/test_clocks", "frozen_time=\(start.seconds)")
    let customer = world.stripe.post(
      "/v1/customers",
      """
      test_clock=\(clock.id)&payment_method=pm_card_visa&\
      invoice_settings[default_payment_method]=pm_card_visa
      """)
    let schedule = world.post(
      "",
      """
      customer=\(customer.id)&start_date=now&phases[0][items][0][price]=\(world.world.monthly)&\
      phases[1][items][0][price]=\(world.basic)
      """)
    #expect(schedule["test_clock"] == .string(clock.id))
    #expect(world.stripe.get("/v1/subscription_schedules").ids == [])
    #expect(
      world.stripe.get("/v1/subscription_schedules", "customer=\(customer.id)").ids
        == [schedule.id])
    let moment = ScheduleWorld.renewal + 3600
    _ = world.stripe.post(
      "/v1/test_helpers/test_clocks/\(clock.id)/advance", "frozen_time=\(moment.seconds)")
    _ = world.stripe.get("/v1/test_helpers/test_clocks/\(clock.id)")
    let subscription = world.subscription(schedule["subscription"]?.string ?? "")
    #expect(subscription.item["price"]?["id"] == .string(world.basic))
    #expect(world.world.latestInvoice(subscription)["amount_paid"] == 900)
  }

  /// A phase in the middle of a period, and one with another interval.
  @Test(
    .tags(.unit),
    arguments: [
      ("create_prorations", "-950 Unused time on Pro after 05 Dec 2026", "draft later"),
      ("none", "", ""),
      ("always_invoice", "-950 Unused time on Pro after 05 Dec 2026", "at once"),
    ])
  func withinAPeriod(_ proration: String, _ line: String, _ billed: String) throws {
    let world = try ScheduleWorld()
    let subscription = world.world.subscribe(world.world.customer())
    let made = world.post("", "from_subscription=\(subscription.id)")
    let middle = TestSandbox.start + 15 * ScheduleWorld.day
    _ = world.post(
      "/\(made.id)",
      """
      phases[0][start_date]=\(TestSandbox.start.seconds)&phases[0][end_date]=\(middle.seconds)&\
      phases[0][items][0][price]=\(world.world.monthly)&\
      phases[1][items][0][price]=\(world.basic)&phases[1][proration_behavior]=\(proration)
      """)
    world.stripe.wait(seconds: 15 * ScheduleWorld.day)
    let now = world.subscription(subscription.id)
    #expect(now.item["price"]?["id"] == .string(world.basic))
    let waiting = world.stripe.get("/v1/invoiceitems", "pending=true").body[at: "data"]?.array
    #expect((waiting?.isEmpty == false) == (billed == "draft later"))
    let isInvoiced = now["latest_invoice"] != subscription["latest_invoice"]
    #expect(isInvoiced == (billed == "at once"))
    let texts =
      (waiting ?? []).map {
        "\($0["amount"]?.integer ?? 0) \($0["description"]?.string ?? "")"
      } + world.world.latestInvoice(now).lineTexts
    #expect(line.isEmpty || texts.contains(line), "\(texts)")
  }

  @Test(.tags(.unit)) func anotherIntervalBeginsAnew() throws {
    let world = try ScheduleWorld()
    let subscription = world.world.subscribe(world.world.customer())
    let made = world.post("", "from_subscription=\(subscription.id)")
    _ = world.post(
      "/\(made.id)",
      """
      phases[0][start_date]=\(TestSandbox.start.seconds)&\
      phases[0][end_date]=\(ScheduleWorld.renewal.seconds)&\
      phases[0][items][0][price]=\(world.world.monthly)&\
      phases[1][items][0][price]=\(world.world.yearly)
      """)
    world.stripe.wait(seconds: ScheduleWorld.renewal - TestSandbox.start)
    let now = world.subscription(subscription.id)
    #expect(now["billing_cycle_anchor"] == .time(ScheduleWorld.renewal))
    #expect(now.item["current_period_start"] == .time(ScheduleWorld.renewal))
    let invoice = world.world.latestInvoice(now)
    #expect(invoice.lineTexts == ["19000 1 user × Pro (at $190.00 / year)"])
    #expect(world.stripe.get("/v1/invoices", "subscription=\(subscription.id)").ids.count == 2)
  }

  /// Trials, coupons, metadata and one-time prices of phases.
  @Test(.tags(.unit)) func whatElseAPhaseSays() throws {
    let world = try ScheduleWorld()
    _ = world.stripe.post("/v1/coupons", "id=half&percent_off=50&duration=forever")
    let setup = world.stripe.post(
      "/v1/prices", "product=\(world.world.product)&currency=usd&unit_amount=500")
    let schedule = world.post(
      "",
      """
      customer=\(world.world.customer())&start_date=now&\
      phases[0][items][0][price]=\(world.basic)&phases[0][trial]=true&\
      phases[0][duration][interval]=day&phases[0][duration][interval_count]=10&\
      phases[0][metadata][step]=trial&phases[0][description]=First&\
      phases[1][items][0][price]=\(world.basic)&phases[1][items][0][quantity]=3&\
      phases[1][discounts][0][coupon]=half&phases[1][metadata][step]=paid&\
      phases[1][add_invoice_items][0][price]=\(setup.id)
      """)
    let id = try #require(schedule["subscription"]?.string)
    let trial = world.subscription(id)
    #expect(trial["status"] == "trialing")
    #expect(trial["trial_end"] == schedule["phases", "0", "end_date"])
    #expect(trial["metadata"] == ["step": "trial"])
    #expect(trial["description"] == "First")
    #expect(
      try world.events(after: 0).suffix(4) == [
        "customer.subscription.created", "customer.updated", "invoice.created",
        "subscription_schedule.created",
      ])
    world.stripe.wait(seconds: 10 * ScheduleWorld.day + 3600)
    let paid = world.subscription(id)
    #expect(paid["status"] == "active")
    #expect(paid["metadata"] == ["step": "paid"])
    #expect(paid.item["quantity"] == 3)
    let invoice = world.world.latestInvoice(paid)
    #expect(
      Set(invoice.lineTexts) == ["500 Pro", "2700 3 user × Pro (at $9.00 / month)"])
    #expect(invoice["total"] == 1600)
    try world.world.checkEvents()
  }
}
