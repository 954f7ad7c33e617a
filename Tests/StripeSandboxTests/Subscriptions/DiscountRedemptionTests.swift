import Basics
import Testing

@testable import StripeSandbox

/// What coupons and promotion codes take off, for how long, and who may redeem them.
@Suite struct DiscountRedemptionTests {
  private func code(_ world: MoneyWorld, _ coupon: String, _ more: String) -> String {
    let form = "promotion[type]=coupon&promotion[coupon]=\(coupon)&\(more)"
    return world.stripe.post("/v1/promotion_codes", form).id
  }

  @Test(.tags(.unit)) func conditionsOfCodes() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=C&percent_off=10")
    let restrictions = "restrictions[minimum_amount]=2000&restrictions[minimum_amount_currency]=usd"
    let first = code(world, "C", "restrictions[first_time_transaction]=true")
    let large = code(world, "C", restrictions)
    let customer = world.customer()
    let redeem = { (code: String, more: String) in
      world.subscribe(
        customer, "items[0][price]=\(world.monthly)&discounts[0][promotion_code]=\(code)\(more)")
    }
    #expect(
      redeem(large, "").error
        == """
        400 invalid_request_error - discounts[0][promotion_code]: This promotion code cannot be \
        redeemed because the amount is less than $20.00.
        """)
    #expect(redeem(large, "&items[0][quantity]=2").status == 200)
    #expect(
      redeem(first, "").error
        == """
        400 invalid_request_error - discounts[0][promotion_code]: This promotion code cannot be \
        redeemed because the associated customer has prior transactions.
        """)
    let bound = code(world, "C", "customer=\(customer)")
    #expect(
      world.subscribe(world.customer(), "discounts[0][promotion_code]=\(bound)").status == 400)
    #expect(
      world.subscribe(world.customer(), "discounts[0][promotion_code]=\(first)").status == 200)
    #expect(redeem(bound, "").status == 200)
  }

  @Test(.tags(.unit)) func amountsAreOfOneCurrency() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=EUR&amount_off=500&currency=eur")
    _ = world.stripe.post(
      "/v1/coupons", "id=BOTH&amount_off=500&currency=eur&currency_options[usd][amount_off]=600")
    let customer = world.customer()
    #expect(
      world.subscribe(customer, "discounts[0][coupon]=EUR").error
        == """
        400 invalid_request_error - discounts[0][coupon]: The coupon EUR takes off an amount in \
        eur and cannot be used for an amount in usd.
        """)
    let both = world.subscribe(customer, "discounts[0][coupon]=BOTH")
    #expect(world.latestInvoice(both)["total"] == 1300)
  }

  /// A coupon that is deleted is redeemed no more, but works on where it was redeemed.
  @Test(.tags(.unit)) func discountsOutliveCoupons() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=C&percent_off=50&duration=forever")
    let draft = world.stripe.post(
      "/v1/invoices", "customer=\(world.customer())&discounts[0][coupon]=C"
    ).id
    _ = world.stripe.delete("/v1/coupons/C")
    _ = world.stripe.post("/v1/invoiceitems", "invoice=\(draft)&amount=1000")
    #expect(world.invoice(draft)["total"] == 500)
  }

  @Test(.tags(.unit)) func onlyTheProductsMeant() throws {
    let world = try MoneyWorld()
    let other = world.stripe.post("/v1/products", "name=Tea").id
    let tea = world.stripe.post("/v1/prices", "product=\(other)&currency=usd&unit_amount=800").id
    _ = world.stripe.post(
      "/v1/coupons", "id=TEA&percent_off=25&applies_to[products][0]=\(other)")
    let subscription = world.subscribe(
      world.customer(),
      """
      items[0][price]=\(world.monthly)&add_invoice_items[0][price]=\(tea)&\
      discounts[0][coupon]=TEA
      """)
    let invoice = world.latestInvoice(subscription)
    #expect(invoice["total"] == 2500)
    #expect(invoice["lines", "data", "0", "discount_amounts", "0", "amount"] == 200)
    #expect(invoice["lines", "data", "1", "discount_amounts"] == [])
    #expect(world.sumFaults() == [])
  }

  /// It counts in every month before the day on which it ends, and not on that day.
  @Test(.tags(.unit)) func repeatingCouponsRunOut() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post(
      "/v1/coupons", "id=R&percent_off=50&duration=repeating&duration_in_months=3")
    let end = try #require(Timestamp(parsing: "2026-11-30T10:00:00Z"))
    world.stripe.wait(seconds: end - TestSandbox.start)
    let made = world.subscribe(world.customer(), "discounts[0][coupon]=R&expand[]=discounts")
    #expect(
      made["discounts", "0", "end"] == .time(Timestamp(parsing: "2027-02-28T10:00:00Z")))
    let last = try #require(Timestamp(parsing: "2027-02-28T09:59:59Z"))
    world.stripe.wait(seconds: last - end)
    let path = "/v1/subscriptions/\(made.id)"
    #expect(world.stripe.get(path)["discounts"]?.array?.count == 1)
    world.stripe.wait(seconds: 1)
    #expect(world.stripe.get(path)["discounts"] == [])
    #expect(try world.stripe.eventTypes().contains("customer.discount.deleted"))
  }

  /// In a trial there is nothing to take off, so that the coupon waits.
  @Test(.tags(.unit)) func onceMeansOnAnInvoiceThatCosts() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=ONCE&percent_off=50")
    let trial = world.subscribe(world.customer(), "trial_period_days=7&discounts[0][coupon]=ONCE")
    #expect(trial["discounts"]?.array?.count == 1)
    let started = world.update(trial.id, "trial_end=now")
    #expect(world.latestInvoice(started)["total"] == 950)
    #expect(world.stripe.get("/v1/subscriptions/\(trial.id)")["discounts"] == [])
  }

  @Test(.tags(.unit)) func endedByHand() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=C&percent_off=10&duration=forever")
    let subscription = world.subscribe(world.customer(), "discounts[0][coupon]=C")
    let count = try world.eventCount()
    let path = "/v1/subscriptions/\(subscription.id)"
    let ended = world.stripe.delete("\(path)/discount")
    #expect(ended["deleted"] == true)
    #expect(ended["object"] == "discount")
    #expect(world.stripe.get(path)["discounts"] == [])
    #expect(try world.events(after: count) == ["customer.discount.deleted"])
    #expect(
      world.stripe.delete("\(path)/discount").error
        == """
        404 invalid_request_error resource_missing -: No active discount for subscription: \
        \(subscription.id)
        """)
  }

  /// An update with parameters that only other API versions have.
  private func update(
    _ customer: String, _ parameters: JSONObject, _ world: MoneyWorld
  ) throws {
    try world.stripe.sandbox.store.write { store in
      let call = Call(
        parameters: parameters, pathIDs: [customer], path: "", now: TestSandbox.start, clock: nil,
        requestID: nil, idempotencyKey: nil, settings: try Settings(readFrom: store),
        registry: Resources.registry, store: store,
        makeToken: world.stripe.sandbox.configuration.makeToken)
      _ = try Customers.update(call)
    }
  }

  /// The discount of a customer counts wherever there is no other.
  @Test(.tags(.unit)) func customersHaveOne() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=C&percent_off=50&duration=forever")
    _ = world.stripe.post("/v1/coupons", "id=D&percent_off=10&duration=forever")
    let customer = world.customer()
    try update(customer, ["_coupon": "C"], world)
    let shown = world.stripe.get("/v1/customers/\(customer)")
    #expect(shown["discount", "source", "coupon"] == "C")
    #expect(
      try world.stripe.eventTypes().suffix(2) == ["customer.discount.created", "customer.updated"])
    let inherited = world.latestInvoice(world.subscribe(customer))
    #expect(inherited["total"] == 950)
    let own = world.latestInvoice(world.subscribe(customer, "discounts[0][coupon]=D"))
    #expect(own["total"] == 1710)
    let form = "customer=\(customer)&pending_invoice_items_behavior="
    #expect(world.stripe.post("/v1/invoices", "\(form)exclude")["discounts"]?.array?.count == 1)
    #expect(
      world.stripe.post("/v1/invoices", "\(form)exclude&discounts=")["discounts"] == [])
    #expect(world.stripe.delete("/v1/customers/\(customer)/discount")["deleted"] == true)
    #expect(world.stripe.get("/v1/customers/\(customer)")["discount"] == .null)
    #expect(world.stripe.delete("/v1/customers/\(customer)/discount").status == 404)
    #expect(world.sumFaults() == [])
    try world.checkEvents()
  }
}
