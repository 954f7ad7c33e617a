import Basics
import Foundation
import Stripe
import Testing

@testable import billing

/// What is refused before anything is sent: an unscripted request would be an error of its own.
@Suite(.tags(.unit)) struct BadInputTests {
  private let world: TestWorld

  init() throws {
    world = try TestWorld()
    try FileManager.default.copyItem(
      atPath: Repository.root + "/plans.yaml", toPath: world.directory + "/plans.yaml")
  }

  /// Each command that changes something at Stripe.
  static let writes = [
    "customer create --email ada@example.com", "customer update cus_1 --name Ada",
    "customer delete cus_1", "customer import people.csv", "subscribe cus_1 starter",
    "cancel cus_1", "cancel cus_1 --now", "resume cus_1", "plans seed", "plans seed --prune",
    "usage report", "usage report --customer cus_1 --ending-within 2h",
    "checkout cus_1 --tokens booster --success-url https://a.example --cancel-url https://b.example",
    "tokens buy cus_1 booster --payment-method pm_1",
  ]

  /// Each command that changes what is kept here alone, and is kept like money.
  static let ownWrites = [
    "usage record cus_1 ai_requests 1", "usage set cus_1 projects 1", "usage import people.csv",
    "usage alerts --notify", "gate check cus_1 projects --consume 1",
    "gate release cus_1 projects", "tokens grant cus_1 5 --reference r",
    "tokens consume cus_1 5 --reference r", "apikey create cus_1", "apikey rotate key_1",
  ]

  private func run(
    _ line: String, key: String?
  ) async throws -> (error: JSON?, exit: ExitCode, sent: Int) {
    try world.write("external_id,email\nu1,ada@example.com\n", to: "people.csv")
    let transport = ScriptedTransport([])
    let result = await world.run(
      line + " --json", environment: key.map { ["STRIPE_SECRET_KEY": $0] } ?? [:],
      transport: transport)
    let last = result.errors.split(separator: "\n").last ?? ""
    #expect(result.output == "")
    return (
      try JSON(parsing: Array(last.utf8))["error"], result.exit, transport.requests.count
    )
  }

  @Test(arguments: writes + ["customer list", "customer show cus_1", "doctor --go-live"])
  func noKey(_ line: String) async throws {
    guard line != "doctor --go-live" else {
      #expect(await world.run(line).exit == .configuration)
      return
    }
    let result = try await run(line, key: nil)
    #expect(result.exit == .configuration)
    #expect(result.error?["code"] == "missing_key")
    #expect(
      result.error?["hint"] == "set STRIPE_SECRET_KEY, or use --sandbox, which needs none")
  }

  @Test(arguments: writes + ["customer list"])
  func aPublishableKey(_ line: String) async throws {
    let result = try await run(line, key: "pk_test_abc")
    #expect(result.exit == .configuration)
    #expect(result.error?["code"] == "missing_key")
    #expect(result.error?["hint"] == "take the secret key (sk_…) or a restricted one (rk_…)")
    #expect(result.sent == 0)
  }

  @Test(arguments: writes + ownWrites, ["sk_live_abc", "rk_live_abc"])
  func aLiveKeyWithoutLive(_ line: String, _ key: String) async throws {
    for answer in ["", " --yes"] {
      let result = try await run(line + answer, key: key)
      #expect(result.exit == .usage)
      #expect(result.error?["code"] == "live_required")
      #expect(result.sent == 0)
    }
    #expect(!world.exists("billing.db"))
  }

  @Test(arguments: writes + ownWrites)
  func aLiveKeyWithoutAYes(_ line: String) async throws {
    let result = try await run(line + " --live", key: "sk_live_abc")
    #expect(result.exit == .usage)
    #expect(result.error?["code"] == "confirmation_required")
    #expect(result.sent == 0)
  }

  @Test func liveWithATestKey() async throws {
    let result = try await run("cancel cus_1 --live", key: "sk_test_abc")
    #expect(result.exit == .configuration)
    #expect(result.error?["code"] == "wrong_mode")
    #expect(result.sent == 0)
  }

  /// Every mistake of the catalogue at once, each with its place.
  @Test func aCatalogueWithMistakes() async throws {
    try world.write(
      """
      version: 1
      currency: usd
      default_plan: nowhere
      plans:
        - id: Free!
          name: Free
          prices:
            - { interval: fortnight, unit_amount: 19.5 }
      """, to: "plans.yaml")
    for line in ["subscribe cus_1 starter", "customer create --email ada@example.com"] {
      let result = try await run(line, key: "sk_test_abc")
      #expect(result.exit == .configuration)
      #expect(result.error?["code"] == "invalid_plans")
      let details = result.error?["details"]?.array ?? []
      #expect(details.count >= 3)
      for detail in details {
        #expect(detail["file"]?.string?.hasSuffix("plans.yaml") == true)
        #expect((detail["line"]?.integer ?? 0) > 0 && (detail["column"]?.integer ?? 0) > 0)
        #expect(detail["message"]?.string?.isEmpty == false)
      }
      #expect(result.sent == 0)
    }
  }

  @Test func noCatalogue() async throws {
    try FileManager.default.removeItem(atPath: world.directory + "/plans.yaml")
    let result = try await run("subscribe cus_1 starter", key: "sk_test_abc")
    #expect(result.exit == .configuration)
    #expect(result.error?["code"] == "invalid_plans")
    #expect(result.sent == 0)
  }
}
