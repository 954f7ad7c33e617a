import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct PortalTests {
  @Test func wordsBecomeOptions() throws {
    let command = try Words.parsed(
      "portal a@b.c --return-url https://x.y/z --flow payment-method", as: Portal.self)
    #expect(command.reference == .email("a@b.c") && command.flow == .paymentMethod)
    #expect(command.returnURL == "https://x.y/z")
    #expect(try Words.parsed("portal u-1", as: Portal.self).flow == nil)
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing;"),
    (
      "a@b.c --flow cancle",
      "--flow must be cancel, update or payment-method, not 'cancle'; did you mean cancel?"
    ),
    ("a@b.c --return-url x", "--return-url must be an address (https://…), not 'x';"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("portal \(words)") == "\(message) see billing portal --help")
  }

  private func shop(_ plans: String = "agnostic") async throws -> (Shop, customer: String) {
    let shop = try await Shop(plans)
    let made = try await shop.json("customer create --email ada@example.com")
    return (shop, made["id"]?.string ?? "-")
  }

  @Test func aVisit() async throws {
    let (shop, customer) = try await shop()
    #expect(
      try await shop.dryRun("portal ada@example.com --return-url https://a.b/c") == [
        #"""
        POST /v1/billing_portal/sessions {"customer":"\#(customer)","return_url":"https://a.b/c"}
        """#
      ])
    let visit = try await shop.json("portal ada@example.com")
    #expect(visit.object?.keys == ["id", "url", "customer", "expires_at"])
    #expect(visit["id"]?.string?.hasPrefix("bps_") == true && visit["expires_at"] == JSON.null)
    #expect(visit["url"]?.string?.hasPrefix("https://billing.stripe.com/") == true)
    #expect(visit["customer"]?.string == customer)
    #expect(try await shop.json("recover") == ["data": [], "has_more": false])
  }

  @Test func theConfigurationOfTheCatalogueIsUsed() async throws {
    let (shop, customer) = try await shop()
    let made = try await shop.json("portal configure")["id"]?.string ?? "-"
    let result = await shop.world.run(
      "--sandbox --quiet portal ada@example.com --dry-run --json",
      environment: ["FRONTEND_URL": "https://app.example.com"])
    let request = try JSON(parsing: result.output)[at: "requests", "0"]
    #expect(
      request?["params"] == [
        "customer": .string(customer), "configuration": .string(made),
        "return_url": "https://app.example.com/settings?tab=billing",
      ])
  }

  @Test func flowsLeadToOneThing() async throws {
    let (shop, customer) = try await shop()
    _ = try await shop.json("portal configure")
    #expect(
      try await shop.json("portal ada@example.com --flow payment-method --dry-run")[
        at: "requests", "0", "params", "flow_data"] == ["type": "payment_method_update"])
    for flow in ["cancel", "update"] {
      #expect(
        try await shop.failure("portal ada@example.com --flow \(flow)") == """
          5 invalid_state: \(customer) has no subscription that runs; \
          billing subscribe begins one
          """)
    }
    let id =
      try await shop.json(
        "subscribe ada@example.com team --payment-method pm_card_visa")["id"]?.string ?? "-"
    for flow in ["cancel", "update"] {
      #expect(
        try await shop.json("portal ada@example.com --flow \(flow) --dry-run")[
          at: "requests", "0", "params", "flow_data"] == [
            "type": .string("subscription_\(flow)"),
            "subscription_\(flow)": ["subscription": .string(id)],
          ])
      _ = try await shop.json("portal ada@example.com --flow \(flow)")
    }
    _ = try await shop.json("cancel ada@example.com")
    #expect(
      try await shop.failure("portal ada@example.com --flow cancel")
        .hasPrefix("5 invalid_state: \(id) is cancelled already, to end at 2026-12-20"))
  }

  @Test func aSubscriptionThatBillsUsageIsNotChangedThere() async throws {
    let (shop, _) = try await shop("coditect")
    let configured = await shop.run("portal configure")
    #expect(configured.exit == .done)
    let id =
      try await shop.json(
        "subscribe ada@example.com starter --payment-method pm_card_visa")["id"]?.string ?? "-"
    #expect(
      try await shop.failure("portal ada@example.com --flow update") == """
        5 invalid_state: the portal cannot change \(id), which has more than one price; \
        billing upgrade changes its plan
        """)
  }

  @Test func aPendingChangeIsInTheWay() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("portal configure")
    let id =
      try await shop.json(
        "subscribe ada@example.com enterprise --payment-method pm_card_visa")["id"]?.string ?? "-"
    _ = try await shop.json("downgrade ada@example.com team")
    #expect(
      try await shop.failure("portal ada@example.com --flow update") == """
        5 invalid_state: a change of \(id) is pending, so the portal cannot change it; \
        billing resume takes it back
        """)
    _ = try await shop.json("resume ada@example.com")
    _ = try await shop.json("portal ada@example.com --flow update")
  }

  @Test func aKeyOpensTheSameVisit() async throws {
    let (shop, _) = try await shop()
    let line = "portal ada@example.com --idempotency-key k"
    #expect(try await shop.json(line) == shop.json(line))
    let mismatch = """
      5 idempotency_mismatch: the key k was used for other words of portal; \
      take another --idempotency-key
      """
    #expect(try await shop.failure(line + " --return-url https://a.b/c") == mismatch)
    _ = try await shop.json("subscribe ada@example.com team --idempotency-key s")
    #expect(
      try await shop.failure("portal ada@example.com --idempotency-key s") == """
        5 idempotency_mismatch: the key s was used for other words of subscribe; \
        take another --idempotency-key
        """)
  }

  /// Stripe has no default configuration until it was saved once in its dashboard.
  @Test func withoutAnyConfiguration() async throws {
    let world = try TestWorld()
    let transport = ScriptedTransport([
      .json(#"{"id":"acct_1","object":"account"}"#),
      .json(
        """
        {"id":"cus_1","object":"customer","created":1795168800,"balance":0,"currency":null,
        "delinquent":false,"livemode":false,"metadata":{}}
        """),
      .json(
        """
        {"error":{"type":"invalid_request_error","message":"No configuration provided and your \
        test mode default configuration has not been created."}}
        """, status: 400),
    ])
    let result = await world.run(
      "portal cus_1 --json", environment: ["STRIPE_SECRET_KEY": "sk_test_abcdefghijkl"],
      transport: transport)
    #expect(
      try Shop.words(of: result) == """
        6 invalid_request_error: No configuration provided and your test mode default \
        configuration has not been created.; billing portal configure makes the portal as \
        plans.yaml says
        """)
    #expect(transport.rest == 0)
  }

  /// A visit whose answer got lost changes nothing: it is asked for again.
  @Test func aLostAnswerDoesNoHarm() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("sandbox fault add drop_after --path /v1/billing_portal/sessions")
    let failure = try await shop.failure("portal ada@example.com --max-retries 0")
    #expect(failure.hasPrefix("7 "), "\(failure)")
    #expect(try await shop.json("recover") == ["data": [], "has_more": false])
    _ = try await shop.json("portal ada@example.com")
  }
}
