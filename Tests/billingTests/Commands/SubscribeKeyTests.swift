import Basics
import Testing

@testable import billing

/// `subscribe --api-key`: the key that comes with a subscription.
@Suite(.tags(.unit)) struct SubscribeKeyTests {
  private static let line =
    "subscribe ada@example.com starter --create --payment-method pm_card_visa --api-key"

  @Test func oneComesWithTheSubscription() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.json(Self.line)
    #expect(
      made.object?.keys
        == ContractTests.subscription + ["client_secret", "hosted_invoice_url", "api_key"])
    let key = try #require(made["api_key"])
    #expect(key.object?.keys == ContractTests.apiKey + ["key"])
    #expect(key["customer"] == made["customer"] && key["tier"] == "starter")
    #expect(key["rate_limit_per_minute"] == 100)
    let text = try #require(key["key"]?.string)
    #expect(try await shop.verify(text)["tier"] == "starter")
    try shop.expectNowhere(text)
  }

  @Test func underAKeyThereIsOne() async throws {
    let shop = try await Shop("coditect")
    let first = try await shop.json(Self.line + " --idempotency-key k")
    let again = try await shop.json(Self.line + " --idempotency-key k")
    #expect(again["id"] == first["id"])
    #expect(again["api_key"]?["id"] == first["api_key"]?["id"])
    #expect(again["api_key"]?["key"] == JSON.null)
    #expect(try await shop.json("apikey list ada@example.com")["data"]?.array?.count == 1)
    let without = Self.line.replacing(" --api-key", with: "")
    #expect(
      try await shop.failure(without + " --idempotency-key k")
        .hasPrefix("5 idempotency_mismatch: "))
  }

  @Test func aDeclineLeavesNoKey() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    let failure = try await shop.failure(
      "subscribe ada@example.com starter --payment-method pm_card_chargeDeclined --api-key")
    #expect(failure.hasPrefix("6 "))
    #expect(try await shop.json("apikey list ada@example.com")["data"] == [])
  }

  @Test func aDryRunTellsOfIt() async throws {
    let shop = try await Shop("coditect")
    let requests = try await shop.dryRun(Self.line)
    #expect(requests.count == 3 && !requests.joined().contains("api_key"))
    let plan = try await shop.json(Self.line + " --dry-run")
    #expect(plan["changes"] == [["object": "api_key", "action": "create"]])
  }

  /// The rights wait for the payment, and so does what the key may do.
  @Test func withAnOpenPaymentTheKeyHasTheDefaultPlansRights() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.json("subscribe ada@example.com starter --create --api-key")
    #expect(made["status"] == "incomplete" && made["api_key"]?["tier"] == "free")
  }

  /// The catalogue vanishes while Stripe is asked: the subscription is there, and is told.
  @Test func aKeyThatCannotBeMadeIsTold() throws {
    let world = try TestWorld()
    let made = ObjectReport(object: ["id": "sub_1"], fields: [], closing: "It runs.")
    let report = SubscriptionKey(customerID: "cus_1", operationID: "op_1")
      .issued(with: made, try world.context("--sandbox --quiet"))
    #expect(report.object == ["id": "sub_1", "api_key": .null])
    guard case .failed(let error) = report.outcome else {
      Issue.record("\(report.outcome)")
      return
    }
    #expect(error.exit == .configuration)
    #expect(error.message.hasPrefix("the subscription stands, without an API key: "))
    #expect(error.hint == "billing apikey create cus_1 issues one")
  }
}
