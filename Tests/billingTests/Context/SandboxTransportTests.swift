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

  @Test(arguments: [
    ("http://127.0.0.1/v1/customers?limit=3", "/v1/customers?limit=3"),
    ("https://api.stripe.com/v1/customers", nil), ("http://127.0.0.1", nil),
  ]) func targets(_ url: String, _ target: String?) {
    #expect(SandboxTransport.target(of: url) == target)
  }
}
