import Basics
import Testing

@testable import StripeSandbox

@Suite struct CheckoutRefusalTests {
  /// What is wrong, and what Stripe says of it: code, parameter and message. PRICE, YEARLY and ONCE
  /// stand for prices.
  private static let refusals: [(parameters: String, error: String)] = [
    (
      "mode=payment&success_url=https://a.example&line_items[0][price]=PRICE&line_items[0][quantity]=1",
      """
      - line_items[0][price]: You specified `payment` mode but passed a recurring price. Either \
      switch to `subscription` mode or use only one-time prices.
      """
    ),
    (
      "mode=subscription&success_url=https://a.example&line_items[0][price]=ONCE&line_items[0][quantity]=1",
      """
      - line_items: You must provide at least one recurring price in `subscription` mode when \
      using prices.
      """
    ),
    (
      """
      mode=subscription&success_url=https://a.example&line_items[0][price]=PRICE&\
      line_items[0][quantity]=1&line_items[1][price]=YEARLY&line_items[1][quantity]=1
      """,
      """
      - line_items: Checkout does not support multiple prices with different billing intervals.
      """
    ),
    (
      "mode=subscription&success_url=https://a.example&line_items[0][price]=PRICE",
      """
      - line_items[0][quantity]: Quantity is required. Add `quantity` to `line_items[0]`
      """
    ),
    (
      "success_url=https://a.example&line_items[0][price]=PRICE&line_items[0][quantity]=1",
      "parameter_missing mode: You must provide `mode` when using prices."
    ),
    (
      "mode=payment&line_items[0][price]=ONCE&line_items[0][quantity]=1",
      "parameter_missing success_url: Missing required param: success_url."
    ),
    (
      "mode=payment&success_url=nowhere&line_items[0][price]=ONCE&line_items[0][quantity]=1",
      "url_invalid success_url: Not a valid URL"
    ),
    (
      "mode=payment&success_url=https://a.example",
      "parameter_missing line_items: Missing required param: line_items."
    ),
    (
      "mode=setup&success_url=https://a.example",
      "parameter_missing currency: Missing required param: currency."
    ),
    (
      "mode=setup&currency=usd&success_url=https://a.example&line_items[0][price]=ONCE",
      "- line_items: You can not pass `line_items` in `setup` mode."
    ),
    (
      "mode=setup&currency=usd&success_url=https://a.example&payment_method_types[0]=card",
      "parameter_unknown payment_method_types: Received unknown parameter: payment_method_types"
    ),
    (
      """
      mode=payment&ui_mode=embedded_page&success_url=https://a.example&\
      line_items[0][price]=ONCE&line_items[0][quantity]=1
      """,
      """
      - success_url: The following parameters are not supported with `ui_mode: embedded_page`: \
      success_url.
      """
    ),
    (
      "mode=payment&ui_mode=form&line_items[0][price]=ONCE&line_items[0][quantity]=1",
      "parameter_missing return_url: Missing required param: return_url."
    ),
  ]

