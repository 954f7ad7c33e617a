import Basics
import Testing

@testable import StripeSandbox

/// What changes cost, with amounts that were worked out by hand.
@Suite struct ProrationTests {
  private static let half: Int64 = 15 * 86_400

  private func change(
    _ world: MoneyWorld, _ subscription: Answer, _ what: String,
    _ behavior: String = "always_invoice"
  ) -> Answer {
    let item = subscription.item["id"]?.string ?? ""
    return world.update(
      subscription.id, "items[0][id]=\(item)&\(what)&proration_behavior=\(behavior)")
  }

  /// Stripe's own example: a price of $100 from 1 May, of $200 from the middle of May; in June
  /// $250 are due.
  @Test(.tags(.unit)) func stripesExample() throws {
    let world = try MoneyWorld()
    let may = try #require(Timestamp(parsing: "2027-05-01T00:00:00Z"))
    world.stripe.wait(seconds: may - TestSandbox.start)
    let small = MoneyWorld.price(world.stripe, world.product, 10_000, "month")
    let large = MoneyWorld.price(world.stripe, world.product, 20_000, "month")
    let subscription = world.subscribe(world.customer(), "items[0][price]=\(small)")
    // Half of the 31 days of May.
    world.stripe.wait(seconds: 31 * 43_200)
    _ = change(world, subscription, "items[0][price]=\(large)", "create_prorations")
    world.stripe.wait(seconds: 31 * 43_200)
    let june = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(
      world.latestInvoice(june).lineTexts == [
        "-5000 Unused time on Pro after 16 May 2027",
        "10000 Remaining time on Pro after 16 May 2027",
        "20000 1 user × Pro (at $200.00 / month)",
      ])
    #expect(world.latestInvoice(june)["amount_due"] == 25_000)
  }

