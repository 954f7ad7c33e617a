import Basics
import BillingCore
import Foundation
import Stripe
import StripeSandbox
import Synchronization
import Testing

@testable import billing

/// A world with one of the catalogues in fixtures/plans, seeded in a sandbox of its own.
struct Shop {
  let world: TestWorld

  init(_ plans: String = "agnostic", seeds: Bool = true) async throws {
    world = try TestWorld()
    if seeds {
      try world.takeOver(await SeededWorlds.shared.world(plans))
    } else {
      try Self.writePlans(plans, in: world)
    }
  }

  /// Goes on where another shop stands, without changing it.
  init(copying other: Shop) throws {
    world = try TestWorld()
    try world.takeOver(other.world)
    let now = other.world.clock.withLock { $0 }
    world.clock.withLock { $0 = now }
  }

  static func writePlans(_ plans: String, in world: TestWorld) throws {
    let path = "\(Repository.root)/fixtures/plans/\(plans).yaml"
    try world.write(String(contentsOfFile: path, encoding: .utf8), to: "plans.yaml")
  }

  /// Runs a line in the sandbox, a second after the last one.
  func run(_ line: String) async -> TestWorld.Result {
    world.tick()
    return await world.run(["--sandbox", "--quiet"] + Session.words(of: line))
  }

  /// What a line that goes well prints with `--json`.
  func json(_ line: String) async throws -> JSON {
    let result = await run(line + " --json")
    #expect(result.exit == .done && result.errors == "", "\(line): \(result.errors)")
    return try JSON(parsing: result.output)
  }

  /// The error that a line ends with: `exit code: message; hint`.
  func failure(_ line: String) async throws -> String {
    let result = await run(line + " --json")
    #expect(result.output == "")
    return try Self.words(of: result)
  }

  static func words(of result: TestWorld.Result) throws -> String {
    guard let error = try JSON(parsing: result.errors)["error"] else { return result.errors }
    #expect(error["exit"]?.integer == Int64(result.exit.rawValue))
    let hint = error["hint"]?.string.map { "; \($0)" } ?? ""
    return "\(result.exit.rawValue) \(error["code"]?.string ?? "-"): "
      + "\(error["message"]?.string ?? "-")\(hint)"
  }

  /// A call past the commands, as another program would make it.
  @discardableResult
  func call(
    _ method: HTTPMethod, _ path: String..., parameters: JSONObject = [:]
  ) async throws -> JSON {
    let path = StripePath(segments: ["v1"] + path)
    let client = try world.context("--sandbox --quiet").client()
    return try await client.send(StripeRequest(method, path, parameters)).json
  }

  /// The state of the operation with a key; nil where the journal has none.
  func journal(key: String) throws -> String? {
    let store = try world.context("--sandbox --quiet").store()
    return try store.read { try $0.operation(key: key) }?.state.rawValue
  }

  /// The requests of a dry run, a line each, once it is sure that nothing came of it.
  func dryRun(_ line: String) async throws -> [String] {
    let before = try counts()
    let plan = try await json(line + " --dry-run --idempotency-key dry")
    #expect(plan.object?.keys == ["dry_run", "requests", "changes", "preview"])
    #expect(plan["dry_run"] == true)
    #expect(try counts() == before)
    #expect(try journal(key: "dry") == nil)
    return (plan["requests"]?.array ?? []).map { request in
      "\(request["method"]?.string ?? "-") \(request["path"]?.string ?? "-") "
        + (request["params"]?.compact ?? "-")
    }
  }

  /// How many objects the sandbox has of each type.
  func counts() throws -> [String: Int] {
    try Dictionary(
      world.context("--sandbox --quiet").sandbox().summary(latest: 1).counts.map {
        ($0.type, $0.count)
      }, uniquingKeysWith: { $1 })
  }
}

/// A seeded sandbox for each catalogue, made once and copied by every test that wants one.
private actor SeededWorlds {
  static let shared = SeededWorlds()
  private var worlds: [String: Task<TestWorld, any Error>] = [:]

  func world(_ plans: String) async throws -> TestWorld {
    let task =
      worlds[plans]
      ?? Task {
        let world = try TestWorld()
        try Shop.writePlans(plans, in: world)
        #expect(await world.run("--sandbox --quiet plans seed").exit == .done)
        return world
      }
    worlds[plans] = task
    return try await task.value
  }
}