  /// What cannot be added to a page that would else be good.
  private static let additions: [(mode: String, more: String, error: String)] = [
    (
      "subscription", "customer_creation=always",
      "- customer_creation: `customer_creation` can only be used in `payment` mode."
    ),
    (
      "subscription", "payment_intent_data[description]=x",
      "- payment_intent_data: You can not pass `payment_intent_data` in `subscription` mode."
    ),
    (
      "payment", "subscription_data[description]=x",
      "- subscription_data: You can not pass `subscription_data` in `payment` mode."
    ),
    (
      "payment", "payment_method_collection=if_required",
      """
      - payment_method_collection: `payment_method_collection` can only be used in \
      `subscription` mode.
      """
    ),
    (
      "payment", "customer=CUSTOMER&customer_email=b@example.com",
      """
      parameters_exclusive customer: You may only specify one of these parameters: customer, \
      customer_email.
      """
    ),
    (
      "payment", "allow_promotion_codes=true&discounts[0][coupon]=x",
      """
      parameters_exclusive allow_promotion_codes: You may only specify one of these parameters: \
      allow_promotion_codes, discounts.
      """
    ),
    (
      "payment", "discounts[0][coupon]=x&discounts[1][coupon]=y",
      "- discounts: Array discounts exceeded maximum 1 allowed elements."
    ),
    (
      "payment", "discounts[0][coupon]=x",
      "resource_missing discounts[0][coupon]: No such coupon: 'x'"
    ),
    ("payment", "customer=cus_x", "resource_missing customer: No such customer: 'cus_x'"),
    (
      "payment", "customer_update[name]=auto",
      "- customer_update: `customer_update` can only be used with `customer`."
    ),
    (
      "payment", "expires_at=1795170599",
      """
      - expires_at: The `expires_at` timestamp must be at least 30 minutes from Checkout Session \
      creation.
      """
    ),
    (
      "payment", "expires_at=1795255201",
      """
      - expires_at: The `expires_at` timestamp must be less than 24 hours from Checkout Session \
      creation.
      """
    ),
    (
      "subscription", "subscription_data[trial_end]=1795341599",
      """
      - subscription_data[trial_end]: The `trial_end` date has to be at least 2 days in the future.
      """
    ),
    (
      "subscription",
      "subscription_data[trial_end]=1795341600&subscription_data[trial_period_days]=3",
      """
      parameters_exclusive subscription_data[trial_end]: You may only specify one of these \
      parameters: subscription_data[trial_end], subscription_data[trial_period_days].
      """
    ),
    (
      "payment", "automatic_tax[enabled]=true",
      """
      parameter_unsupported automatic_tax[enabled]: The sandbox does not offer the parameter \
      automatic_tax[enabled] of this operation yet.
      """
    ),
    (
      "payment",
      "custom_fields[0][key]=a&custom_fields[0][type]=text&custom_fields[0][label][type]=custom&custom_fields[0][label][custom]=A",
      """
      parameter_unsupported custom_fields: The sandbox does not offer the parameter custom_fields \
      of this operation yet.
      """
    ),
    (
      "subscription", "submit_type=book",
      "- submit_type: You can not pass `submit_type: book` in `subscription` mode."
    ),
  ]

  @Test(.tags(.unit), arguments: refusals)
  func whatIsWrongIsSaid(_ refusal: (parameters: String, error: String)) throws {
    let world = try CheckoutWorld()
    let parameters = refusal.parameters.replacing("PRICE", with: world.money.monthly)
      .replacing("YEARLY", with: world.money.yearly).replacing("ONCE", with: world.once)
    let answer = world.stripe.post("/v1/checkout/sessions", parameters)
    #expect(answer.error == "400 invalid_request_error \(refusal.error)")
    #expect(world.stripe.get("/v1/checkout/sessions").ids == [])
  }

  @Test(.tags(.unit), arguments: additions)
  func whatDoesNotGoTogether(_ addition: (mode: String, more: String, error: String)) throws {
    let world = try CheckoutWorld()
    let more = addition.more.replacing("CUSTOMER", with: world.money.customer(nil))
    let answer = world.open("mode=\(addition.mode)&\(more)")
    #expect(answer.error == "400 invalid_request_error \(addition.error)")
  }

  @Test(.tags(.unit)) func tooLittle() throws {
    let world = try CheckoutWorld()
    let cheap = """
      mode=payment&line_items[0][price_data][currency]=CURRENCY&line_items[0][quantity]=1&\
      line_items[0][price_data][unit_amount]=29&\
      line_items[0][price_data][product_data][name]=Sticker
      """
    for (currency, text) in [("usd", "$0.50 usd"), ("gbp", "£0.30 gbp"), ("jpy", "¥50 jpy")] {
      let answer = world.open(cheap.replacing("CURRENCY", with: currency))
      #expect(
        answer.error == """
          400 invalid_request_error amount_too_small line_items: The Checkout Session's total \
          amount due must add up to at least \(text)
          """)
    }
  }

  @Test(.tags(.unit)) func onOneClosedPage() throws {
    let world = try CheckoutWorld()
    let session = world.open("mode=payment")
    #expect(
      world.complete(session, "promotion_code=SAVE").error == """
        400 invalid_request_error - promotion_code: This Checkout Session does not take promotion \
        codes: `allow_promotion_codes` is off.
        """)
    #expect(world.complete(session).status == 200)
    let path = "/v1/checkout/sessions/\(session.id)/expire"
    #expect(
      world.stripe.post(path).error == """
        400 invalid_request_error - -: Only Checkout Sessions with a status in ["open"] can be \
        expired. This Checkout Session has a status of `complete`.
        """)
    #expect(
      world.complete(session).error == """
        400 invalid_request_error - -: Only Checkout Sessions with a status in ["open"] can be \
        completed. This Checkout Session has a status of `complete`.
        """)
    #expect(world.stripe.post("/sandbox/checkout/sessions/cs_x/complete").status == 404)
  }
}
