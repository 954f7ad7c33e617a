import Basics
import Testing

@testable import StripeSandbox

/// What a phase may keep although it could not be had anew: prices out of use, discounts.
@Suite(.tags(.unit)) struct PhaseTermsTests {
  private func retire(_ price: String, _ world: ScheduleWorld) {
    _ = world.world.checked(world.stripe.post("/v1/prices/\(price)", "active=false"))
  }

  private func pass(_ world: ScheduleWorld) {
    world.stripe.wait(seconds: ScheduleWorld.renewal - TestSandbox.start + 3600)
  }

  /// The phases of a downgrade as a request.
  private func phases(_ made: Answer, _ first: String, _ second: String) -> String {
    let (start, end) = (made["phases", "0", "start_date"], made["phases", "0", "end_date"])
    return """
      phases[0][start_date]=\(start?.integer ?? 0)&phases[0][end_date]=\(end?.integer ?? 0)&\
      phases[0][items][0][price]=\(first)&phases[1][items][0][price]=\(second)
      """
  }

  @Test func aPriceOutOfUseStays() throws {
    let world = try ScheduleWorld()
    let subscription = world.world.subscribe(world.world.customer())
    retire(world.world.monthly, world)
    let made = world.post("", "from_subscription=\(subscription.id)")
    let planned = world.post("/\(made.id)", phases(made, world.world.monthly, world.basic))
    #expect(planned["phases", "0", "items", "0", "price"] == .string(world.world.monthly))
    pass(world)
    #expect(world.subscription(subscription.id).item["price"]?["id"] == .string(world.basic))
  }

  @Test func aPriceOutOfUseIsNotTakenAnew() throws {
    let world = try ScheduleWorld()
    let subscription = world.world.subscribe(world.world.customer())
    retire(world.basic, world)
    let made = world.post("", "from_subscription=\(subscription.id)")
    let refused = world.post("/\(made.id)", phases(made, world.world.monthly, world.basic))
    #expect(refused["error", "param"] == "phases[1][items][0][price]")
    #expect(
      refused["error", "message"]
        == "The price specified is inactive. This field only accepts active prices.")
  }

  /// Whoever was promised a price gets it, and the phase can be said again meanwhile.
  @Test func aPriceThatGoesOutOfUseLaterIsKept() throws {
    let world = try ScheduleWorld()
    let (subscription, schedule) = world.downgrade()
    retire(world.basic, world)
    let again = world.post("/\(schedule.id)", phases(schedule, world.world.monthly, world.basic))
    #expect(again.status == 200)
    pass(world)
    #expect(world.subscription(subscription.id).item["price"]?["id"] == .string(world.basic))
  }

  /// One that is named by its id is the subscription's; taken away there, it does not come back.
  @Test func aDiscountThatIsGoneDoesNotComeBack() throws {
    let world = try ScheduleWorld()
    _ = world.stripe.post("/v1/coupons", "id=half&percent_off=50&duration=forever")
    let subscription = world.world.subscribe(
      world.world.customer(), "discounts[0][coupon]=half")
    let discount = subscription["discounts", "0"]?.string ?? ""
    let made = world.post("", "from_subscription=\(subscription.id)")
    _ = world.post(
      "/\(made.id)",
      phases(made, world.world.monthly, world.basic)
        + "&phases[0][discounts][0][discount]=\(discount)"
        + "&phases[1][discounts][0][discount]=\(discount)")
    #expect(world.subscription(subscription.id)["discounts", "0"] == .string(discount))
    _ = world.world.update(subscription.id, "discounts=")
    pass(world)
    let now = world.subscription(subscription.id)
    #expect(now["discounts"] == [])
    #expect(world.world.latestInvoice(now)["total"] == 900)
    #expect(world.stripe.get("/v1/coupons/half")["times_redeemed"] == 1)
  }

  /// In the phase that runs it counts at once, in the next it goes on.
  @Test func aCouponForBothPhasesIsRedeemedOnce() throws {
    let world = try ScheduleWorld()
    _ = world.stripe.post("/v1/coupons", "id=half&percent_off=50&duration=forever")
    let (subscription, schedule) = world.downgrade()
    _ = world.post(
      "/\(schedule.id)",
      phases(schedule, world.world.monthly, world.basic)
        + "&phases[0][discounts][0][coupon]=half&phases[1][discounts][0][coupon]=half")
    let given = world.subscription(subscription.id)["discounts"]
    #expect(given?.array?.count == 1)
    pass(world)
    let now = world.subscription(subscription.id)
    #expect(now["discounts"] == given && world.world.latestInvoice(now)["total"] == 450)
    #expect(world.stripe.get("/v1/coupons/half")["times_redeemed"] == 1)
    _ = world.post(
      "/\(schedule.id)",
      "phases[0][start_date]=\(ScheduleWorld.renewal.seconds)&phases[0][items][0][price]="
        + "\(world.basic)&phases[0][discounts]=")
    #expect(world.subscription(subscription.id)["discounts"] == [])
  }
}
