import Basics
import Testing

@testable import StripeSandbox

@Suite struct PortalSessionTests {
  private static let refusals: [(parameters: String, error: String)] = [
    (
      "return_url=https://a.example",
      "parameter_missing customer: Missing required param: customer."
    ),
    ("customer=cus_x", "resource_missing customer: No such customer: 'cus_x'"),
    ("customer=CUSTOMER&return_url=x", "url_invalid return_url: Not a valid URL"),
    (
      "customer=CUSTOMER&configuration=bpc_x",
      "resource_missing configuration: No such configuration: 'bpc_x'"
    ),
    (
      "customer=CUSTOMER&flow_data[type]=subscription_update&flow_data[subscription_update][subscription]=SUB",
      """
      - -: This subscription cannot be updated because the subscription update feature in the \
      portal configuration is disabled.
      """
    ),
    (
      "customer=CUSTOMER&flow_data[type]=subscription_cancel",
      """
      parameter_missing flow_data[subscription_cancel]: Missing required param: \
      flow_data[subscription_cancel].
      """
    ),
    (
      """
      customer=CUSTOMER&flow_data[type]=subscription_cancel&\
      flow_data[subscription_cancel][subscription]=OTHER
      """,
      """
      resource_missing flow_data[subscription_cancel][subscription]: No such subscription: 'OTHER'
      """
    ),
    (
      """
      customer=CUSTOMER&flow_data[type]=payment_method_update&\
      flow_data[subscription_cancel][subscription]=SUB
      """,
      """
      - flow_data[subscription_cancel]: You can not pass `subscription_cancel` with `type: \
      payment_method_update`.
      """
    ),
    (
      """
      customer=CUSTOMER&flow_data[type]=payment_method_update&\
      flow_data[after_completion][type]=redirect
      """,
      """
      parameter_missing flow_data[after_completion][redirect]: Missing required param: \
      flow_data[after_completion][redirect].
      """
    ),
    (
      "customer=CUSTOMER&configuration=CONFIGURATION&FLOW[items][0][id]=ITEM&FLOW[items][0][quantity]=1",
      """
      - flow_data[subscription_update_confirm][items]: Cannot update the subscription because \
      there are no changes to confirm.
      """
    ),
    (
      "customer=CUSTOMER&configuration=CONFIGURATION&FLOW[items][0][id]=ITEM&FLOW[items][0][price]=YEARLY",
      """
      - flow_data[subscription_update_confirm][items][0][price]: This subscription cannot be \
      updated because the price `YEARLY` is not one of the prices that the portal configuration \
      offers.
      """
    ),
    (
      "customer=CUSTOMER&configuration=CONFIGURATION&FLOW[items][0][id]=si_x&FLOW[items][0][quantity]=2",
      """
      resource_missing flow_data[subscription_update_confirm][items][0][id]: No such \
      subscription_item: 'si_x'
      """
    ),
  ]

  @Test(.tags(.unit), arguments: refusals)
  func whatIsWrongIsSaid(_ refusal: (parameters: String, error: String)) throws {
    let world = try PortalWorld()
    let subscription = world.money.subscribe(world.customer)
    let names = [
      ("FLOW", "flow_data[subscription_update_confirm]"), ("CUSTOMER", world.customer),
      ("SUB", subscription.id), ("ITEM", subscription.item["id"]?.string ?? ""),
      ("YEARLY", world.money.yearly),
      ("OTHER", world.money.subscribe(world.money.customer()).id),
      ("CONFIGURATION", world.configuration(world.everything).id),
    ]
    var (parameters, error) = refusal
    if parameters.contains("FLOW") {
      parameters +=
        "&flow_data[type]=subscription_update_confirm&FLOW[subscription]=\(subscription.id)"
    }
    for (name, value) in names {
      parameters = parameters.replacing(name, with: value)
      error = error.replacing(name, with: value)
    }
    let answer = world.stripe.post("/v1/billing_portal/sessions", parameters)
    #expect(answer.error == "400 invalid_request_error \(error)")
  }