  /// A second change gives back what the first one charged, and nothing twice.
  @Test(.tags(.unit)) func twiceInAPeriod() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 10 * 86_400)
    // 20 of 30 days: -1266.67 and 3 × 1266.67.
    let first = change(world, subscription, "items[0][quantity]=3")
    #expect(
      world.latestInvoice(first).lineTexts == [
        "-1267 Unused time on Pro after 30 Nov 2026",
        "3800 Remaining time on 3 × Pro after 30 Nov 2026",
      ])
    world.stripe.wait(seconds: 10 * 86_400)
    // 10 of the 20 days for which 3800 were charged.
    let second = change(world, subscription, "items[0][quantity]=1")
    #expect(
      world.latestInvoice(second).lineTexts == [
        "-1900 Unused time on 3 × Pro after 10 Dec 2026",
        "633 Remaining time on Pro after 10 Dec 2026",
      ])
  }

  /// A change that counts from before another gives back part of two charges.
  @Test(.tags(.unit)) func severalChargesAreGivenBack() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: 20 * 86_400)
    _ = change(world, subscription, "items[0][quantity]=3")
    let from = (TestSandbox.start + Self.half).seconds
    // 5 of the 30 days of the first charge, all of the second, which was 3 × 633.33.
    let changed = change(world, subscription, "items[0][quantity]=2&proration_date=\(from)")
    #expect(
      world.latestInvoice(changed).lineTexts == [
        "-317 Unused time on 3 × Pro after 05 Dec 2026",
        "-1900 Unused time on 3 × Pro after 05 Dec 2026",
        "1900 Remaining time on 2 × Pro after 05 Dec 2026",
      ])
  }

  /// Changes that wait and are taken back leave nothing to give back again.
  @Test(.tags(.unit)) func whatWaitedIsGivenBackOnce() throws {
    let world = try MoneyWorld()
    let free = MoneyWorld.price(world.stripe, world.product, 0, "month")
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: Self.half)
    _ = change(world, subscription, "items[0][quantity]=4", "create_prorations")
    let down = change(world, subscription, "items[0][price]=\(free)")
    #expect(
      world.latestInvoice(down).lineTexts == [
        "-950 Unused time on Pro after 05 Dec 2026",
        "3800 Remaining time on 4 × Pro after 05 Dec 2026",
        "-3800 Unused time on 4 × Pro after 05 Dec 2026",
      ])
    // From free to paid is invoiced at once, and nothing of before comes back.
    let up = change(world, subscription, "items[0][price]=\(world.monthly)", "create_prorations")
    #expect(
      world.latestInvoice(up).lineTexts == ["950 Remaining time on Pro after 05 Dec 2026"])
  }

  /// Flexible mode gives back what was charged, classic mode what the price says.
  @Test(.tags(.unit), arguments: [("flexible", -950), ("classic", -4750)])
  func afterAChangeWithoutProration(_ mode: String, _ credit: Int) throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(
      world.customer(), "billing_mode[type]=\(mode)&items[0][price]=\(world.monthly)")
    world.stripe.wait(seconds: Self.half)
    _ = change(world, subscription, "items[0][quantity]=5", "none")
    let changed = change(world, subscription, "items[0][quantity]=2")
    #expect(
      world.latestInvoice(changed).lineTexts == [
        "\(credit) Unused time on 5 × Pro after 05 Dec 2026",
        "1900 Remaining time on 2 × Pro after 05 Dec 2026",
      ])
  }

  @Test(.tags(.unit)) func fromFreeToPaid() throws {
    let world = try MoneyWorld()
    let free = MoneyWorld.price(world.stripe, world.product, 0, "month")
    for (mode, line) in [
      ("flexible", "950 Remaining time on Pro after 05 Dec 2026"),
      ("classic", "1900 1 user × Pro (at $19.00 / month)"),
    ] {
      let world = mode == "flexible" ? world : try MoneyWorld()
      let price =
        mode == "flexible" ? free : MoneyWorld.price(world.stripe, world.product, 0, "month")
      let subscription = world.subscribe(
        world.customer(), "billing_mode[type]=\(mode)&items[0][price]=\(price)")
      world.stripe.wait(seconds: Self.half)
      let paid = change(
        world, subscription, "items[0][price]=\(world.monthly)", "create_prorations")
      #expect(world.latestInvoice(paid).lineTexts == [line])
      #expect(
        paid["billing_cycle_anchor"]
          == .time(TestSandbox.start + (mode == "flexible" ? 0 : Self.half)))
    }
  }

  /// Half a month of ¥501 and of ¥1000, in a currency without a minor unit.
  @Test(.tags(.unit)) func withoutAMinorUnit() throws {
    let world = try MoneyWorld()
    let yen = "product=\(world.product)&currency=jpy&recurring[interval]=month&unit_amount="
    let small = world.stripe.post("/v1/prices", "\(yen)501").id
    let large = world.stripe.post("/v1/prices", "\(yen)1000").id
    let subscription = world.subscribe(world.customer(), "items[0][price]=\(small)")
    #expect(
      world.latestInvoice(subscription).lineTexts == ["501 1 user × Pro (at ¥501 / month)"])
    world.stripe.wait(seconds: Self.half)
    let changed = change(world, subscription, "items[0][price]=\(large)")
    #expect(
      world.latestInvoice(changed).lineTexts == [
        "-251 Unused time on Pro after 05 Dec 2026",
        "500 Remaining time on Pro after 05 Dec 2026",
      ])
  }

  /// An amount off is spread over the items in proportion: of $10.00 off $29.00 the first item
  /// bears $6.55, the second $3.45.
  @Test(.tags(.unit)) func anAmountOffIsProratedToo() throws {
    let world = try MoneyWorld()
    let second = MoneyWorld.price(world.stripe, world.product, 1000, "month")
    _ = world.stripe.post("/v1/coupons", "id=TEN&amount_off=1000&currency=usd&duration=forever")
    let subscription = world.subscribe(
      world.customer(),
      "items[0][price]=\(world.monthly)&items[1][price]=\(second)&discounts[0][coupon]=TEN")
    #expect(world.latestInvoice(subscription)["total"] == 1900)
    world.stripe.wait(seconds: Self.half)
    // Charged for the first item: 1900 - 655 = 1245, half of which is 622.5. Then $10.00 off
    // 3800 + 1000: the first item bears 792, and half of 3008 is 1504.
    let changed = change(world, subscription, "items[0][quantity]=2")
    #expect(
      world.latestInvoice(changed).lineTexts == [
        "-623 Unused time on Pro after 05 Dec 2026",
        "1504 Remaining time on 2 × Pro after 05 Dec 2026",
      ])
  }

  /// A coupon that counts once is for whole periods: prorations leave it to the renewal.
  @Test(.tags(.unit)) func aCouponThatCountsOnce() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=ONCE&percent_off=50&duration=once")
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: Self.half)
    let waiting = change(
      world, subscription, "items[0][quantity]=3&discounts[0][coupon]=ONCE", "create_prorations")
    #expect(waiting["discounts"]?.array?.count == 1)
    #expect(
      world.stripe.get("/v1/invoiceitems", "pending=true")["data"]?.array?
        .compactMap { $0["amount"]?.integer } == [2850, -950])
    world.stripe.wait(seconds: Self.half)
    let renewed = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    // 2850 - 950 + half of 5700.
    #expect(world.latestInvoice(renewed)["amount_due"] == 4750)
  }

  @Test(.tags(.unit)) func anEndGivesBackWhatIsLeft() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    world.stripe.wait(seconds: Self.half)
    let ended = world.stripe.delete(
      "/v1/subscriptions/\(subscription.id)?prorate=true&invoice_now=true")
    #expect(ended["status"] == "canceled")
    let invoice = world.latestInvoice(ended)
    #expect(invoice.lineTexts == ["-950 Unused time on Pro after 05 Dec 2026"])
    #expect(invoice["ending_balance"] == -950)
  }

  @Test(.tags(.unit)) func discountsAreTakenAway() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=HALF&percent_off=50&duration=forever")
    let subscription = world.subscribe(
      world.customer(), "discounts[0][coupon]=HALF&items[0][price]=\(world.monthly)")
    let path = "/v1/subscriptions/\(subscription.id)/discount"
    let removed = world.checked(world.stripe.delete(path))
    #expect(removed["deleted"] == true)
    #expect(removed["source", "coupon"] == "HALF")
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["discounts"] == [])
    #expect(
      world.stripe.delete(path).error
        == "404 invalid_request_error resource_missing -: No active discount for subscription: "
        + subscription.id)
  }
}
