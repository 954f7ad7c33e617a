import Basics
import Testing

@testable import StripeSandbox

@Suite struct PortalActTests {
  @Test(.tags(.unit)) func anotherPrice() throws {
    let world = try PortalWorld()
    let subscription = world.money.subscribe(
      world.customer, "items[0][price]=\(world.money.monthly)&items[0][quantity]=2")
    let session = world.visit(
      "features[subscription_update][proration_behavior]=always_invoice")
    world.stripe.wait(seconds: 15 * 86_400)
    let fresh = world.stripe.post(
      "/v1/billing_portal/sessions",
      "customer=\(world.customer)&configuration=\(session["configuration"]?.string ?? "")")
    let count = try world.money.eventCount()
    let answer = world.act(fresh.id, "update", "price=\(world.dear)")
    #expect(answer.body == fresh.body)
    let changed = world.subscription(subscription.id)
    #expect(changed.item[at: "price", "id"] == .string(world.dear))
    #expect(changed.item["quantity"] == 2)
    #expect(
      world.money.latestInvoice(changed).lineTexts == [
        "-1900 Unused time on 2 × Pro after 05 Dec 2026",
        "2900 Remaining time on 2 × Pro after 05 Dec 2026",
      ])
    #expect(try world.money.events(after: count).contains("customer.subscription.updated"))
    #expect(world.money.latestInvoice(changed)["status"] == "paid")
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func nothingIsProratedUnlessSaid() throws {
    let world = try PortalWorld()
    let subscription = world.money.subscribe(world.customer)
    let count = try world.money.eventCount()
    let session = world.visit()
    #expect(world.act(session.id, "update", "quantity=5").status == 200)
    #expect(world.subscription(subscription.id).item["quantity"] == 5)
    #expect(
      try world.money.events(after: count) == [
        "billing_portal.configuration.created", "billing_portal.session.created",
        "customer.subscription.updated",
      ])
    #expect(
      world.act(session.id, "update", "quantity=5").error == """
        400 invalid_request_error - -: Cannot update the subscription because there are no changes \
        to confirm.
        """)
  }

  @Test(.tags(.unit)) func quantitiesHaveBounds() throws {
    let world = try PortalWorld()
    _ = world.money.subscribe(world.customer)
    let name = "features[subscription_update][products][0][adjustable_quantity]"
    let session = world.visit("\(name)[enabled]=true&\(name)[minimum]=1&\(name)[maximum]=3")
    #expect(
      world.act(session.id, "update", "quantity=4").error == """
        400 invalid_request_error parameter_invalid_integer items[0][quantity]: This value must be \
        less than or equal to 3.
        """)
    #expect(world.act(session.id, "update", "quantity=3").status == 200)
    let fixed = world.visit("\(name)[enabled]=false")
    #expect(
      world.act(fixed.id, "update", "quantity=2").error == """
        400 invalid_request_error - items[0][quantity]: This subscription cannot be updated because \
        the portal configuration does not allow updates of its quantity.
        """)
    #expect(world.act(fixed.id, "update", "price=\(world.money.yearly)").status == 400)
  }

  @Test(.tags(.unit)) func aTrialEndsUnlessSaid() throws {
    let world = try PortalWorld()
    let trial = world.money.subscribe(world.customer, "trial_period_days=14")
    let going = world.visit("features[subscription_update][trial_update_behavior]=continue_trial")
    #expect(world.act(going.id, "update", "quantity=2").status == 200)
    #expect(world.subscription(trial.id)["status"] == "trialing")
    let ending = world.visit()
    #expect(world.act(ending.id, "update", "price=\(world.dear)").status == 200)
    let ended = world.subscription(trial.id)
    #expect(ended["status"] == "active")
    #expect(world.money.latestInvoice(ended)["amount_paid"] == 5800)
  }

  @Test(.tags(.unit)) func aPromotionCode() throws {
    let world = try PortalWorld()
    let subscription = world.money.subscribe(world.customer)
    let coupon = world.stripe.post("/v1/coupons", "percent_off=50&duration=forever").id
    _ = world.stripe.post(
      "/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=\(coupon)&code=HALF")
    let session = world.visit()
    #expect(world.act(session.id, "update", "promotion_code=none").status == 400)
    #expect(world.act(session.id, "update", "promotion_code=half").status == 200)
    #expect(world.subscription(subscription.id)["discounts"]?.array?.count == 1)
  }

  @Test(.tags(.unit)) func aDeclinedCardChangesNothing() throws {
    let world = try PortalWorld()
    let subscription = world.money.subscribe(world.customer)
    let session = world.visit("features[subscription_update][billing_cycle_anchor]=now")
    world.stripe.wait(seconds: 60)
    #expect(world.act(session.id, "payment_method", "card=4000000000000341").status == 200)
    let refused = world.act(session.id, "update", "price=\(world.dear)")
    #expect(refused.error == "402 card_error card_declined -: Your card was declined.")
    let same = world.subscription(subscription.id)
    #expect(same.item[at: "price", "id"] == .string(world.money.monthly))
    #expect(same["status"] == "active")
    #expect(world.act(session.id, "payment_method", "card=4000002760003184").status == 200)
    #expect(world.act(session.id, "update", "price=\(world.dear)").status == 200)
    let changed = world.subscription(subscription.id)
    #expect(changed.item[at: "price", "id"] == .string(world.dear))
    #expect(changed["status"] == "active")
    #expect(world.money.latestInvoice(changed)["status"] == "paid")
    try world.money.checkEvents()
  }

  // MARK: Cancelling

  @Test(.tags(.unit)) func atTheEndAndBack() throws {
    let world = try PortalWorld()
    let subscription = world.money.subscribe(world.customer)
    let count = try world.money.eventCount()
    // Without a session the customer comes with the default configuration.
    let session = world.act(world.customer, "cancel", "feedback=too_expensive&comment=Bye")
    #expect(session["customer"] == .string(world.customer))
    let canceled = world.subscription(subscription.id)
    #expect(canceled["cancel_at_period_end"] == true)
    #expect(canceled["cancellation_details", "feedback"] == "too_expensive")
    #expect(canceled["cancellation_details", "comment"] == "Bye")
    #expect(
      try world.money.events(after: count) == [
        "billing_portal.configuration.created", "billing_portal.session.created",
        "customer.subscription.updated",
      ])
    #expect(
      world.act(session.id, "cancel").error == """
        400 invalid_request_error - subscription: The subscription \(subscription.id) is already \
        set to be canceled at period end.
        """)
    #expect(world.act(session.id, "resume").status == 200)
    #expect(world.subscription(subscription.id)["cancel_at"] == .null)
    #expect(
      world.act(session.id, "resume").error == """
        400 invalid_request_error - subscription: The subscription \(subscription.id) is not set \
        to be canceled.
        """)
    #expect(world.act(session.id, "cancel", "feedback=boring").status == 400)
  }

  @Test(.tags(.unit)) func atOnceWithACredit() throws {
    let world = try PortalWorld()
    let subscription = world.money.subscribe(world.customer)
    let configuration = world.visit(
      """
      features[subscription_cancel][mode]=immediately&\
      features[subscription_cancel][proration_behavior]=create_prorations
      """)["configuration"]?.string
    world.stripe.wait(seconds: 15 * 86_400)
    let session = world.stripe.post(
      "/v1/billing_portal/sessions",
      "customer=\(world.customer)&configuration=\(configuration ?? "")")
    #expect(world.act(session.id, "cancel", "comment=Bye").status == 400)
    #expect(world.act(session.id, "cancel").status == 200)
    #expect(world.subscription(subscription.id)["status"] == "canceled")
    let items = world.stripe.get("/v1/invoiceitems", "customer=\(world.customer)")
    #expect(items["data", "0", "amount"] == -950)
  }

  // MARK: Cards

  @Test(.tags(.unit)) func aNewCardBecomesTheDefault() throws {
    let world = try PortalWorld()
    let plain = world.money.subscribe(world.customer)
    let method = world.stripe.get("/v1/customers/\(world.customer)/payment_methods").ids[0]
    let own = world.money.subscribe(world.customer, "default_payment_method=\(method)")
    let session = world.stripe.post(
      "/v1/billing_portal/sessions",
      "customer=\(world.customer)&flow_data[type]=payment_method_update")
    let count = try world.money.eventCount()
    #expect(
      world.act(session.id, "payment_method", "card=4000000000000002").error
        == "402 card_error card_declined -: Your card was declined.")
    #expect(
      try world.money.events(after: count) == ["setup_intent.created", "setup_intent.setup_failed"])
    #expect(world.act(session.id, "payment_method", "card=5555555555554444").status == 200)
    #expect(
      try world.money.events(after: count + 2) == [
        "setup_intent.created", "payment_method.attached", "setup_intent.succeeded",
        "customer.updated", "customer.subscription.updated",
      ])
    let shown = world.stripe.get(
      "/v1/customers/\(world.customer)", "expand[]=invoice_settings.default_payment_method")
    let card = shown["invoice_settings", "default_payment_method"] ?? .null
    #expect(card[at: "card", "brand"] == "mastercard")
    #expect(world.subscription(own.id)["default_payment_method"] == card["id"])
    #expect(world.subscription(plain.id)["default_payment_method"] == .null)
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func whatIsOffIsNamed() throws {
    let world = try PortalWorld()
    _ = world.money.subscribe(world.customer)
    let configuration = world.configuration("features[invoice_history][enabled]=true").id
    let session = world.stripe.post(
      "/v1/billing_portal/sessions",
      "customer=\(world.customer)&configuration=\(configuration)"
    ).id
    for (act, words) in [
      ("update", "This subscription cannot be updated because the subscription update feature"),
      ("cancel", "This subscription cannot be canceled because the subscription cancel feature"),
      ("resume", "This subscription cannot be canceled because the subscription cancel feature"),
      (
        "payment_method",
        "The payment method cannot be updated because the payment method update feature"
      ),
    ] {
      #expect(
        world.act(session, act).error == """
          400 invalid_request_error - -: \(words) in the portal configuration is disabled.
          """)
    }
  }
}
