import Basics
import Testing

@testable import StripeSandbox

@Suite struct CheckoutFreeTests {
  @Test(.tags(.unit)) func aTrialWithACard() throws {
    let world = try CheckoutWorld()
    let session = world.open(
      """
      mode=subscription&subscription_data[trial_period_days]=14&\
      subscription_data[trial_settings][end_behavior][missing_payment_method]=cancel
      """)
    let count = try world.money.eventCount()
    #expect(
      world.complete(session, "card=4000000000000002").error
        == "402 card_error card_declined -: Your card was declined.")
    #expect(try world.money.events(after: count) == [])
    let done = world.complete(session)
    #expect(done["payment_status"] == "no_payment_required")
    let subscription = world.stripe.get("/v1/subscriptions")["data", "0"] ?? .null
    #expect(subscription["status"] == "trialing")
    #expect(subscription["trial_end"] == .time(TestSandbox.start + 14 * 86_400))
    #expect(subscription["default_payment_method"]?.string != nil)
    #expect(
      subscription[at: "trial_settings", "end_behavior", "missing_payment_method"] == "cancel")
    #expect(
      try world.money.events(after: count) == [
        "customer.created", "payment_method.attached", "customer.subscription.created",
        "customer.updated", "invoice.created", "invoice.finalized", "invoice.paid",
        "invoice.payment_succeeded", "checkout.session.completed",
      ])
  }

  @Test(.tags(.unit)) func aTrialWithoutACard() throws {
    let world = try CheckoutWorld()
    let session = world.open(
      """
      mode=subscription&payment_method_collection=if_required&\
      subscription_data[trial_end]=\((TestSandbox.start + 5 * 86_400).seconds)
      """)
    let done = world.complete(session)
    #expect(done["payment_status"] == "no_payment_required")
    let customer = done["customer"]?.string ?? ""
    #expect(world.stripe.get("/v1/customers/\(customer)/payment_methods").ids == [])
    #expect(world.stripe.get("/v1/subscriptions")["data", "0", "status"] == "trialing")
    // Who likes gives one.
    let other = world.open(
      """
      mode=subscription&payment_method_collection=if_required&\
      subscription_data[trial_period_days]=5
      """)
    let given = world.complete(other, "card=pm_card_visa")["customer"]?.string ?? ""
    #expect(world.stripe.get("/v1/customers/\(given)/payment_methods").ids.count == 1)
    // Where something is due, a card is required.
    let due = world.open("mode=subscription&payment_method_collection=if_required")
    #expect(world.complete(due)["payment_status"] == "paid")
  }

  @Test(.tags(.unit)) func aPromotionCodeIsTyped() throws {
    let world = try CheckoutWorld()
    let coupon = world.stripe.post(
      "/v1/coupons", "percent_off=50&duration=repeating&duration_in_months=3"
    ).id
    let code = world.stripe.post(
      "/v1/promotion_codes",
      "promotion[type]=coupon&promotion[coupon]=\(coupon)&code=HALF&max_redemptions=1"
    ).id
    let session = world.open("mode=subscription&allow_promotion_codes=true")
    #expect(
      world.complete(session, "promotion_code=WRONG").error == """
        400 invalid_request_error - promotion_code: This promotion code is invalid: WRONG
        """)
    let done = world.complete(session, "promotion_code=half")
    #expect(done["amount_total"] == 950)
    #expect(done["total_details", "amount_discount"] == 950)
    #expect(done["discounts"] == [["coupon": .null, "promotion_code": .string(code)]])
    let subscription = world.stripe.get("/v1/subscriptions", "expand[]=data.discounts")
    let discount = subscription["data", "0", "discounts", "0"] ?? .null
    #expect(discount["promotion_code"] == .string(code))
    #expect(discount["checkout_session"] == .string(session.id))
    #expect(world.stripe.get("/v1/invoices/\(done["invoice"]?.string ?? "")")["amount_paid"] == 950)
    let used = world.stripe.get("/v1/promotion_codes/\(code)")
    #expect(used["times_redeemed"] == 1)
    #expect(used["active"] == false)
    let late = world.open("mode=subscription&allow_promotion_codes=true")
    #expect(world.complete(late, "promotion_code=HALF").status == 400)
  }

  @Test(.tags(.unit)) func whatPromotionCodesAskFor() throws {
    let world = try CheckoutWorld()
    let coupon = world.stripe.post("/v1/coupons", "amount_off=500&currency=usd&duration=once").id
    let make = { (more: String) in
      world.stripe.post(
        "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=\(coupon)&\(more)"
      ).id
    }
    let customer = world.money.customer()
    _ = make("code=FIRST&restrictions[first_time_transaction]=true")
    _ = make(
      "code=BIG&restrictions[minimum_amount]=5000&restrictions[minimum_amount_currency]=usd")
    _ = make("code=MINE&customer=\(customer)")
    let page = { (customer: String) in
      world.open("mode=payment&allow_promotion_codes=true&customer=\(customer)")
    }
    #expect(world.complete(page(customer), "promotion_code=BIG").status == 400)
    #expect(world.complete(page(customer), "promotion_code=first")["amount_total"] == 2000)
    #expect(world.complete(page(customer), "promotion_code=first").status == 400)
    #expect(world.complete(page(world.money.customer()), "promotion_code=MINE").status == 400)
    #expect(world.complete(page(customer), "promotion_code=MINE")["amount_total"] == 2000)
  }

  @Test(.tags(.unit)) func nothingIsToBePaid() throws {
    let world = try CheckoutWorld()
    let coupon = world.stripe.post("/v1/coupons", "percent_off=100&duration=forever").id
    let session = world.open("mode=payment&discounts[0][coupon]=\(coupon)")
    let count = try world.money.eventCount()
    let done = world.complete(session)
    #expect(done["amount_total"] == 0)
    #expect(done["payment_status"] == "no_payment_required")
    #expect(done["payment_intent"] == .null)
    #expect(try world.money.events(after: count) == ["checkout.session.completed"])
    #expect(world.stripe.get("/v1/coupons/\(coupon)")["times_redeemed"] == 1)
    let free = world.open(
      """
      mode=subscription&discounts[0][coupon]=\(coupon)&payment_method_collection=if_required
      """)
    let subscribed = world.complete(free)
    #expect(subscribed["payment_status"] == "no_payment_required")
    #expect(world.stripe.get("/v1/subscriptions")["data", "0", "status"] == "active")
  }
}
