import Basics
import Stripe
import StripeSandbox
import Synchronization

@testable import BillingCore

/// A sandbox in memory behind a client, and what was sent to it.
final class CatalogueBench: Transport {
  private static let base = "http://127.0.0.1"

  let sandbox: Sandbox
  private let log = Mutex<[String]>([])
  /// Requests with these words are not answered: `POST /v1/prices`.
  let broken = Mutex<String?>(nil)

  init() throws {
    sandbox = try Sandbox(Sandbox.Configuration(path: nil, systemTime: { noon }))
  }

  var client: StripeClient {
    get throws {
      StripeClient(
        transport: self,
        configuration: StripeClient.Configuration(
          key: try StripeKey(parsing: "sk_test_sandbox"), baseURL: Self.base, maxRetries: 0,
          sleep: { _ in }))
    }
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let target = String(request.url.dropFirst(Self.base.count))
    let words = "\(request.method.rawValue) \(target)"
    log.withLock { $0.append(words) }
    if let prefix = broken.withLock({ $0 }), words.hasPrefix(prefix) { throw .refused }
    let answer = sandbox.respond(
      to: SandboxRequest(
        method: request.method.rawValue, target: target,
        headers: request.headers.fields.map { (name: $0.name, value: $0.value) },
        body: request.body))
    var headers = HTTPHeaders()
    for (name, value) in answer.headers { headers.append(name, value) }
    return HTTPResponse(status: answer.status, headers: headers, body: answer.body)
  }

  /// The writes so far; reading empties the log.
  func writes() -> [String] {
    log.withLock { log in
      defer { log = [] }
      return log.filter { !$0.hasPrefix("GET") }
    }
  }

  func difference(_ catalogue: Catalogue, whole: Bool = false) async throws -> CatalogueDifference {
    CatalogueDifference(
      catalogue, try await CatalogueState.load(catalogue, from: try client, whole: whole))
  }

  @discardableResult func seed(
    _ catalogue: Catalogue, whole: Bool = false
  ) async throws -> CatalogueSeeding.Outcome {
    await CatalogueSeeding.run(try await difference(catalogue, whole: whole), client: try client)
  }

  @discardableResult func post(
    _ path: StripePath, _ parameters: JSONObject
  ) async throws -> JSON {
    try await client.send(StripeRequest(.post, path, parameters)).json
  }

  func objects(_ path: StripePath, _ parameters: JSONObject = [:]) async throws -> [JSON] {
    var objects: [JSON] = []
    for try await object in try client.objects(path, parameters) { objects.append(object) }
    return objects
  }
}

extension CatalogueDifference {
  /// One line a change, one a conflict.
  var lines: String {
    (changes.map { change in
      [
        change.action.rawValue, change.object.rawValue,
        change.lookupKey ?? change.id ?? "-", change.plan.map { "(\($0))" } ?? "",
        change.detail,
      ].filter { !$0.isEmpty }.joined(separator: " ")
    } + conflicts.map { "conflict \($0.object.rawValue): \($0.message)" })
    .joined(separator: "\n")
  }
}
