import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CustomerShowTests {
  @Test(arguments: [
    ("ada@example.com", CustomerReference.email("ada@example.com")),
    ("cus_1", .id("cus_1")), ("user-7", .externalID("user-7")),
  ])
  func wordsBecomeAReference(_ word: String, _ reference: CustomerReference) throws {
    #expect(try Words.parsed("customer show \(word)", as: CustomerShow.self).reference == reference)
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing"), ("''", "CUSTOMER is empty"),
    ("a b", "unexpected 'b'"),
    ("\u{1B}", "CUSTOMER must be an id (cus_…), an e-mail address or an id of yours"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("customer show \(words)") == "\(message); see billing customer show --help")
  }

  /// The account is asked for once, then the customer, then its subscriptions.
  @Test func whatIsAsked() async throws {
    let world = try TestWorld()
    try world.write(PlansTemplate.text, to: "plans.yaml")
    let customer = """
      {"id":"cus_1","object":"customer","email":"ada@example.com","created":1795168800,"balance":-500,
      "currency":"usd","delinquent":false,"livemode":false,"metadata":{"external_id":"u-1"}}
      """
    let transport = ScriptedTransport([
      .json(#"{"id":"acct_1","object":"account"}"#), .json(customer),
      .json(#"{"object":"list","data":[],"has_more":false}"#),
    ])
    let result = await world.run(
      "customer show cus_1", environment: ["STRIPE_SECRET_KEY": "sk_test_abcdefghijkl"],
      transport: transport)
    #expect(
      result.output == """
        id           cus_1
        email        ada@example.com
        name         -
        external id  u-1
        plan         free
        status       none
        balance      -$5.00
        metadata     external_id=u-1
        created      2026-11-20 10:00

        """)
    #expect(result.errors == "" && result.exit == .done && transport.rest == 0)
    #expect(
      transport.requests.map { "\($0.method.rawValue) \($0.url)" } == [
        "GET https://api.stripe.com/v1/account", "GET https://api.stripe.com/v1/customers/cus_1",
        "GET https://api.stripe.com/v1/subscriptions?customer=cus_1&status=all"
          + "&expand[0]=data.discounts.source.coupon&expand[1]=data.schedule&limit=100",
      ])
  }

  @Test func whoIsMeant() async throws {
    let shop = try await Shop(seeds: false)
    // Made by other programs, which keep your id under keys of their own.
    try await shop.call(
      .post, "customers",
      parameters: ["email": "ada@example.com", "metadata": ["external_id": "u-1"]])
    try await shop.call(.post, "customers", parameters: ["email": "two@example.com"])
    try await shop.call(.post, "customers", parameters: ["email": "two@example.com"])
    let ada = try await shop.json("customer show u-1")
    #expect(ada["email"] == "ada@example.com" && ada["external_id"] == "u-1")
    #expect(try await shop.json("customer show ada@example.com") == ada)
    #expect(try await shop.json("customer show \(ada["id"]?.string ?? "")") == ada)
    #expect(try await shop.json("customer show u-1 --local") == ada)
    let ids = try await shop.json("customer list --email two@example.com")["data"]?.array ?? []
    for option in ["", " --local"] {
      let failure = try await shop.failure("customer show two@example.com" + option)
      #expect(failure.hasPrefix("5 ambiguous: two@example.com fits 2 customers: cus_"))
      #expect(failure.hasSuffix("; name one by its id"))
      #expect(ids.count == 2 && ids.allSatisfy { failure.contains($0["id"]?.string ?? "-") })
    }
    for reference in ["nobody@example.com", "cus_nobody", "u-nobody"] {
      #expect(
        try await shop.failure("customer show \(reference)") == """
          4 not_found: no customer \(reference); billing customer list shows those there are; \
          billing customer create makes one
          """)
    }
  }

  @Test func thePlanIsWhatTheSubscriptionGives() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create --payment-method pm_card_visa")
    for option in ["", " --local"] {
      let ada = try await shop.json("customer show ada@example.com" + option)
      #expect(ada["plan"] == "team" && ada["status"] == "active" && ada["currency"] == "usd")
    }
  }
}
