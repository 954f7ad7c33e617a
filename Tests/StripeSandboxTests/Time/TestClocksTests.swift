import Basics
import Testing

@testable import StripeSandbox

@Suite struct TestClocksTests {
  private static let frozen = Timestamp(1_700_000_000)
  private static let path = "/v1/test_helpers/test_clocks"

  private func clock(_ world: MoneyWorld) -> String {
    world.checked(world.stripe.post(Self.path, "frozen_time=\(Self.frozen.seconds)&name=Year")).id
  }

  /// A subscription on a clock, and its customer.
  private func subscription(
    _ world: MoneyWorld, on clock: String, _ more: String = ""
  ) -> (id: String, customer: String) {
    let customer = world.checked(
      world.stripe.post(
        "/v1/customers",
        """
        test_clock=\(clock)&payment_method=pm_card_visa\
        &invoice_settings[default_payment_method]=pm_card_visa
        """))
    return (world.subscribe(customer.id, more).id, customer.id)
  }

  private func advance(_ world: MoneyWorld, _ clock: String, by seconds: Int64) -> Answer {
    let now = world.stripe.get("\(Self.path)/\(clock)")["frozen_time"]?.integer ?? 0
    return world.checked(
      world.stripe.post("\(Self.path)/\(clock)/advance", "frozen_time=\(now + seconds)"))
  }

  @Test(.tags(.unit)) func made() throws {
    let world = try MoneyWorld()
    let clock = world.checked(
      world.stripe.post(Self.path, "frozen_time=\(Self.frozen.seconds)&name=Year"))
    #expect(
      clock.body == [
        "id": .string(clock.id), "object": "test_helpers.test_clock",
        "created": .time(TestSandbox.start), "deletes_after": .time(TestSandbox.start + 604_800),
        "frozen_time": .time(Self.frozen), "livemode": false, "name": "Year", "status": "ready",
        "status_details": [:],
      ])
    #expect(world.stripe.get("\(Self.path)/\(clock.id)").body == clock.body)
    #expect(world.stripe.get(Self.path).ids == [clock.id])
    #expect(try world.stripe.eventTypes().last == "test_helpers.test_clock.created")
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func whatLivesOnItGoesByItsTime() throws {
    let world = try MoneyWorld()
    let clock = clock(world)
    let (id, customer) = subscription(world, on: clock)
    let subscription = world.subscription(id)
    #expect(subscription["created"] == .time(Self.frozen))
    #expect(subscription["test_clock"] == .string(clock))
    #expect(world.latestInvoice(subscription)["test_clock"] == .string(clock))
    #expect(world.stripe.get("/v1/customers/\(customer)")["created"] == .time(Self.frozen))
    try world.pass(days: 100)
    #expect(world.subscription(id).body == subscription.body)
  }

