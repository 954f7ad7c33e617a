import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SandboxAuthenticateTests {
  /// The payment intent of a first invoice that waits for the customer.
  private func waiting(_ shop: Shop) async throws -> String {
    _ = await shop.run(
      "subscribe one@example.com team --create "
        + "--payment-method pm_card_authenticationRequired --payment-behavior allow_incomplete")
    let intents = try await shop.call(.get, "payment_intents")
    return intents[at: "data", "0", "id"]?.string ?? ""
  }

  @Test func theCustomerPasses() async throws {
    let shop = try await Shop()
    let intent = try await waiting(shop)
    #expect(try await shop.json("subscription show one@example.com")["status"] == "incomplete")
    #expect(try await shop.json("sandbox authenticate \(intent)")["status"] == "succeeded")
    #expect(try await shop.json("subscription show one@example.com")["status"] == "active")
  }

  @Test func theCustomerDoesNotPass() async throws {
    let shop = try await Shop()
    let intent = try await waiting(shop)
    let failed = try await shop.json("sandbox authenticate \(intent) --fail")
    #expect(failed["status"] == "requires_payment_method")
    #expect(try await shop.json("subscription show one@example.com")["status"] == "incomplete")
  }
}
