import Basics
import BillingCore
import Foundation
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct DoctorTests {
  static let key = ["STRIPE_SECRET_KEY": "sk_test_abcdefghijkl"]

  static func account(
    _ body: String = #"{"id":"acct_1","charges_enabled":true,"payouts_enabled":true}"#,
    status: Int = 200, secondsBehind: Int64 = 0
  ) -> ScriptedTransport.Answer {
    .response(status, body, ["Date": (TestWorld.start - secondsBehind).httpDate])
  }

  /// A list of one endpoint.
  static func endpoint(
    events: [String] = ["*"], status: String = "enabled", version: String? = nil
  ) -> ScriptedTransport.Answer {
    let endpoint: JSON = [
      "id": "we_1", "object": "webhook_endpoint", "url": "https://app.example.com/hook",
      "status": .string(status), "enabled_events": .array(events.map { .string($0) }),
      "api_version": JSON(version), "livemode": true, "created": 1_795_168_800,
    ]
    return .json(JSON.object(["data": [endpoint], "has_more": false]).compact)
  }

  static let noEndpoint = ScriptedTransport.Answer.json(#"{"data":[],"has_more":false}"#)
  private static let refused = #"{"error":{"type":"invalid_request_error","message":"no"}}"#

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
    #expect(rows.allSatisfy { $0.object?.keys == ["check", "status", "message", "hint"] })
    return (result, rows.map { "\($0["check"]?.string ?? "") \($0["status"]?.string ?? "")" })
  }

  /// `status: message; hint` of one check.
  private func finding(
    _ check: String, _ environment: [String: String] = key,
    _ answers: [ScriptedTransport.Answer] = [account(), endpoint()], in world: TestWorld? = nil,
    _ words: String = "doctor"
  ) async throws -> [String] {
    let result = try await findings(words, environment, answers, in: world).result
    return try (JSON(parsing: result.output)["data"]?.array ?? [])
      .filter { $0["check"]?.string == check }
      .map { row in
        let hint = row["hint"]?.string.map { "; \($0)" } ?? ""
        return "\(row["status"]?.string ?? "-"): \(row["message"]?.string ?? "-")\(hint)"
      }
  }

  @Test func anEmptyFolderWithoutAKey() async throws {
    let (result, lines) = try await findings("doctor", [:], [])
    #expect(result.exit == .configuration)
    #expect(
      lines == [
        "key fault", "api_version ok", "webhook_secret warning", "files ok", "disk ok",
        "database warning", "plans warning",
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
      "doctor", environment, [Self.account(), Self.endpoint()], in: world)
    #expect(result.exit == .done && result.errors == "")
    #expect(
      lines == [
        "key ok", "mode ok", "api_version ok", "webhook_secret ok", "files ok", "disk ok",
        "stripe ok", "clock ok", "webhook_endpoints ok", "database ok", "operations ok",
        "events ok", "queues ok", "plans ok",
      ])
    #expect(result.output.contains("sk_test_****ijkl"))
    #expect(result.output.contains("2 are set, and each verifies a probe"))
  }

  @Test(arguments: [
    (0, "ok", "agrees with Stripe's"), (30, "ok", "30 s ahead"), (-31, "warning", "31 s behind"),
    (300, "warning", "300 s ahead"), (301, "fault", "301 s ahead"),
  ]) func clocks(_ skew: Int64, _ status: String, _ words: String) async throws {
    let (result, lines) = try await findings(
      "doctor", Self.key, [Self.account(secondsBehind: skew), Self.endpoint()])
    #expect(lines.contains("clock \(status)"))
    #expect(result.output.contains(words))
  }

  @Test func whatStripeSays() async throws {
    #expect(
      try await findings("doctor", Self.key, [Self.account(Self.refused, status: 401)]).lines
        .contains("stripe fault"))
    let forbidden = try await findings(
      "doctor", Self.key,
      [Self.account(Self.refused, status: 403), .response(403, Self.refused, [:])])
    #expect(forbidden.lines.contains("stripe warning"))
    #expect(forbidden.lines.contains("webhook_endpoints warning"))
    #expect(forbidden.result.exit == .done)
  }

  @Test func anotherVersion() async throws {
    let environment = Self.key.merging(["STRIPE_API_VERSION": "2024-11-20.acacia"]) { $1 }
    #expect(
      try await finding("api_version", environment) == [
        "warning: 2024-11-20.acacia is not the one this program is built for; "
          + "leave --api-version and STRIPE_API_VERSION out for 2026-10-28.endive"
      ])
  }

  @Test(arguments: [
    ("we_123", "warning: does not look like a signing secret"),
    ("\"whsec_a\"", "warning: does not look like a signing secret"),
    ("whsec_a,whsec_a", "warning: 2 are set, and two are the same"),
    ("whsec_a", "ok: set, and it verifies a probe"),
  ]) func webhookSecrets(_ value: String, _ expected: String) async throws {
    let environment = Self.key.merging(["STRIPE_WEBHOOK_SECRET": value]) { $1 }
    let found = try await finding("webhook_secret", environment)
    #expect(found.count == 1 && found[0].hasPrefix(expected), "\(found)")
  }

  // MARK: Endpoints

  @Test func endpointsAreHeldAgainstWhatIsHandled() async throws {
    let all = HandledEvents.types
    let cases: [(ScriptedTransport.Answer, String)] = [
      (Self.noEndpoint, "warning: none: Stripe sends events nowhere"),
      (Self.endpoint(events: all), "ok: 1 enabled, with every event handled here"),
      (
        Self.endpoint(events: all.filter { !$0.hasPrefix("refund.") && $0 != "invoice.paid" }),
        "warning: no endpoint hears of invoice.paid, refund.created, refund.updated and 1 more"
      ),
      (
        Self.endpoint(status: "disabled"), "warning: we_1 is disabled: https://app.example.com/hook"
      ),
      (
        Self.endpoint(version: "2024-11-20.acacia"),
        "warning: we_1 sends events of 2024-11-20.acacia, and this is 2026-10-28.endive"
      ),
      (Self.endpoint(version: "2026-10-28.endive"), "ok: 1 enabled"),
    ]
    for (answer, expected) in cases {
      let found = try await finding("webhook_endpoints", Self.key, [Self.account(), answer])
      #expect(found.count == 1 && found[0].hasPrefix(expected), "\(found)")
    }
  }

  // MARK: Files and disk

  @Test func whoMayReadTheFiles() async throws {
    let world = try TestWorld()
    _ = await world.run("init")
    try world.write("STRIPE_WEBHOOK_SECRET=whsec_a\n", to: ".env", mode: 0o644)
    #expect(
      try await finding("files", in: world) == [
        "warning: everyone on this machine may read .env; chmod 600 each of them"
      ])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o666], ofItemAtPath: world.directory + "/billing.db")
    #expect(
      try await finding("files", in: world) == [
        "fault: everyone on this machine may write to billing.db; "
          + "chmod 600 each of them, and look at what may have been changed"
      ])
    try world.write("STRIPE_WEBHOOK_SECRET=\n", to: ".env", mode: 0o644)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: world.directory + "/billing.db")
    #expect(
      try await finding("files", in: world) == ["ok: nobody else may read billing.db"])
  }

  @Test(arguments: [
    (40_000_000_000, "ok: 37 GB free where billing.db lies"),
    (200 << 20, "warning: 200 MB free where billing.db lies; make room on that disk"),
    (
      7 << 20,
      "fault: 7 MB free where billing.db lies; "
        + "make room on that disk; what was written down is whole"
    ),
  ]) func roomOnTheDisk(_ free: Int64, _ expected: String) throws {
    let world = try TestWorld()
    var surroundings = world.world()
    surroundings.freeBytes = { _ in free }
    let context = try Context(
      surroundings,
      GlobalOptions(parsing: Arguments([], parameters: GlobalOptions.parameters, command: "")))
    var arguments = try Arguments([], parameters: Doctor.parameters, command: Doctor.name)
    let found = try Doctor(parsing: &arguments).diskFinding(context)
    let hint = found?.hint.map { "; \($0)" } ?? ""
    #expect("\(found?.status.rawValue ?? "-"): \(found?.message ?? "-")\(hint)" == expected)
  }

  // MARK: The database

  @Test func aDatabaseOfAnotherMode() async throws {
    let world = try TestWorld()
    _ = await world.run("--sandbox --db billing.db init")
    let (result, lines) = try await findings(
      "doctor", Self.key, [Self.account(), Self.endpoint()], in: world)
    #expect(lines.contains("database fault"))
    #expect(result.exit == .configuration)
    #expect(
      result.errors.hasPrefix(
        #"{"error":{"code":"wrong_mode","message":"database: billing.db belongs to sandbox mode"#))
  }

  @Test func aNamedCatalogueMustBeThere() async throws {
    let (result, lines) = try await findings(
      "doctor --plans gone.yaml", Self.key, [Self.account(), Self.endpoint()])
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
