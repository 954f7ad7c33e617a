import Basics
import Stripe
import Testing

@testable import billing

/// The customer pays at the moment at which the page is to be replaced.
@Suite(.tags(.unit)) struct CheckoutRaceTests {
  /// The sandbox, and something that happens just before a request of one kind arrives.
  private struct Meanwhile: Transport {
    let sandbox: SandboxTransport
    let ending: String
    let happens: @Sendable () async throws -> Void

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
      if request.method == .post, request.url.hasSuffix(ending) {
        do { try await happens() } catch { Issue.record(error) }
      }
      return try await sandbox.send(request)
    }
  }

  @Test func aPageThatIsPaidWhileItIsReplaced() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    let urls = "--success-url https://a.b/ok --cancel-url https://a.b"
    let page = try await shop.json("checkout ada@example.com starter \(urls)")
    let id = page["id"]?.string ?? "-"
    let transport = Meanwhile(
      sandbox: SandboxTransport(sandbox: try shop.world.context("--sandbox --quiet").sandbox()),
      ending: "/expire"
    ) { _ = try await shop.json("sandbox checkout complete \(id)") }
    let result = await shop.world.run(
      "checkout ada@example.com professional \(urls) --db other.db --json",
      environment: [
        "STRIPE_SECRET_KEY": SandboxTransport.key, "STRIPE_API_BASE": SandboxTransport.baseURL,
      ], transport: transport)
    let words = try Shop.words(of: result)
    #expect(result.exit == .refused && words.contains("complete"), "\(words)")
    #expect(
      words.hasSuffix("; the customer's earlier page was paid or expired meanwhile; run it again"))
    let again = try await shop.failure("checkout ada@example.com professional \(urls)")
    #expect(again.hasPrefix("5 invalid_state: there is a subscription already: "), "\(again)")
  }
}
