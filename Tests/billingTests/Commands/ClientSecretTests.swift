import Basics
import Foundation
import Testing

@testable import billing

/// What completes a payment is shown once, in both layouts of Stripe's, and kept nowhere.
@Suite(.tags(.unit)) struct ClientSecretTests {
  private static let line =
    "subscribe ada@example.com team --create --payment-method pm_card_authenticationRequired"

  @Test(arguments: ["2026-10-28.endive", "2024-11-20.acacia"])
  func itIsShownAndNotKept(_ version: String) async throws {
    let shop = try await Shop()
    shop.world.tick()
    let result = await shop.world.run(
      "--sandbox --verbose --json --api-version \(version) \(Self.line) "
        + "--payment-behavior default_incomplete")
    #expect(result.exit == .done, "\(result.errors)")
    let subscription = try JSON(parsing: result.output)
    #expect(subscription["status"] == "incomplete")
    #expect(subscription["hosted_invoice_url"]?.string?.hasPrefix("https://") == true)
    let secret = try #require(subscription["client_secret"]?.string)
    #expect(secret.contains("_secret_"))
    #expect(result.errors.contains("POST") && !result.errors.contains(secret))
    _ = try await shop.json("subscription show ada@example.com")
    let names = try FileManager.default.contentsOfDirectory(atPath: shop.world.directory)
      .filter { !$0.hasPrefix("stripe.sandbox.db") }
    #expect(names.contains("billing.sandbox.db"))
    for name in names {
      let path = shop.world.directory + "/" + name
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
    }
  }

  @Test func byDefaultItIsRefused() async throws {
    let shop = try await Shop()
    let failure = try await shop.failure(Self.line)
    #expect(failure.hasPrefix("6 subscription_payment_intent_requires_action: "))
    #expect(
      failure.hasSuffix(
        """
        ; --payment-behavior default_incomplete gives a page where the customer confirms it; \
        so does billing checkout
        """))
    #expect(try await shop.json("customer list")["data"] == [])
  }
}