  @Test(.tags(.unit)) func plainListsLeaveItOut() throws {
    let world = try MoneyWorld()
    let clock = clock(world)
    let (id, customer) = subscription(world, on: clock)
    let plain = world.subscribe(world.customer()).id
    #expect(world.stripe.get("/v1/subscriptions").ids == [plain])
    #expect(world.stripe.get("/v1/subscriptions", "current_period_end[gt]=0").ids == [plain])
    #expect(!world.stripe.get("/v1/customers").ids.contains(customer))
    #expect(world.stripe.get("/v1/invoices").ids.count == 1)
    #expect(world.stripe.get("/v1/subscriptions", "customer=\(customer)").ids == [id])
    #expect(world.stripe.get("/v1/subscriptions", "test_clock=\(clock)").ids == [id])
    #expect(
      world.stripe.get(
        "/v1/subscriptions", "current_period_end[gt]=0&test_clock=\(clock)"
      ).ids == [id])
    #expect(world.stripe.get("/v1/customers", "test_clock=\(clock)").ids == [customer])
    #expect(world.stripe.get("/v1/invoices", "subscription=\(id)").ids.count == 1)
  }

  @Test(.tags(.unit)) func advanced() throws {
    let world = try MoneyWorld()
    let clock = clock(world)
    let (id, _) = subscription(world, on: clock)
    let count = try world.eventCount()
    let target = Self.frozen + 31 * 86_400
    let advancing = advance(world, clock, by: 31 * 86_400)
    #expect(advancing["status"] == "advancing")
    #expect(advancing["frozen_time"] == .time(Self.frozen))
    #expect(
      advancing["status_details", "advancing", "target_frozen_time"] == .time(target))
    let ready = world.checked(world.stripe.get("\(Self.path)/\(clock)"))
    #expect(ready["status"] == "ready")
    #expect(ready["frozen_time"] == .time(target))
    #expect(ready["status_details"] == [:])
    #expect(world.latestInvoice(world.subscription(id))["status"] == "paid")
    #expect(
      try world.events(after: count) == [
        "test_helpers.test_clock.advancing", "invoice.upcoming", "customer.subscription.updated",
        "invoice.created", "invoice.finalized", "payment_intent.created", "charge.succeeded",
        "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid",
        "invoice.payment_succeeded", "test_helpers.test_clock.ready",
      ])
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func whatIsDueAtOnceIsDoneAtOnce() throws {
    let world = try MoneyWorld()
    let (_, _) = subscription(world, on: clock(world), "trial_period_days=2")
    _ = world.stripe.get("/v1/events")
    let told = try #require(try world.stripe.events().last)
    #expect(told["type"] == "customer.subscription.trial_will_end")
    #expect(told["created"] == .time(Self.frozen))
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("", 63_158_400, 63_158_401),  // two years, one of them a leap year
      ("items[0][price]=MONTHLY", 5_270_400, 5_270_401),  // November 14th to January 14th
      ("items[0][price]=YEARLY", 63_158_400, 63_158_401),
    ] as [(String, Int64, Int64)])
  func limits(items: String, allowed: Int64, tooFar: Int64) throws {
    let world = try MoneyWorld()
    let clock = clock(world)
    if !items.isEmpty {
      let price = items.hasSuffix("MONTHLY") ? world.monthly : world.yearly
      _ = subscription(world, on: clock, "items[0][price]=\(price)")
    }
    for wrong in [0, -1, tooFar] {
      let refused = advance(world, clock, by: wrong)
      #expect(refused.status == 400)
      #expect(refused["error", "param"] == "frozen_time")
    }
    #expect(advance(world, clock, by: allowed)["status"] == "advancing")
  }

  @Test(.tags(.unit)) func deletedWithWhatLivesOnIt() throws {
    let world = try MoneyWorld()
    let clock = clock(world)
    let (id, customer) = subscription(world, on: clock)
    let count = try world.eventCount()
    let deleted = world.stripe.delete("\(Self.path)/\(clock)")
    #expect(
      deleted.body == [
        "id": .string(clock), "object": "test_helpers.test_clock", "deleted": true,
      ])
    #expect(world.stripe.get("/v1/customers/\(customer)")["deleted"] == true)
    #expect(world.subscription(id)["status"] == "canceled")
    #expect(world.stripe.get("\(Self.path)/\(clock)").status == 404)
    #expect(world.stripe.get(Self.path).ids == [])
    #expect(
      try world.events(after: count) == [
        "customer.subscription.deleted", "customer.deleted", "test_helpers.test_clock.deleted",
      ])
  }

  @Test(.tags(.unit)) func aCustomerIsPutOnOne() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let frozen = TestSandbox.start + 3600
    let clock = world.checked(
      world.stripe.post(Self.path, "frozen_time=\(frozen.seconds)&customer=\(customer)"))
    #expect(world.stripe.get("/v1/customers/\(customer)")["test_clock"] == .string(clock.id))
    #expect(world.subscription(subscription.id)["test_clock"] == .string(clock.id))
    #expect(world.stripe.get("/v1/subscriptions").ids == [])
    try world.pass(days: 31)
    #expect(world.subscription(subscription.id).item == subscription.item)
    _ = advance(world, clock.id, by: 31 * 86_400)
    #expect(world.latestInvoice(world.subscription(subscription.id))["status"] == "paid")
    let again = world.stripe.post(Self.path, "frozen_time=1&customer=\(customer)")
    #expect(again["error", "param"] == "customer")
    #expect(world.stripe.get(Self.path).ids == [clock.id])
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func refused() throws {
    let world = try MoneyWorld()
    for wrong in ["", "frozen_time=x", "frozen_time=-5", "frozen_time=1&customer=cus_none"] {
      #expect(world.stripe.post(Self.path, wrong).status == 400, "\(wrong)")
    }
    #expect(world.stripe.get("\(Self.path)/clock_none").status == 404)
    #expect(world.stripe.post("\(Self.path)/clock_none/advance", "frozen_time=5").status == 404)
    #expect(world.stripe.post("/v1/customers", "test_clock=clock_none").status == 400)
  }
}
