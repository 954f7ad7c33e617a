import Basics
import Testing

@testable import StripeSandbox

/// What can be agreed on when a subscription is made, and what cannot.
@Suite struct SubscriptionTermsTests {
  @Test(.tags(.unit)) func meteredItemsAreBilledLater() throws {
    let world = try MoneyWorld()
    let meter = world.stripe.post(
      "/v1/billing/meters", "display_name=R&event_name=r&default_aggregation[formula]=sum")
    let metered = world.stripe.post(
      "/v1/prices",
      """
      product=\(world.product)&currency=usd&unit_amount_decimal=0.5&recurring[interval]=month&\
      recurring[usage_type]=metered&recurring[meter]=\(meter.id)
      """)
    let customer = world.customer()
    let both = world.subscribe(
      customer, "items[0][price]=\(world.monthly)&items[1][price]=\(metered.id)")
    #expect(world.latestInvoice(both).lineTexts == ["1900 1 user × Pro (at $19.00 / month)"])
    #expect(both["items", "data", "1", "quantity"] == .null)
    let alone = world.subscribe(world.customer(nil), "items[0][price]=\(metered.id)")
    #expect(alone["status"] == "active")
    #expect(alone["latest_invoice"] == .null)
    #expect(
      world.subscribe(customer, "items[0][price]=\(metered.id)&items[0][quantity]=2")
        .error.contains("Quantity should not be specified where usage_type is `metered`."))
  }

  @Test(.tags(.unit)) func discounted() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post(
      "/v1/coupons", "id=HALF&percent_off=50&duration=repeating&duration_in_months=3")
    _ = world.stripe.post(
      "/v1/coupons", "id=ONCE&amount_off=100&currency=usd&duration=once&max_redemptions=1")
    let code = world.stripe.post(
      "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=HALF&code=LAUNCH")
    let customer = world.customer()
    let subscription = world.subscribe(
      customer,
      "discounts[0][promotion_code]=\(code.id)&discounts[1][coupon]=ONCE&expand[]=discounts")
    let invoice = world.latestInvoice(subscription)
    #expect(invoice["subtotal"] == 1900)
    #expect(invoice["total"] == 850)
    #expect(invoice["amount_paid"] == 850)
    #expect(
      invoice["total_discount_amounts"]?.array?.map { $0["amount"] ?? .null } == [950, 100])
    // The coupon that counts once has counted.
    #expect(subscription["discounts"]?.array?.count == 1)
    let discount = try #require(subscription["discounts", "0"])
    #expect(ObjectFacts.faults(in: discount) == [])
    #expect(discount["promotion_code"] == .string(code.id))
    #expect(discount["end"] == .time(Timestamp(parsing: "2027-02-20T10:00:00Z")))
    #expect(world.stripe.get("/v1/coupons/ONCE")["valid"] == false)
    #expect(
      world.subscribe(customer, "discounts[0][coupon]=ONCE").error
        == "400 invalid_request_error coupon_expired discounts[0][coupon]: Coupon expired: ONCE")
    #expect(
      world.subscribe(customer, "discounts[0][coupon]=NO")["error", "code"] == "resource_missing")
    _ = world.stripe.post("/v1/promotion_codes/\(code.id)", "active=false")
    #expect(world.subscribe(customer, "discounts[0][promotion_code]=\(code.id)").status == 400)
    let cleared = world.update(subscription.id, "discounts=")
    #expect(cleared["discounts"] == [])
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func sentInvoices() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let subscription = world.subscribe(
      customer, "collection_method=send_invoice&days_until_due=30")
    #expect(subscription["status"] == "active")
    let draft = world.latestInvoice(subscription)
    #expect(draft["status"] == "draft")
    #expect(draft["number"] == .null)
    #expect(draft["automatically_finalizes_at"] == .time(TestSandbox.start + 3600))
    let open = world.checked(
      world.stripe.post("/v1/invoices/\(draft.id)/finalize", "auto_advance=false"))
    #expect(open["status"] == "open")
    #expect(open["auto_advance"] == false)
    #expect(open["due_date"] == .time(TestSandbox.start + 30 * 86_400))
    #expect(world.stripe.post("/v1/invoices/\(draft.id)/finalize").status == 400)
    let paid = world.checked(
      world.stripe.post("/v1/invoices/\(draft.id)/pay", "paid_out_of_band=true"))
    #expect(paid["status"] == "paid")
    #expect(
      world.stripe.post("/v1/invoices/\(draft.id)/pay").error.hasSuffix("Invoice is already paid"))
    #expect(world.subscribe(customer, "collection_method=send_invoice").status == 400)
    #expect(world.subscribe(customer, "days_until_due=3").status == 400)
  }

  @Test(.tags(.unit)) func oneTimePricesAndInlinePrices() throws {
    let world = try MoneyWorld()
    let shirt = world.stripe.post("/v1/products", "name=T-Shirt").id
    let once = world.stripe.post("/v1/prices", "product=\(shirt)&currency=usd&unit_amount=1500").id
    let subscription = world.subscribe(
      world.customer(),
      """
      items[0][price_data][product]=\(world.product)&items[0][price_data][currency]=usd&\
      items[0][price_data][recurring][interval]=month&\
      items[0][price_data][recurring][interval_count]=3&items[0][price_data][unit_amount]=5400&\
      items[0][quantity]=2&add_invoice_items[0][price]=\(once)&\
      add_invoice_items[1][price_data][product]=\(shirt)&\
      add_invoice_items[1][price_data][currency]=usd&\
      add_invoice_items[1][price_data][unit_amount]=5
      """)
    let invoice = world.latestInvoice(subscription)
    #expect(
      invoice.lineTexts == [
        "1500 T-Shirt", "5 T-Shirt", "10800 2 user × Pro (at $54.00 / every 3 months)",
      ])
    let items = world.checked(world.stripe.get("/v1/invoiceitems", "invoice=\(invoice.id)"))
    #expect(items.ids.count == 2)
    #expect(world.checked(world.stripe.get("/v1/invoiceitems/\(items.ids[0])")).status == 200)
    #expect(
      world.checked(world.stripe.get("/v1/invoices/\(invoice.id)/lines", "limit=2"))["has_more"]
        == true)
    #expect(
      world.subscribe(world.customer(), "items[0][price]=\(once)").error.contains("type=one_time"))
  }

  /// From the last day of January to that of February, and on the anchor's grid after it.
  @Test(.tags(.unit)) func monthEnds() throws {
    let world = try MoneyWorld()
    let end = try #require(Timestamp(parsing: "2027-01-31T10:00:00Z"))
    world.stripe.wait(seconds: end - TestSandbox.start)
    let subscription = world.subscribe(world.customer())
    #expect(
      subscription.item["current_period_end"] == .time(Timestamp(parsing: "2027-02-28T10:00:00Z")))
  }

  @Test(.tags(.unit)) func moreThanACardCanPay() throws {
    let world = try MoneyWorld()
    let refused = world.subscribe(
      world.customer(), "items[0][price]=\(world.yearly)&items[0][quantity]=6000")
    #expect(refused["error", "code"] == "amount_too_large")
    #expect(world.stripe.get("/v1/subscriptions", "status=all").ids == [])
  }

  @Test(.tags(.unit)) func refused() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let other = world.stripe.post(
      "/v1/prices",
      "product=\(world.product)&currency=eur&unit_amount=5&recurring[interval]=month"
    ).id
    let cases = [
      ("items[0][price]=price_x", "No such price: 'price_x'"),
      ("items[0][quantity]=1", "Missing required param: items[0][price]."),
      (
        "items[0][price]=\(world.monthly)&items[1][price]=\(world.yearly)",
        """
        Currency and interval fields must match across all plans on this subscription. Found \
        mismatch in interval field.
        """
      ),
      (
        "items[0][price]=\(world.monthly)&items[1][price]=\(world.monthly)",
        "Cannot add multiple subscription items with the same plan: \(world.monthly)"
      ),
      (
        "items[0][price]=\(world.monthly)&default_payment_method=pm_card_visa",
        """
        The customer does not have a payment method with the ID pm_card_visa. The payment method \
        must be attached to the customer.
        """
      ),
      (
        "items[0][price]=\(world.monthly)&payment_behavior=pending_if_incomplete",
        "`payment_behavior=pending_if_incomplete` can only be used to update a subscription."
      ),
      (
        "items[0][price]=\(world.monthly)&items[0][tax_rates][0]=txr_1",
        "The sandbox does not offer the parameter items[0][tax_rates] of this operation yet."
      ),
    ]
    for (parameters, message) in cases {
      #expect(world.subscribe(customer, parameters)["error", "message"] == .string(message))
    }
    _ = world.subscribe(customer)
    #expect(
      world.subscribe(customer, "items[0][price]=\(other)").error.contains(
        "You cannot combine currencies on a single customer."))
    _ = world.stripe.post("/v1/prices/\(world.yearly)", "active=false")
    #expect(
      world.subscribe(customer, "items[0][price]=\(world.yearly)").error.contains("inactive"))
    let many = (0..<21).map { "items[\($0)][price]=\(world.monthly)" }.joined(separator: "&")
    #expect(world.subscribe(customer, many).error.contains("exceeded maximum 20"))
    #expect(world.stripe.post("/v1/subscriptions", "customer=\(customer)").status == 400)
  }
}
