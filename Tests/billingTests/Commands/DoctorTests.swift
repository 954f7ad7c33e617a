import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct DoctorTests {
  private static let key = ["STRIPE_SECRET_KEY": "sk_test_abcdefghijkl"]

  private static func account(
    _ body: String = #"{"id":"acct_1","charges_enabled":true}"#, status: Int = 200,
    secondsBehind: Int64 = 0
  ) -> ScriptedTransport.Answer {
    .response(status, body, ["Date": (TestWorld.start - secondsBehind).httpDate])
  }

  /// `check status`, one a line.
  private func findings(
    _ words: String, _ environment: [String: String], _ answers: [ScriptedTransport.Answer],
    in world: TestWorld? = nil
  ) async throws -> (result: TestWorld.Result, lines: [String]) {
    let transport = ScriptedTransport(answers)
    let world = try world ?? TestWorld()
    let result = await world.run(
      words + " --json", environment: environment, transport: transport)
    #expect(transport.rest == 0)
    #expect(transport.requests.allSatisfy { $0.method == .get })
    let rows = try JSON(parsing: result.output)["data"]?.array ?? []
    return (result, rows.map { "\($0["check"]?.string ?? "") \($0["status"]?.string ?? "")" })
  }

  @Test func anEmptyFolderWithoutAKey() async throws {
    let (result, lines) = try await findings("doctor", [:], [])
    #expect(result.exit == .configuration)
    #expect(
      lines == [
        "key fault", "api_version ok", "webhook_secret warning", "database warning",
        "plans warning",
      ])
    #expect(
      result.errors == """
        {"error":{"code":"missing_key","message":"key: there is no Stripe key",\
        "hint":"set STRIPE_SECRET_KEY, or use --sandbox, which needs none","exit":8}}

        """)
  }

  @Test func everythingInPlace() async throws {
    let world = try TestWorld()
    _ = await world.run("init")
    let environment = Self.key.merging(["STRIPE_WEBHOOK_SECRET": "whsec_a, whsec_b"]) { $1 }
    let (result, lines) = try await findings(
      "doctor", environment, [Self.account()], in: world)
    #expect(result.exit == .done && result.errors == "")
    #expect(
      lines == [
        "key ok", "mode ok", "api_version ok", "webhook_secret ok", "stripe ok", "clock ok",
        "database ok", "plans ok",
      ])
    #expect(result.output.contains("sk_test_****ijkl") && result.output.contains("2 are set"))
  }

  @Test(arguments: [
    (0, "ok", "agrees with Stripe's"), (30, "ok", "30 s ahead"), (-31, "warning", "31 s behind"),
    (300, "warning", "300 s ahead"), (301, "fault", "301 s ahead"),
  ]) func clocks(_ skew: Int64, _ status: String, _ words: String) async throws {
    let (result, lines) = try await findings(
      "doctor", Self.key, [Self.account(secondsBehind: skew)])
    #expect(lines.contains("clock \(status)"))
    #expect(result.output.contains(words))
  }

  @Test func whatStripeSays() async throws {
    let refused = #"{"error":{"type":"invalid_request_error","message":"no"}}"#
    #expect(
      try await findings("doctor", Self.key, [Self.account(refused, status: 401)]).lines
        .contains("stripe fault"))
    #expect(
      try await findings("doctor", Self.key, [Self.account(refused, status: 403)]).lines
        .contains("stripe warning"))
  }

  @Test func otherWarnings() async throws {
    let environment = Self.key.merging([
      "STRIPE_API_VERSION": "2024-11-20.acacia", "STRIPE_WEBHOOK_SECRET": "we_123",
    ]) { $1 }
    let (_, lines) = try await findings("doctor", environment, [Self.account()])
    #expect(lines.contains("api_version warning") && lines.contains("webhook_secret warning"))
  }

  @Test func aDatabaseOfAnotherMode() async throws {
    let world = try TestWorld()
    _ = await world.run("--sandbox --db billing.db init")
    let (result, lines) = try await findings("doctor", Self.key, [Self.account()], in: world)
    #expect(lines.contains("database fault"))
    #expect(result.exit == .configuration)
    #expect(
      result.errors.hasPrefix(
        #"{"error":{"code":"wrong_mode","message":"database: billing.db belongs to sandbox mode"#))
  }

  @Test func aNamedCatalogueMustBeThere() async throws {
    let (result, lines) = try await findings(
      "doctor --plans gone.yaml", Self.key, [Self.account()])
    #expect(lines.contains("plans fault"))
    #expect(result.exit == .configuration)
  }

  @Test(arguments: [
    (
      "version: 1\nplans: []\n", "the plan catalogue has 3 mistakes",
      "billing plans validate names each mistake and its place"
    ),
    (
      "# 4242424242424242\n",
      "plans.yaml:1: a card number does not belong in the catalogue",
      "remove it; a customer's card is a payment method (pm_…)"
    ),
  ])
  func aCatalogueWithMistakes(_ text: String, _ message: String, _ hint: String) async throws {
    let world = try TestWorld()
    try world.write(text, to: "plans.yaml")
    let result = await world.run("--sandbox doctor --json")
    let plans = try JSON(parsing: result.output)["data"]?.array?.last
    #expect(
      plans == [
        "check": "plans", "status": "fault", "message": .string(message), "hint": .string(hint),
      ])
    #expect(result.exit == .configuration)
    #expect(result.errors.contains(#""code":"invalid_plans""#))
  }

  @Test func goingLive() async throws {
    let environment = [
      "STRIPE_SECRET_KEY": "rk_live_abcdefghijkl", "STRIPE_WEBHOOK_SECRET": "whsec_a",
      "FRONTEND_URL": "https://app.example.com",
    ]
    let endpoints = #"{"data":[{"status":"enabled","url":"https://x"}],"has_more":false}"#
    let (result, lines) = try await findings(
      "doctor --go-live", environment,
      [Self.account(), Self.account(), .json(endpoints)])
    #expect(result.exit == .done)
    #expect(
      lines.suffix(4) == ["live_key ok", "return_url ok", "account ok", "webhook_endpoint ok"])
  }

  @Test func notReadyToGoLive() async throws {
    let environment = Self.key.merging(["FRONTEND_URL": "http://app.example.com"]) { $1 }
    let (result, lines) = try await findings(
      "doctor --go-live", environment,
      [
        Self.account(), Self.account(#"{"id":"acct_1","charges_enabled":false}"#),
        .json(#"{"data":[],"has_more":false}"#),
      ])
    #expect(
      lines.suffix(5) == [
        "live_key fault", "live_webhook_secret fault", "return_url fault", "account fault",
        "webhook_endpoint fault",
      ])
    #expect(
      result.errors.contains(
        "faults in live_key, live_webhook_secret, return_url, account, webhook_endpoint"))
  }

  @Test func theTableShowsWhatHelps() async throws {
    let result = try await TestWorld().run("doctor")
    #expect(
      result.output.hasPrefix(
        """
        CHECK           STATUS   WHAT WAS FOUND
        key             fault    there is no Stripe key
                        hint     set STRIPE_SECRET_KEY, or use --sandbox, which needs none

        """))
  }
}
