import Basics
import Stripe
import StripeSandbox
import Testing

@testable import billing

@Suite(.tags(.integration)) struct SandboxTransportIntegrationTests {
  @Test func theClientSpeaksToTheSandbox() async throws {
    let context = try TestWorld().context("--sandbox --quiet")
    let client = try context.client()
    let product = try await client.send(
      StripeRequest(.post, StripePath("products"), ["name": "Tea & cake"]))
    #expect(product.json["name"] == "Tea & cake")
    let id = try #require(product.json["id"]?.string)
    let read = try await client.send(StripeRequest(.get, StripePath("products", id)))
    #expect(read.json["id"]?.string == id)
    await #expect(throws: StripeError.self) {
      try await client.send(StripeRequest(.get, StripePath("products", "prod_none")))
    }
  }

  @Test func theNoteIsSaidOnceAndNotWithQuiet() throws {
    let errors = MemoryOutput()
    let context = try TestWorld().context("--sandbox", errors: errors)
    _ = try context.client()
    _ = try context.sandbox()
    #expect(errors.text == "note: using the built-in sandbox (stripe.sandbox.db), not Stripe\n")
    let quiet = MemoryOutput()
    _ = try TestWorld().context("--sandbox --quiet", errors: quiet).client()
    #expect(quiet.text == "")
  }

  /// What a fault does to the way of an answer, as the client sees it.
  @Test(arguments: [
    ("drop_before", TransportError.Kind.cut), ("drop_after", .cut), ("truncated", .cut),
    ("timeout", .timeout), ("slow&delay_seconds=3600", .timeout),
  ]) func answersAreLost(_ fault: String, _ kind: TransportError.Kind) async throws {
    let transport = SandboxTransport(sandbox: try Sandbox(.init(path: nil)))
    let headers: HTTPHeaders = ["Authorization": "Bearer sk_test_sandbox"]
    let asked = try await transport.send(
      HTTPRequest(
        method: .post, url: "http://127.0.0.1/sandbox/faults", headers: headers,
        body: Array("kind=\(fault)".utf8)))
    #expect(asked.status == 200)
    let read = HTTPRequest(method: .get, url: "http://127.0.0.1/v1/products", headers: headers)
    let error = await #expect(throws: TransportError.self) { try await transport.send(read) }
    #expect(error?.kind == kind)
    #expect(error?.mayHaveReachedServer == true)
    #expect(try await transport.send(read).status == 200)
  }

  @Test(arguments: [
    ("http://127.0.0.1/v1/customers?limit=3", "/v1/customers?limit=3"),
    ("https://api.stripe.com/v1/customers", nil), ("http://127.0.0.1", nil),
  ]) func targets(_ url: String, _ target: String?) {
    #expect(SandboxTransport.target(of: url) == target)
  }
}
