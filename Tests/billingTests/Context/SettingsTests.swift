import Testing

@testable import billing

@Suite(.tags(.unit)) struct SettingsTests {
  @Test func defaults() throws {
    let world = try TestWorld()
    let settings = try world.context().settings
    #expect(settings.databasePath == world.directory + "/billing.db")
    #expect(settings.sandboxDatabasePath == world.directory + "/stripe.sandbox.db")
    #expect(settings.plansPath == world.directory + "/plans.yaml")
    #expect(settings.apiVersion == "2026-10-28.endive")
    #expect(settings.apiBase == "https://api.stripe.com")
    #expect(settings.timeoutSeconds == 80 && settings.maxRetries == 2)
    #expect(settings.rateLimit == nil && settings.actor == "ada@laptop")
    #expect(!settings.isSandbox && !settings.usesColor)
  }

  @Test func theEnvironment() throws {
    let settings = try TestWorld().context(environment: [
      "BILLING_SANDBOX": "1", "BILLING_DB": "/a.db", "BILLING_SANDBOX_DB": "/b.db",
      "BILLING_PLANS": "/c.yaml", "STRIPE_API_VERSION": "2025-03-31.basil",
      "BILLING_ACTOR": "ci", "BILLING_RATE_LIMIT": "5", "STRIPE_API_BASE": "https://elsewhere",
    ]).settings
    #expect(settings.isSandbox && settings.databasePath == "/a.db")
    #expect(settings.sandboxDatabasePath == "/b.db" && settings.plansPath == "/c.yaml")
    #expect(settings.apiVersion == "2025-03-31.basil" && settings.actor == "ci")
    #expect(settings.rateLimit == 5)
    #expect(settings.apiBase == "https://api.stripe.com")
  }

  @Test func optionsWinOverTheEnvironment() throws {
    let settings = try TestWorld().context(
      "--db /x.db --api-version 2026-10-28.endive --api-base https://here",
      environment: [
        "BILLING_DB": "/a.db", "STRIPE_API_VERSION": "2025-03-31.basil",
        "STRIPE_API_BASE": "https://elsewhere",
      ]
    ).settings
    #expect(settings.databasePath == "/x.db" && settings.apiBase == "https://here")
    #expect(settings.apiVersion == "2026-10-28.endive")
  }

  @Test func theSandboxHasItsOwnDatabase() throws {
    let world = try TestWorld()
    let settings = try world.context("--sandbox").settings
    #expect(settings.databasePath == world.directory + "/billing.sandbox.db")
  }

  @Test(arguments: [
    ([:], "", true), (["NO_COLOR": "1"], "", false), (["NO_COLOR": ""], "", true),
    (["TERM": "dumb"], "", false), ([:], "--no-color", false),
  ]) func colour(_ environment: [String: String], _ options: String, _ usesColor: Bool) throws {
    let context = try TestWorld().context(
      options, environment: environment, terminal: World.Terminal(output: true))
    #expect(context.settings.usesColor == usesColor)
  }

  @Test func noColourWithoutATerminal() throws {
    #expect(try !TestWorld().context().settings.usesColor)
  }

  @Test(arguments: [
    (["BILLING_SANDBOX": "1"], "--live", "BILLING_SANDBOX=1 and --live exclude each other"),
    (
      ["BILLING_SANDBOX": "1"], "--api-base https://x",
      "BILLING_SANDBOX=1 and --api-base exclude each other"
    ),
  ]) func contradictions(
    _ environment: [String: String], _ options: String, _ message: String
  ) async throws {
    let result = try await TestWorld().run("doctor \(options)", environment: environment)
    #expect(result.exit == .usage)
    #expect(result.errors == "error: \(message); see billing --help\n")
  }

  @Test(arguments: [
    (
      ["BILLING_RATE_LIMIT": "fast"],
      "BILLING_RATE_LIMIT must be a whole number of requests a second"
    ),
    (["STRIPE_API_VERSION": "new"], "STRIPE_API_VERSION must be like 2026-10-28.endive"),
  ]) func badVariables(_ environment: [String: String], _ message: String) async throws {
    let result = try await TestWorld().run("doctor --json", environment: environment)
    #expect(result.exit == .configuration)
    #expect(
      result.errors
        == "{\"error\":{\"code\":\"invalid_env\",\"message\":\"\(message)\",\"exit\":8}}\n")
  }
}