  @Test(.tags(.unit)) func flows() throws {
    let world = try PortalWorld()
    let subscription = world.money.subscribe(world.customer)
    let item = subscription.item["id"]?.string ?? ""
    let coupon = world.stripe.post("/v1/coupons", "percent_off=20&duration=once").id
    let name = "flow_data[subscription_update_confirm]"
    let confirm = world.visit(
      flow: """
        flow_data[type]=subscription_update_confirm&\(name)[subscription]=\(subscription.id)&\
        \(name)[items][0][id]=\(item)&\(name)[items][0][price]=\(world.dear)&\
        \(name)[discounts][0][coupon]=\(coupon)&flow_data[after_completion][type]=redirect&\
        flow_data[after_completion][redirect][return_url]=https://example.com/done&locale=de
        """)
    #expect(
      confirm["flow", "subscription_update_confirm", "items"]
        == [["id": .string(item), "price": .string(world.dear), "quantity": 1]])
    #expect(
      confirm["flow", "after_completion", "redirect", "return_url"] == "https://example.com/done")
    #expect(confirm["locale"] == "de")
    for type in ["payment_method_update", "subscription_cancel", "subscription_update"] {
      let more =
        type == "payment_method_update"
        ? "" : "&flow_data[\(type)][subscription]=\(subscription.id)"
      let session = world.visit(flow: "flow_data[type]=\(type)\(more)")
      #expect(session["flow", "type"] == .string(type))
      #expect(session["flow", "after_completion", "type"] == "portal_homepage")
    }
    let customers = world.visit(
      """
      features[customer_update][enabled]=true&features[customer_update][allowed_updates][0]=email
      """, flow: "flow_data[type]=customer_update")
    #expect(customers["flow", "customer_update"] == [:])
    // A visit with a purpose allows nothing else.
    #expect(
      world.act(confirm.id, "cancel").error == """
        400 invalid_request_error - -: The portal session \(confirm.id) was created for the flow \
        subscription_update_confirm alone.
        """)
    #expect(world.act(confirm.id, "update", "quantity=3").status == 400)
    #expect(world.act(confirm.id, "update").status == 200)
    let changed = world.subscription(subscription.id)
    #expect(changed.item[at: "price", "id"] == .string(world.dear))
    #expect(changed["discounts"]?.array?.count == 1)
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func whatCannotBeUpdated() throws {
    let world = try PortalWorld()
    let two = world.money.subscribe(
      world.customer, "items[0][price]=\(world.money.monthly)&items[1][price]=\(world.dear)")
    let session = world.visit()
    #expect(
      world.act(session.id, "update", "quantity=2").error == """
        400 invalid_request_error - -: This subscription cannot be updated because it contains \
        multiple products.
        """)
    _ = world.stripe.delete("/v1/subscriptions/\(two.id)")
    #expect(
      world.act(session.id, "update", "quantity=2").error == """
        400 invalid_request_error - subscription: The customer \(world.customer) has no \
        subscription.
        """)
    let sent = world.money.subscribe(
      world.customer, "collection_method=send_invoice&days_until_due=30")
    #expect(
      world.act(session.id, "update", "quantity=2").error == """
        400 invalid_request_error - -: This subscription cannot be updated because its invoices \
        are sent to the customer.
        """)
    let other = world.money.subscribe(world.customer)
    #expect(
      world.act(session.id, "cancel").error == """
        400 invalid_request_error - subscription: The customer \(world.customer) has several \
        subscriptions: name one by `subscription`.
        """)
    #expect(world.act(session.id, "cancel", "subscription=\(sent.id)").status == 200)
    #expect(world.subscription(sent.id)["cancel_at_period_end"] == true)
    #expect(world.subscription(other.id)["cancel_at_period_end"] == false)
  }

  @Test(.tags(.unit)) func visitsAreShort() throws {
    let world = try PortalWorld()
    _ = world.money.subscribe(world.customer)
    let late = world.visit()
    let visit = world.visit()
    world.stripe.wait(seconds: 300)
    #expect(world.act(visit.id, "cancel").status == 200)
    world.stripe.wait(seconds: 3600)
    #expect(
      world.act(late.id, "cancel").error == """
        400 invalid_request_error - -: The portal session \(late.id) has expired. Create a new one.
        """)
    #expect(world.act(visit.id, "resume").status == 200)
    world.stripe.wait(seconds: 3601)
    #expect(world.act(visit.id, "cancel").status == 400)
    #expect(
      world.stripe.post("/sandbox/billing_portal/sessions/bps_x/cancel").status == 404)
  }
}
