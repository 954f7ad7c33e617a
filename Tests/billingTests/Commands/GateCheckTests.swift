import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct GateCheckTests {
  @Test func wordsBecomeOptions() throws {
    let command = try Words.parsed("gate check a@b.c projects --used 9", as: GateCheck.self)
    #expect(command.reference == .email("a@b.c") && command.featureID == "projects")
    #expect(command.used == 9)
    #expect(try Words.parsed("gate check a@b.c sso", as: GateCheck.self).used == nil)
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing;"), ("a@b.c", "FEATURE is missing;"),
    ("a@b.c sso x", "unexpected 'x';"),
    ("a@b.c sso --used few", "--used must be a whole number, not 'few';"),
    ("a@b.c sso --used -1", "--used must be at least 0, not -1;"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("gate check \(words)") == "\(message) see billing gate check --help")
  }

  /// The answer as a script takes it, with its exit code: what is refused is on standard output.
  private func decision(
    _ shop: Shop, _ words: String, exit: ExitCode
  ) async throws -> JSON {
    let result = await shop.run("gate check ada@example.com \(words) --json")
    #expect(result.exit == exit && result.errors == "", "\(words): \(result.errors)")
    return try JSON(parsing: result.output)
  }

  @Test func aFeatureOpensWithThePlan() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.json("customer create --email ada@example.com")
    #expect(
      try await decision(shop, "ai_requests", exit: .done) == [
        "allowed": true, "customer": made["id"] ?? .null, "feature": "ai_requests",
        "plan": "free", "reason": "included",
        "message": "AI requests: 0 of 3 are used with Free", "value": .null, "limit": 3,
        "used": 0, "remaining": 3, "per": "day", "upgrade_to": .null, "packages": [],
        "upgrade_url": .null,
      ])
    #expect(
      try await decision(shop, "team_members --used 1", exit: .denied)["upgrade_to"] == "starter")
    _ = try await shop.json(
      "subscribe ada@example.com professional --payment-method pm_card_visa")
    let members = try await decision(shop, "team_members --used 1", exit: .done)
    #expect(members["remaining"] == 19 && members["plan"] == "professional")
    let sso = try await decision(shop, "sso", exit: .denied)
    #expect(sso["reason"] == "not_in_plan" && sso["upgrade_to"] == JSON.null)
    #expect(sso["value"] == false && sso["limit"] == JSON.null && sso["used"] == JSON.null)
  }

  @Test func whereToUpgradeStandsInTheCatalogue() async throws {
    let shop = try await Shop(seeds: false)
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      text + "\nurls: { upgrade: https://shop.example/plans }\n", to: "plans.yaml")
    _ = try await shop.json("customer create --email ada@example.com")
    let denied = try await decision(shop, "sso", exit: .denied)
    #expect(denied["upgrade_url"] == "https://shop.example/plans")
    #expect(try await decision(shop, "ai_analysis", exit: .done)["upgrade_url"] == JSON.null)
  }

  @Test func anUnpaidSubscriptionGivesNothingAtOnce() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create")
    #expect(try await decision(shop, "users --used 3", exit: .denied)["plan"] == "free")
    #expect(try await decision(shop, "users --used 3", exit: .denied)["reason"] == "limit_reached")
  }

  @Test func whatIsCancelledLastsToItsEndByTheSandboxsClock() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json("cancel ada@example.com")
    #expect(try await decision(shop, "users --used 3", exit: .done)["plan"] == "team")
    _ = await shop.run("sandbox advance '1 month'")
    #expect(try await decision(shop, "users --used 3", exit: .denied)["plan"] == "free")
  }

  /// A customer on a test clock lives by that, whatever the time is elsewhere.
  @Test func aTestClocksCustomerLivesByIt() async throws {
    let shop = try await Shop()
    let clock =
      try await shop.call(
        .post, "test_helpers", "test_clocks",
        parameters: ["frozen_time": .integer(TestWorld.start.seconds)])["id"]?.string ?? "-"
    // Stripe finds such a customer by its id alone.
    let made = try await shop.json("customer create --email ada@example.com --test-clock \(clock)")
    _ = try await shop.json(
      "subscribe \(made["id"]?.string ?? "-") team --payment-method pm_card_visa")
    _ = try await shop.json(
      "entitlement set ada@example.com sso true --until 2027-01-01 --note why")
    #expect(try await decision(shop, "sso", exit: .done)["allowed"] == true)
    _ = await shop.run("sandbox advance '3 months'")
    #expect(try await decision(shop, "sso", exit: .done)["allowed"] == true)
    try await shop.call(
      .post, "test_helpers", "test_clocks", clock, "advance",
      parameters: ["frozen_time": .integer(TestWorld.start.seconds + 50 * 86_400)])
    // The clock arrives while others ask, and tells so by an event.
    let arrived = try await shop.call(.get, "test_helpers", "test_clocks", clock)
    #expect(arrived["status"] == "ready")
    #expect(try await decision(shop, "sso", exit: .denied)["allowed"] == false)
  }

  @Test func whatNobodyKnows() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    #expect(
      try await shop.failure("gate check ada@example.com project") == """
        4 not_found: no plan names a limit or feature 'project'; did you mean projects?
        """)
    #expect(
      try await shop.failure("gate check nobody@example.com sso")
        .hasPrefix("4 not_found: no customer nobody@example.com;"))
  }

  @Test(arguments: [
    ("sso", "--used is for levels, and sso is a feature"),
    ("test_runs", "--used is for levels, and test_runs is a flow, which is metered"),
  ])
  func ownCountsAreForLevels(_ feature: String, _ message: String) async throws {
    let shop = try await Shop(seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    #expect(
      try await shop.failure("gate check ada@example.com \(feature) --used 1")
        == "2 usage: \(message); leave --used out")
  }

  @Test func aPlanThatVanishedIsAFaultOfTheFile() async throws {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    let customer = made["customer"]?.string ?? "-"
    let text = try shop.world.text(of: "plans.yaml")
    try shop.world.write(text.replacing("id: team", with: "id: crew"), to: "plans.yaml")
    let hint = """
      put the plan back (available: false keeps it from being sold), or change its customers' plan
      """
    for line in ["gate check \(customer) sso", "gate list \(customer)"] {
      #expect(
        try await shop.failure(line) == """
          8 invalid_plans: \(customer) is on the plan team, which the plan catalogue does not \
          have; \(hint)
          """)
    }
    let found = "1 customer is on the plan team, which the plan catalogue does not have"
    let doctor = await shop.run("doctor --json")
    #expect(doctor.exit == .configuration)
    let findings = try JSON(parsing: doctor.output)["data"]?.array ?? []
    #expect(
      findings.last == [
        "check": "vanished_plans", "status": "fault", "message": .string(found),
        "hint": .string(hint),
      ])
    let validate = await shop.run("plans validate")
    #expect(validate.exit == .done && validate.errors == "warning: \(found)\n")
    let overview = await shop.run("customer overview \(customer) --json")
    #expect(overview.exit == .done)
    #expect(overview.errors == "warning: \(found); its limits are not known\n")
    #expect(try JSON(parsing: overview.output)["limits"] == [:])
  }

  /// No key is set, and a request would fail the test: nobody scripted an answer.
  @Test func itNeedsNoKeyAndNoNetwork() async throws {
    let world = try TestWorld()
    try world.write(PlansTemplate.text, to: "plans.yaml")
    let customer = """
      {"id":"cus_1","object":"customer","email":"ada@example.com","created":1795168800,"balance":0,
      "currency":"usd","delinquent":false,"livemode":false,"metadata":{}}
      """
    let date: HTTPHeaders = ["Date": TestWorld.start.httpDate]
    let seen = await world.run(
      "customer show cus_1", environment: ["STRIPE_SECRET_KEY": "sk_test_abcdefghijkl"],
      transport: ScriptedTransport([
        .json(#"{"id":"acct_1","object":"account"}"#), .response(200, customer, date),
        .json(#"{"object":"list","data":[],"has_more":false}"#),
      ]))
    #expect(seen.exit == .done)
    let catalogue = try Catalogue(yaml: PlansTemplate.text, file: "plans.yaml")
    let feature = try #require(catalogue.rightIDs.first)
    for line in [
      "gate check cus_1 \(feature)", "gate list cus_1", "customer overview cus_1",
      "entitlement list",
    ] {
      let result = await world.run(line)
      #expect([.done, .denied].contains(result.exit), "\(line): \(result.errors)")
    }
    let set = await world.run(["entitlement", "set", "cus_1", feature, "unlimited", "--note", "x"])
    #expect([.done, .usage].contains(set.exit), "\(set.errors)")
  }
}
