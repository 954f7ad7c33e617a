import Basics
import BillingServer
import Foundation
import Stripe
import StripeSandbox
import Testing

/// What faults look like on the wire, and what becomes of a server whose file goes away.
@Suite(.tags(.integration), .serialized, .timeLimit(.minutes(10)))
struct ServerFaultsIntegrationTests {
  private func ids(_ response: HTTPResponse) throws -> [String] {
    try JSON(parsing: response.body)["data"]?.array?.compactMap { $0["id"]?.string } ?? []
  }

  private func failure(_ work: () async throws(TransportError) -> HTTPResponse) async -> String {
    do throws(TransportError) {
      return "status \(try await work().status)"
    } catch {
      return "\(error.kind.rawValue) \(error.mayHaveReachedServer)"
    }
  }

  @Test(arguments: [
    ("drop_before", "cut true", []), ("drop_after", "cut true", ["a"]),
    ("truncated", "cut true", ["a"]), ("html", "status 502", []),
    ("slow&delay_seconds=3600", "timeout true", ["a"]),
    ("timeout&delay_seconds=3600", "timeout true", ["a"]),
    ("timeout&delay_seconds=0", "cut true", ["a"]), ("slow&delay_seconds=0", "status 200", ["a"]),
  ]) func anAnswerGoesWrong(_ kind: String, _ seen: String, _ made: [String]) async throws {
    let server = SandboxServer(sandbox: try Sandbox(.init(path: nil)), port: 0)
    try await server.running { port in
      let client = ServerClient(port: port)
      try await client.post("/sandbox/faults", "kind=\(kind)")
      let hasty = ServerClient(port: port, timeoutSeconds: seen.hasPrefix("timeout") ? 1 : 60)
      #expect(
        await failure { () async throws(TransportError) in
          try await hasty.post("/v1/products", "id=a&name=x")
        } == seen)
      #expect(try ids(try await client.get("/v1/products")) == made)
    }
  }

  @Test func aFaultOfAnotherProcessStrikes() async throws {
    try await withTemporaryPath { path in
      let server = SandboxServer(sandbox: try Sandbox(.init(path: path)), port: 0)
      try await server.running { port in
        let client = ServerClient(port: port)
        #expect(try await client.get("/v1/products").status == 200)
        let other = try Sandbox(.init(path: path))
        _ = other.respond(
          to: SandboxRequest(
            method: "POST", target: "/sandbox/faults",
            headers: [("Authorization", "Bearer sk_test_x")], body: Array("kind=rate_limit".utf8)))
        let struck = try await client.get("/v1/products")
        #expect(struck.status == 429)
        #expect(struck.headers["Stripe-Rate-Limited-Reason"] == "global-rate")
        #expect(try await client.get("/v1/products").status == 200)
      }
    }
  }

  // MARK: The file

  @Test func afterAResetTheServerGoesOnWithAnEmptySandbox() async throws {
    try await withTemporaryPath { path in
      try await WebhookReceiver.running { receiver in
        let webhook = try #require(
          SandboxServer.Webhook(url: receiver.url, secret: Secret("whsec_mine")))
        let server = SandboxServer(
          sandbox: try Sandbox(.init(path: path)), port: 0, webhook: webhook)
        try await server.running { port in
          let client = ServerClient(port: port)
          try await client.post("/v1/products", "id=a&name=x")
          _ = await receiver.next(1)
          try Sandbox.reset(path: path)
          #expect(try ids(try await client.get("/v1/products")) == [])
          try await client.post("/v1/products", "id=b&name=x")
          let event = try JSON(parsing: await receiver.next(1).first?.body ?? [])
          #expect(event[at: "data", "object", "id"] == "b")
        }
        let other = try Sandbox(.init(path: path))
        #expect(try other.events(after: 0, limit: 10).count == 1)
      }
    }
  }

  @Test func aFileThatIsNoSandboxAnyMoreEndsTheServer() async throws {
    try await withTemporaryPath { path in
      let server = SandboxServer(sandbox: try Sandbox(.init(path: path)), port: 0)
      await #expect(throws: SandboxOpenError.notASandbox(path: path)) {
        try await server.run { _, _ in
          let other = "\(path).other"
          try? Data("hello".utf8).write(to: URL(filePath: other))
          rename(other, path)
        }
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("hello".utf8))
    }
  }
}
