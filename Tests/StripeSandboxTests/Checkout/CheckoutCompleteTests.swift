import Basics
import Testing

@testable import StripeSandbox

@Suite struct CheckoutCompleteTests {
  @Test(.tags(.unit)) func aSubscriptionAppears() throws {
    let world = try CheckoutWorld()
    let session = world.open(
      """
      mode=subscription&client_reference_id=user-7&metadata[a]=b&\
      subscription_data[metadata][plan]=pro&line_items[0][price]=\(world.money.monthly)&\
      line_items[0][quantity]=2&line_items[1][price]=\(world.once)&line_items[1][quantity]=1
      """)
    let count = try world.money.eventCount()
    let done = world.complete(session, "email=new@example.com&name=Ada")
    #expect(done["status"] == "complete")
    #expect(done["payment_status"] == "paid")
    #expect(done["url"] == .null)
    #expect(done["customer_details", "email"] == "new@example.com")
    #expect(done["customer_details", "name"] == "Ada")
    #expect(done["customer_details", "address", "country"] == "US")
    #expect(
      try world.money.events(after: count) == [
        "customer.created", "payment_method.attached", "customer.subscription.created",
        "invoiceitem.created", "customer.updated", "invoice.created", "invoice.finalized",
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
        "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded",
        "customer.subscription.updated", "checkout.session.completed",
      ])
    let shown = world.stripe.get(
      "/v1/checkout/sessions/\(session.id)",
      "expand[]=subscription&expand[]=invoice&expand[]=customer&expand[]=line_items")
    #expect(shown["customer", "email"] == "new@example.com")
    #expect(shown["customer", "invoice_settings", "default_payment_method"] == .null)
    #expect(shown["subscription", "status"] == "active")
    #expect(shown["subscription", "metadata"] == ["plan": "pro"])
    #expect(shown["subscription", "items", "data", "0", "quantity"] == 2)
    #expect(shown["subscription", "default_payment_method"]?.string != nil)
    #expect(shown["invoice", "total"] == 6300)
    #expect(shown["client_reference_id"] == "user-7")
    #expect(shown["payment_intent"] == .null)
    let subscription = shown["subscription", "id"]?.string ?? ""
    #expect(
      world.stripe.get("/v1/checkout/sessions", "subscription=\(subscription)").ids == [session.id])
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func aPaymentOfAGuest() throws {
    let world = try CheckoutWorld()
    let session = world.open(
      "mode=payment&payment_intent_data[metadata][order]=7&payment_intent_data[description]=Tokens")
    #expect(session["payment_intent"] == .null)
    let count = try world.money.eventCount()
    let done = world.complete(session)
    #expect(done["payment_status"] == "paid")
    #expect(done["customer"] == .null)
    #expect(done["customer_details", "email"] == "customer@example.com")
    #expect(
      try world.money.events(after: count) == [
        "payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
        "checkout.session.completed",
      ])
    let intent = world.stripe.get("/v1/payment_intents/\(done["payment_intent"]?.string ?? "")")
    #expect(intent["amount_received"] == 2500)
    #expect(intent["metadata"] == ["order": "7"])
    #expect(intent["description"] == "Tokens")
    #expect(
      world.stripe.get("/v1/checkout/sessions", "payment_intent=\(intent.id)").ids == [session.id])
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func aPaymentThatKeepsTheCard() throws {
    let world = try CheckoutWorld()
    let session = world.open(
      "mode=payment&payment_intent_data[setup_future_usage]=off_session")
    let count = try world.money.eventCount()
    let done = world.complete(session, "card=pm_card_mastercard")
    #expect(
      try world.money.events(after: count) == [
        "customer.created", "payment_intent.created", "charge.succeeded",
        "payment_method.attached", "payment_intent.succeeded", "checkout.session.completed",
      ])
    let customer = done["customer"]?.string ?? ""
    let methods = world.stripe.get("/v1/customers/\(customer)/payment_methods")
    #expect(methods["data", "0", "card", "brand"] == "mastercard")
    #expect(methods["data", "0", "billing_details", "email"] == "customer@example.com")
    // The saved card can be used on the next page of this customer, and on no other's.
    let next = world.open("mode=payment&customer=\(customer)")
    #expect(world.complete(next, "card=\(methods.ids[0])")["payment_status"] == "paid")
    let other = world.open("mode=payment&customer=\(world.money.customer(nil))")
    #expect(world.complete(other, "card=\(methods.ids[0])").status == 400)
  }

  @Test(.tags(.unit)) func aCardIsSetUp() throws {
    let world = try CheckoutWorld()
    let customer = world.stripe.post("/v1/customers").id
    let session = world.open("mode=setup&currency=usd&customer=\(customer)")
    let count = try world.money.eventCount()
    let refused = world.complete(session, "card=4000000000000002")
    #expect(refused.error == "402 card_error card_declined -: Your card was declined.")
    #expect(try world.money.events(after: count) == ["setup_intent.setup_failed"])
    let done = world.complete(session, "card=4000002500003155&email=a@example.com")
    #expect(done["payment_status"] == "no_payment_required")
    #expect(
      try world.money.events(after: count + 1) == [
        "customer.updated", "setup_intent.requires_action", "payment_method.attached",
        "setup_intent.succeeded", "checkout.session.completed",
      ])
    let intent = world.stripe.get(
      "/v1/setup_intents/\(done["setup_intent"]?.string ?? "")", "expand[]=payment_method")
    #expect(intent["status"] == "succeeded")
    #expect(intent["payment_method", "customer"] == .string(customer))
    #expect(world.stripe.get("/v1/customers/\(customer)")["email"] == "a@example.com")
    try world.money.checkEvents()
  }

  // MARK: Cards

  @Test(
    .tags(.unit),
    arguments: [
      "4000000000000002", "4000000000000341", "4000 0000 0000 9995",
      "4000008260003178", "pm_card_chargeCustomerFail",
    ])
  func aDeclinedCardAndThenAGoodOne(_ card: String) throws {
    let world = try CheckoutWorld()
    let session = world.open("mode=subscription")
    let count = try world.money.eventCount()
    let refused = world.complete(session, "card=\(card)")
    #expect(refused.status == 402)
    #expect(refused["error", "code"] == "card_declined")
    let events = try world.money.events(after: count)
    #expect(events.first == "payment_intent.created")
    #expect(Array(events.suffix(2)) == ["charge.failed", "payment_intent.payment_failed"])
    #expect(world.stripe.get("/v1/checkout/sessions/\(session.id)")["status"] == "open")
    #expect(world.stripe.get("/v1/subscriptions", "status=all").ids == [])
    #expect(world.stripe.get("/v1/customers").ids == [])
    #expect(world.complete(session, "card=\(card)").status == 402)
    let intents = world.stripe.get("/v1/payment_intents").ids
    #expect(intents.count == 1)
    #expect(world.complete(session)["status"] == "complete")
    #expect(world.stripe.get("/v1/payment_intents/\(intents[0])")["status"] == "canceled")
    #expect(world.stripe.get("/v1/subscriptions")["data", "0", "status"] == "active")
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func aDeclinedPaymentIsTriedAgain() throws {
    let world = try CheckoutWorld()
    let session = world.open("mode=payment&customer_creation=always")
    let refused = world.complete(session, "card=4000000000009995")
    #expect(
      refused.error == "402 card_error card_declined -: Your card has insufficient funds.")
    let open = world.stripe.get("/v1/checkout/sessions/\(session.id)")
    let intent = try #require(open["payment_intent"]?.string)
    #expect(world.stripe.get("/v1/customers").ids == [])
    let done = world.complete(session)
    #expect(done["payment_intent"] == .string(intent))
    let paid = world.stripe.get("/v1/payment_intents/\(intent)")
    #expect(paid["status"] == "succeeded")
    #expect(paid["customer"] == done["customer"])
    #expect(world.stripe.get("/v1/charges", "payment_intent=\(intent)").ids.count == 2)
  }

  @Test(.tags(.unit), arguments: ["4000002500003155", "4000002760003184", "tok_visa"])
  func authenticationIsPartOfThePage(_ card: String) throws {
    let world = try CheckoutWorld()
    let subscribed = world.complete(world.open("mode=subscription"), "card=\(card)")
    #expect(subscribed["payment_status"] == "paid")
    #expect(world.stripe.get("/v1/subscriptions")["data", "0", "status"] == "active")
    let trial = world.open("mode=subscription&subscription_data[trial_period_days]=3")
    #expect(world.complete(trial, "card=\(card)")["status"] == "complete")
    #expect(
      world.stripe.get("/v1/subscriptions")["data", "0", "pending_setup_intent"] == .null)
    #expect(world.complete(world.open("mode=payment"), "card=\(card)")["payment_status"] == "paid")
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("4242424242424241", "incorrect_number"), ("1", "incorrect_number"),
      ("4000056655665564", "card_declined"),
    ])
  func noTestCard(_ card: String, _ code: String) throws {
    let world = try CheckoutWorld()
    let answer = world.complete(world.open("mode=payment"), "card=\(card)")
    #expect(answer.status == 402)
    #expect(answer["error", "code"] == .string(code))
  }

  // MARK: The buyer

  @Test(.tags(.unit)) func whatIsTypedReachesTheCustomer() throws {
    let world = try CheckoutWorld()
    let customer = world.money.customer(nil)
    let session = world.open(
      """
      mode=subscription&customer=\(customer)&customer_update[name]=auto&\
      customer_update[address]=auto&billing_address_collection=required&\
      consent_collection[terms_of_service]=required&consent_collection[promotions]=auto
      """)
    #expect(world.complete(session, "email=other@example.com").status == 400)
    let done = world.complete(session, "name=Ada")
    #expect(done["consent"] == ["promotions": "opt_in", "terms_of_service": "accepted"])
    #expect(done["customer"] == .string(customer))
    let shown = world.stripe.get("/v1/customers/\(customer)")
    #expect(shown["name"] == "Ada")
    #expect(shown["address", "city"] == "South San Francisco")
    #expect(shown["email"] == "a@example.com")
  }
}
