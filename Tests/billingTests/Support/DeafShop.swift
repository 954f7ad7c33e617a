import Basics
import BillingCore
import Stripe
import StripeSandbox

@testable import billing

/// A state database that nobody tells what happens at Stripe: it reads a sandbox with a key, as any
/// other Stripe, so that no event is handed over.
struct DeafShop {
  let shop: Shop
  let transport: SandboxTransport
  private let client: StripeClient

  init(_ lines: String...) async throws {
    shop = try await Shop()
    for line in lines { _ = try await shop.json(line) }
    let context = try shop.world.context("--sandbox --quiet")
    transport = SandboxTransport(sandbox: try context.sandbox())
    client = try context.client()
  }

  func run(
    _ line: String, through transport: (any Transport)? = nil, isQuiet: Bool = true
  ) async -> TestWorld.Result {
    shop.world.tick()
    return await shop.world.run(
      (isQuiet ? ["--quiet"] : []) + Session.words(of: line),
      environment: [
        "STRIPE_SECRET_KEY": SandboxTransport.key, "STRIPE_API_BASE": SandboxTransport.baseURL,
      ], transport: transport ?? self.transport)
  }

  /// What a line shows with `--json`; of a failure after that the words of its error.
  func json(
    _ line: String, through transport: (any Transport)? = nil
  ) async throws -> (json: JSON, error: String?) {
    let result = await run(line + " --json", through: transport)
    let error = result.exit == .done ? nil : try Shop.words(of: result)
    return (result.output.isEmpty ? .null : try JSON(parsing: result.output), error)
  }

  /// `object field: here | there`, a line a difference.
  func drift() async throws -> [String] {
    (try await json("sync --check").json["data"]?.array ?? []).map { row in
      "\(row["object"]?.string ?? "-") \(row["field"]?.string ?? "-"): "
        + "\(row["here"]?.compact ?? "-") | \(row["there"]?.compact ?? "-")"
    }
  }

  @discardableResult
  func call(
    _ method: HTTPMethod, _ path: String..., parameters: JSONObject = [:]
  ) async throws -> JSON {
    let path = StripePath(segments: ["v1"] + path)
    return try await client.send(StripeRequest(method, path, parameters)).json
  }

  /// The ids of a list.
  func ids(_ path: String..., parameters: JSONObject = [:]) async throws -> [String] {
    var ids: [String] = []
    let path = StripePath(segments: ["v1"] + path)
    for try await object in client.objects(path, parameters) {
      if let id = object["id"]?.string { ids.append(id) }
    }
    return ids
  }

  /// The database of the sandbox's own runs, which heard every event, or the one that is deaf.
  func store(isDeaf: Bool) throws -> BillingCore.Store {
    try Store.open(
      at: shop.world.directory + (isDeaf ? "/billing.db" : "/billing.sandbox.db"),
      now: { TestWorld.start })
  }
}
