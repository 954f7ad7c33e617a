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
    let subscription = try await shown(Self.line, version, shop)
    #expect(subscription["status"] == "incomplete")
  }

  /// The new plan begins, and waits for its payment as one that is past due.
  @Test(arguments: ["2026-10-28.endive", "2024-11-20.acacia"])
  func thatOfAnUpgradeIsNotKeptEither(_ version: String) async throws {
    let shop = try await subscriber()
    let subscription = try await shown("upgrade ada@example.com enterprise", version, shop)
    #expect(subscription["status"] == "past_due" && subscription["plan"] == "enterprise")
    let invoice = try await shop.json("invoice list ada@example.com --limit 1")["data"]?[0]
    #expect(invoice?["status"] == "open" && invoice?["id"] == subscription["latest_invoice"])
    #expect(invoice?["hosted_invoice_url"] == subscription["hosted_invoice_url"])
  }

  /// What a line with `default_incomplete` answers, once it is sure that its secret is nowhere else.
  private func shown(_ line: String, _ version: String, _ shop: Shop) async throws -> JSON {
    shop.world.tick()
    let result = await shop.world.run(
      "--sandbox --verbose --json --api-version \(version) \(line) "
        + "--payment-behavior default_incomplete")
    #expect(result.exit == .done, "\(result.errors)")
    let subscription = try JSON(parsing: result.output)
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
    return subscription
  }

  /// Somebody on the team plan whose card now wants each payment confirmed.
  private func subscriber() async throws -> Shop {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json(
      "payment-method attach ada@example.com pm_card_authenticationRequired --default")
    return shop
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

  @Test func byDefaultAnUpgradeLeavesTheOldPlan() async throws {
    let shop = try await subscriber()
    let before = try await shop.json("subscription show ada@example.com")
    let failure = try await shop.failure("upgrade ada@example.com enterprise --idempotency-key k")
    #expect(failure.hasPrefix("6 subscription_payment_intent_requires_action: "))
    #expect(
      failure.hasSuffix(
        """
        ; --payment-behavior default_incomplete changes the plan and gives a page where the \
        customer confirms the payment; billing portal lets the customer do it
        """))
    #expect(try shop.journal(key: "k") == "failed")
    #expect(try await shop.json("subscription show ada@example.com") == before)
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "team")
  }
}
