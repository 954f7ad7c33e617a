import Basics
import Testing

@testable import StripeSandbox

@Suite struct PortalConfigurationTests {
  @Test(.tags(.unit)) func madeChangedAndListed() throws {
    let world = try PortalWorld()
    let made = world.configuration(
      """
      \(world.everything)&business_profile[headline]=Hello&name=Main&\
      default_return_url=https://example.com&metadata[a]=b&login_page[enabled]=true
      """)
    #expect(made["is_default"] == false)
    #expect(made["business_profile", "headline"] == "Hello")
    #expect(made["login_page", "url"]?.string?.hasPrefix("https://billing.stripe.com/") == true)
    let update = try #require(made["features", "subscription_update"])
    #expect(update["proration_behavior"] == "none")
    #expect(update["trial_update_behavior"] == "end_trial")
    #expect(
      update[at: "products", "0", "adjustable_quantity"]
        == ["enabled": true, "maximum": .null, "minimum": 1])
    #expect(made["features", "subscription_cancel", "mode"] == "at_period_end")
    let path = "/v1/billing_portal/configurations/\(made.id)"
    let changed = world.stripe.post(
      path,
      """
      active=false&features[subscription_cancel][mode]=immediately&metadata[a]=&name=&\
      features[subscription_cancel][proration_behavior]=create_prorations
      """)
    #expect(changed["active"] == false)
    #expect(changed["name"] == .null)
    #expect(changed["metadata"] == [:])
    #expect(changed["features", "subscription_cancel", "enabled"] == true)
    #expect(changed["features", "subscription_cancel", "mode"] == "immediately")
    #expect(world.stripe.get(path).body == changed.body)
    #expect(world.stripe.get("/v1/billing_portal/configurations", "active=true").ids == [])
    #expect(
      world.stripe.get("/v1/billing_portal/configurations", "is_default=false").ids == [made.id])
    #expect(
      try world.stripe.eventTypes().suffix(2) == [
        "billing_portal.configuration.created", "billing_portal.configuration.updated",
      ])
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func aDefaultOneIsThereWhenNeeded() throws {
    let world = try PortalWorld()
    #expect(world.stripe.get("/v1/billing_portal/configurations").ids == [])
    let first = world.stripe.post(
      "/v1/billing_portal/sessions",
      "customer=\(world.customer)&return_url=http://localhost:3000/&expand[]=configuration")
    #expect(first["configuration", "is_default"] == true)
    #expect(first["configuration", "features", "subscription_cancel", "enabled"] == true)
    #expect(first["configuration", "features", "subscription_update", "enabled"] == false)
    #expect(first["return_url"] == "http://localhost:3000/")
    #expect(first["url"]?.string?.hasPrefix("https://billing.stripe.com/p/session/test_") == true)
    #expect(first["flow"] == .null)
    _ = world.stripe.post("/v1/billing_portal/sessions", "customer=\(world.customer)")
    let ids = world.stripe.get("/v1/billing_portal/configurations", "is_default=true").ids
    #expect(ids == [first["configuration", "id"]?.string ?? ""])
    #expect(
      world.stripe.post("/v1/billing_portal/configurations/\(ids[0])", "active=false").error == """
        400 invalid_request_error - active: You cannot deactivate the default configuration of \
        your customer portal.
        """)
  }

  private static let refusals: [(parameters: String, error: String)] = [
    ("", "parameter_missing features: Missing required param: features."),
    (
      "features[invoice_history][enabled]=true&default_return_url=x",
      "url_invalid default_return_url: Not a valid URL"
    ),
    (
      "EVERYTHING&features[payment_method_update][enabled]=false",
      "- -: Cannot enable subscription updates while payment method update is disabled."
    ),
    (
      "EVERYTHING&features[subscription_cancel][proration_behavior]=always_invoice",
      """
      - features[subscription_cancel][proration_behavior]: `proration_behavior` of \
      `subscription_cancel` cannot be `always_invoice`.
      """
    ),
    (
      "EVERYTHING&features[subscription_cancel][proration_behavior]=create_prorations",
      """
      - features[subscription_cancel][proration_behavior]: `proration_behavior: \
      create_prorations` of `subscription_cancel` can only be used with `mode: immediately`.
      """
    ),
    (
      "features[payment_method_update][enabled]=true&features[subscription_update][enabled]=true",
      """
      parameter_missing features[subscription_update][default_allowed_updates]: Missing required \
      param: features[subscription_update][default_allowed_updates].
      """
    ),
    (
      "features[customer_update][enabled]=true",
      """
      parameter_missing features[customer_update][allowed_updates]: Missing required param: \
      features[customer_update][allowed_updates].
      """
    ),
    (
      """
      EVERYTHING&features[subscription_update][schedule_at_period_end][conditions][0][type]=\
      shortening_interval
      """,
      """
      parameter_unsupported features[subscription_update][schedule_at_period_end][conditions]: \
      The sandbox does not offer the parameter \
      features[subscription_update][schedule_at_period_end][conditions] of this operation yet.
      """
    ),
    (
      """
      EVERYTHING&features[subscription_update][products][1][product]=PRODUCT&\
      features[subscription_update][products][1][prices][0]=price_x
      """,
      """
      resource_missing features[subscription_update][products][1][prices][0]: No such price: \
      'price_x'
      """
    ),
    (
      "features[subscription_pause][enabled]=true",
      """
      parameter_unsupported features[subscription_pause][enabled]: The sandbox does not offer the \
      parameter features[subscription_pause][enabled] of this operation yet.
      """
    ),
  ]

  @Test(.tags(.unit), arguments: refusals)
  func whatIsWrongIsSaid(_ refusal: (parameters: String, error: String)) throws {
    let world = try PortalWorld()
    let parameters = refusal.parameters.replacing("EVERYTHING", with: world.everything)
      .replacing("PRODUCT", with: world.money.product)
    let answer = world.configuration(parameters)
    #expect(answer.error == "400 invalid_request_error \(refusal.error)")
  }

  @Test(.tags(.unit)) func tenProductsAtMost() throws {
    let world = try PortalWorld()
    let name = "features[subscription_update][products]"
    let products = (0..<11).map {
      "\(name)[\($0)][product]=\(world.money.product)&\(name)[\($0)][prices][0]=\(world.dear)"
    }
    let answer = world.configuration(
      "\(world.everything)&\(products.joined(separator: "&"))")
    #expect(
      answer.error == """
        400 invalid_request_error - \(name): Array \(name) exceeded maximum 10 allowed elements.
        """)
  }
}
