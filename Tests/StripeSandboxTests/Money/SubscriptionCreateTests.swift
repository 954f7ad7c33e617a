import Basics
import Testing

@testable import StripeSandbox

@Suite struct SubscriptionCreateTests {
  @Test(.tags(.unit)) func paidAtOnce() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let count = try world.eventCount()
    let subscription = world.subscribe(customer, "metadata[a]=b")
    #expect(subscription["status"] == "active")
    #expect(subscription["billing_mode", "type"] == "flexible")
    #expect(subscription.item["current_period_start"] == .time(TestSandbox.start))
    #expect(
      subscription.item["current_period_end"] == .time(Timestamp(parsing: "2026-12-20T10:00:00Z")))
    #expect(subscription.item["quantity"] == 1)
    let invoice = world.latestInvoice(subscription)
    #expect(invoice["status"] == "paid")
    #expect(invoice["billing_reason"] == "subscription_create")
    #expect(invoice.lineTexts == ["1900 1 user × Pro (at $19.00 / month)"])
    #expect(invoice["parent", "subscription_details", "subscription"] == .string(subscription.id))
    #expect(invoice["parent", "subscription_details", "metadata"] == ["a": "b"])
    #expect(invoice["amount_due"] == 1900)
    #expect(invoice["amount_paid"] == 1900)
    #expect(invoice["amount_remaining"] == 0)
    #expect(invoice["attempt_count"] == 1)
    #expect(invoice["payments", "data", "0", "status"] == "paid")
    #expect(invoice["confirmation_secret", "type"] == "payment_intent")
    let owner = world.checked(world.stripe.get("/v1/customers/\(customer)"))
    let prefix = owner["invoice_prefix"]?.string ?? ""
    #expect(invoice["number"] == .string("\(prefix)-0001"))
    #expect(owner["currency"] == "usd")
    #expect(owner["next_invoice_sequence"] == 2)
    #expect(
      try world.events(after: count) == [
        "customer.subscription.created", "customer.updated", "invoice.created",
        "invoice.finalized", "payment_intent.created", "charge.succeeded",
        "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid",
        "invoice.payment_succeeded", "customer.subscription.updated",
      ])
    let events = try world.stripe.events()
    #expect(events[count][at: "data", "object", "status"] == "incomplete")
    #expect(events.last?[at: "data", "object", "status"] == "active")
    #expect(events.last?[at: "data", "previous_attributes"] == ["status": "incomplete"])
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func declinedIsRolledBack() throws {
    let world = try MoneyWorld()
    let customer = world.customer("pm_card_chargeCustomerFail")
    let before = world.stripe.get("/v1/customers/\(customer)").body
    let count = try world.eventCount()
    let body = "customer=\(customer)&items[0][price]=\(world.monthly)"
    let answer = world.stripe.post(
      "/v1/subscriptions", "\(body)&payment_behavior=error_if_incomplete", key: "once")
    #expect(answer.error == "402 card_error card_declined -: Your card was declined.")
    #expect(answer["error", "decline_code"] == "generic_decline")
    #expect(try world.eventCount() == count)
    #expect(world.stripe.get("/v1/subscriptions", "status=all").ids == [])
    #expect(world.stripe.get("/v1/invoices").ids == [])
    #expect(world.stripe.get("/v1/customers/\(customer)").body == before)
    let again = world.stripe.post(
      "/v1/subscriptions", "\(body)&payment_behavior=error_if_incomplete", key: "once")
    #expect(again.body == answer.body)
    #expect(again.header("Idempotent-Replayed") == "true")
  }

  @Test(.tags(.unit)) func declinedButIncomplete() throws {
    let world = try MoneyWorld()
    let customer = world.customer("pm_card_chargeCustomerFail")
    let count = try world.eventCount()
    let subscription = world.subscribe(customer)
    #expect(subscription["status"] == "incomplete")
    let invoice = world.latestInvoice(subscription)
    #expect(invoice["status"] == "open")
    #expect(invoice["attempt_count"] == 1)
    #expect(
      try world.events(after: count).suffix(5) == [
        "payment_intent.created", "charge.failed", "payment_intent.payment_failed",
        "invoice.payment_failed", "customer.updated",
      ])
    #expect(world.stripe.get("/v1/customers/\(customer)")["delinquent"] == true)
    let refused = world.stripe.post(
      "/v1/subscriptions/\(subscription.id)", "cancel_at_period_end=true")
    #expect(refused.status == 400)
    #expect(world.update(subscription.id, "metadata[x]=y")["metadata"] == ["x": "y"])
    let failed = world.stripe.post("/v1/invoices/\(invoice.id)/pay")
    #expect(failed.error == "402 card_error card_declined -: Your card was declined.")
    #expect(world.invoice(invoice.id)["attempt_count"] == 2)
    let good = world.stripe.post("/v1/payment_methods/pm_card_visa/attach", "customer=\(customer)")
    let paid = world.checked(
      world.stripe.post("/v1/invoices/\(invoice.id)/pay", "payment_method=\(good.id)"))
    #expect(paid["status"] == "paid")
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "active")
    #expect(world.stripe.get("/v1/customers/\(customer)")["delinquent"] == false)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func authenticationIsRequired() throws {
    let world = try MoneyWorld()
    let customer = world.customer("pm_card_authenticationRequired")
    let refused = world.subscribe(customer, "payment_behavior=error_if_incomplete")
    #expect(refused.status == 402)
    #expect(refused["error", "code"] == "subscription_payment_intent_requires_action")
    let subscription = world.subscribe(customer)
    #expect(subscription["status"] == "incomplete")
    #expect(try world.stripe.eventTypes().last == "invoice.payment_action_required")
    let invoice = world.latestInvoice(subscription)
    #expect(invoice["attempt_count"] == 0)
    #expect(invoice["attempted"] == true)
    let paid = world.stripe.post("/v1/invoices/\(invoice.id)/pay")
    #expect(paid["error", "code"] == "invoice_payment_intent_requires_action")
    let intent = try #require(invoice["payments", "data", "0", "payment", "payment_intent"]?.string)
    #expect(
      world.stripe.post("/v1/payment_intents/\(intent)/confirm", "payment_method=pm_card_visa")[
        "status"] == "succeeded")
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "active")
  }

  @Test(.tags(.unit)) func leftToTheCustomer() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    #expect(
      world.subscribe(customer).error
        == """
        400 invalid_request_error resource_missing -: This customer has no attached payment \
        source or default payment method.
        """)
    let subscription = world.subscribe(
      customer,
      """
      payment_behavior=default_incomplete&\
      payment_settings[save_default_payment_method]=on_subscription
      """)
    #expect(subscription["status"] == "incomplete")
    let method = world.stripe.post(
      "/v1/payment_methods/pm_card_visa/attach", "customer=\(customer)")
    let invoice = world.latestInvoice(subscription)
    _ = world.stripe.post("/v1/invoices/\(invoice.id)/pay", "payment_method=\(method.id)")
    let paid = world.stripe.get("/v1/subscriptions/\(subscription.id)")
    #expect(paid["status"] == "active")
    #expect(paid["default_payment_method"] == .string(method.id))
    let offered = world.subscribe(world.customer(), "payment_behavior=default_incomplete")
    let intent = world.latestInvoice(offered)["payments", "data", "0", "payment", "payment_intent"]
    #expect(
      world.stripe.get("/v1/payment_intents/\(intent?.string ?? "")")["status"]
        == "requires_confirmation")
  }

  @Test(.tags(.unit)) func trials() throws {
    let world = try MoneyWorld()
    let customer = world.customer(nil)
    let count = try world.eventCount()
    let subscription = world.subscribe(
      customer,
      "trial_period_days=15&trial_settings[end_behavior][missing_payment_method]=cancel")
    let end = TestSandbox.start + 15 * 86_400
    #expect(subscription["status"] == "trialing")
    #expect(subscription["trial_end"] == .time(end))
    #expect(subscription["billing_cycle_anchor"] == .time(end))
    #expect(subscription.item["current_period_end"] == .time(end))
    #expect(subscription["trial_settings", "end_behavior", "missing_payment_method"] == "cancel")
    let invoice = world.latestInvoice(subscription)
    #expect(invoice.lineTexts == ["0 Free trial for 1 user × Pro"])
    #expect(invoice["status"] == "paid")
    #expect(invoice["attempt_count"] == 0)
    #expect(invoice["payments", "data"] == [])
    #expect(
      try world.events(after: count) == [
        "customer.subscription.created", "customer.updated", "invoice.created",
        "invoice.finalized", "invoice.paid", "invoice.payment_succeeded",
      ])
    let until = world.subscribe(customer, "trial_end=\(end.seconds)")
    #expect(until["trial_end"] == .time(end))
    for wrong in [
      "trial_end=5", "trial_period_days=0&trial_end=now", "trial_period_days=731",
      "trial_end=\(end.seconds + 3 * 365 * 86_400)",
    ] { #expect(world.subscribe(customer, wrong).status == 400) }
  }

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
        "The sandbox does not offer payment_behavior=pending_if_incomplete yet."
      ),
      (
        "items[0][price]=\(world.monthly)&backdate_start_date=5",
        "The sandbox does not offer the parameter backdate_start_date of this operation yet."
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
