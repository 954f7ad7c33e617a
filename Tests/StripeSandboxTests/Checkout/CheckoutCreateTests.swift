import Basics
import Testing

@testable import StripeSandbox

@Suite struct CheckoutCreateTests {
  /// As recorded from Stripe: a page for a customer's subscription.
  @Test(.tags(.unit)) func forASubscription() throws {
    let world = try CheckoutWorld()
    let customer = world.money.customer(nil)
    let session = world.open("mode=subscription&customer=\(customer)")
    let expected = [
      ("status", "open"), ("payment_status", "unpaid"), ("ui_mode", "hosted_page"),
      ("mode", "subscription"), ("payment_method_collection", "always"), ("currency", "usd"),
      ("success_url", "https://example.com/done?id={CHECKOUT_SESSION_ID}"),
    ]
    for (name, value) in expected { #expect(session[name] == .string(value), "\(name)") }
    #expect(session["amount_subtotal"] == 1900)
    #expect(session["amount_total"] == 1900)
    #expect(session["expires_at"] == .time(TestSandbox.start + 86_400))
    #expect(session["customer_details", "email"] == "a@example.com")
    #expect(session["customer_creation"] == .null)
    #expect(session["discounts"] == [])
    #expect(session["subscription"] == .null)
    #expect(
      session["total_details"] == ["amount_discount": 0, "amount_shipping": 0, "amount_tax": 0])
    let url = try #require(session["url"]?.string)
    #expect(url.hasPrefix("https://checkout.stripe.com/c/pay/\(session.id)#"))
    #expect(session.id.hasPrefix("cs_test_a1"))
    #expect(session.id.count == "cs_test_".count + 58)
    #expect(
      world.stripe.get("/v1/subscriptions").ids == [] && world.stripe.get("/v1/invoices").ids == [])
  }

  @Test(.tags(.unit)) func forASetup() throws {
    let world = try CheckoutWorld()
    let session = world.open("mode=setup&currency=USD&setup_intent_data[metadata][a]=b")
    #expect(session["payment_status"] == "no_payment_required")
    for name in ["amount_total", "discounts", "total_details", "saved_payment_method_options"] {
      #expect(session[name] == .null, "\(name)")
    }
    #expect(session["adaptive_pricing", "enabled"] == false)
    let intent = world.stripe.get("/v1/setup_intents/\(session["setup_intent"]?.string ?? "")")
    #expect(intent["status"] == "requires_payment_method")
    #expect(intent["metadata"] == ["a": "b"])
    #expect(session.id.hasPrefix("cs_test_c1"))
  }

  @Test(.tags(.unit)) func pagesInside() throws {
    let world = try CheckoutWorld()
    let embedded = world.stripe.post(
      "/v1/checkout/sessions",
      """
      mode=payment&ui_mode=embedded_page&line_items[0][price]=\(world.once)&\
      line_items[0][quantity]=2&return_url=https://example.com/back
      """)
    #expect(embedded["url"] == .null)
    #expect(embedded["redirect_on_completion"] == "always")
    #expect(embedded["client_secret"]?.string?.hasPrefix("\(embedded.id)_secret_") == true)
    #expect(embedded["amount_total"] == 5000)
    let never = world.stripe.post(
      "/v1/checkout/sessions",
      """
      mode=payment&ui_mode=elements&line_items[0][price]=\(world.once)&\
      line_items[0][quantity]=1&redirect_on_completion=never
      """)
    #expect(never["return_url"] == .null)
  }

  @Test(.tags(.unit)) func linesAndTheirPrices() throws {
    let world = try CheckoutWorld()
    let session = world.stripe.post(
      "/v1/checkout/sessions",
      """
      mode=payment&success_url=https://example.com&expand[]=line_items&\
      line_items[0][price]=\(world.once)&line_items[0][quantity]=3&\
      line_items[0][adjustable_quantity][enabled]=true&\
      line_items[1][price_data][currency]=usd&line_items[1][price_data][unit_amount]=1500&\
      line_items[1][price_data][product_data][name]=Mug&line_items[1][quantity]=2&\
      optional_items[0][price]=\(world.once)&optional_items[0][quantity]=1
      """)
    #expect(session["amount_total"] == 10_500)
    let lines = try #require(session["line_items", "data"]?.array)
    #expect(lines.map { $0["description"] } == ["Tokens", "Mug"])
    #expect(lines.map { $0["amount_total"] } == [7500, 3000])
    #expect(
      lines[0]["adjustable_quantity"] == ["enabled": true, "maximum": 99, "minimum": 0])
    #expect(lines[1][at: "price", "active"] == false)
    #expect(lines[1][at: "price", "tiers"] == nil)
    #expect(session["optional_items", "0", "price"] == .string(world.once))
    let list = world.stripe.get("/v1/checkout/sessions/\(session.id)/line_items", "limit=1")
    #expect(list["data", "0", "description"] == "Tokens")
    #expect(list["has_more"] == true)
    // What was made in passing cannot be sold again.
    let price = lines[1][at: "price", "id"]?.string ?? ""
    let again = world.stripe.post(
      "/v1/checkout/sessions",
      """
      mode=payment&success_url=https://example.com&line_items[0][price]=\(price)&\
      line_items[0][quantity]=1
      """)
    #expect(
      again.error == """
        400 invalid_request_error - line_items[0][price]: The price specified is inactive. This \
        field only accepts active prices.
        """)
  }

  @Test(.tags(.unit)) func discountsCountOnThePage() throws {
    let world = try CheckoutWorld()
    let coupon = world.stripe.post("/v1/coupons", "percent_off=25&duration=once").id
    let session = world.open(
      """
      mode=subscription&discounts[0][coupon]=\(coupon)&expand[]=total_details.breakdown&\
      expand[]=line_items.data.discounts
      """)
    #expect(session["amount_subtotal"] == 1900)
    #expect(session["amount_total"] == 1425)
    #expect(session["discounts"] == [["coupon": .string(coupon), "promotion_code": .null]])
    #expect(session["total_details", "breakdown", "discounts", "0", "amount"] == 475)
    #expect(session["line_items", "data", "0", "amount_discount"] == 475)
    #expect(
      session["line_items", "data", "0", "discounts", "0", "discount", "source", "coupon"]
        == .string(coupon))
  }

  @Test(.tags(.unit)) func nothingIsDueInATrial() throws {
    let world = try CheckoutWorld()
    let session = world.open(
      """
      mode=subscription&subscription_data[trial_period_days]=14&line_items[1][quantity]=1&\
      line_items[1][price]=\(world.once)
      """)
    #expect(session["amount_total"] == 2500)
    let only = world.open("mode=subscription&subscription_data[trial_period_days]=14")
    #expect(only["amount_total"] == 0)
    #expect(only["payment_status"] == "unpaid")
  }

  @Test(.tags(.unit)) func listedAndChanged() throws {
    let world = try CheckoutWorld()
    let customer = world.money.customer(nil)
    let one = world.open("mode=subscription&customer=\(customer)")
    let two = world.open("mode=payment&customer_email=b@example.com")
    #expect(world.stripe.get("/v1/checkout/sessions").ids == [two.id, one.id])
    #expect(world.stripe.get("/v1/checkout/sessions", "customer=\(customer)").ids == [one.id])
    #expect(
      world.stripe.get("/v1/checkout/sessions", "customer_details[email]=b@example.com").ids
        == [two.id])
    #expect(world.stripe.get("/v1/checkout/sessions", "status=complete").ids == [])
    let changed = world.stripe.post("/v1/checkout/sessions/\(one.id)", "metadata[order]=7")
    #expect(changed["metadata"] == ["order": "7"])
    let shown = world.stripe.get("/v1/checkout/sessions/\(one.id)", "expand[]=customer")
    #expect(shown["customer", "email"] == "a@example.com")
    #expect(shown["metadata"] == ["order": "7"])
  }
}
