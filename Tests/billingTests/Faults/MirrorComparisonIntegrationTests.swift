import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.integration)) struct MirrorComparisonIntegrationTests {
  private let context: Context
  private let shop: Shop

  init() async throws {
    shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com --name Ada")
    _ = try await shop.json("customer create --email bob@example.com")
    _ = try await shop.json("subscribe ada@example.com team --payment-method pm_card_visa")
    _ = try await shop.json("sandbox advance '2 months'")
    context = try shop.world.context("--sandbox --quiet")
    // Takes in what has happened; what happens from here on does not reach the mirror.
    _ = try context.store()
  }

  /// `type path: mirror | Stripe`, one a difference.
  private func drift() async throws -> [String] {
    let comparison = MirrorComparison(
      client: try context.client(), store: try context.store(), mirror: context.mirror())
    return try await comparison.differences().map { difference in
      let sides = [difference.mirror, difference.stripe].map { $0?.compact ?? "-" }
      return "\(difference.type) \(difference.path): \(sides[0]) | \(sides[1])"
    }
  }

  private func id(_ list: String, _ parameters: JSONObject = [:]) async throws -> String {
    let objects = try await shop.call(.get, list, parameters: parameters)["data"]
    return try #require(objects?[0]?["id"]?.string)
  }

  @Test func aMirrorThatFollowsIsEqual() async throws {
    #expect(try await drift() == [])
  }

  @Test func whatChangedBehindItsBackIsNamedFieldByField() async throws {
    let ada = try await id("customers", ["email": "ada@example.com"])
    try await shop.call(
      .post, "customers", ada, parameters: ["name": "Ada King", "metadata": ["team": "north"]])
    let subscription = try await id("subscriptions")
    try await shop.call(
      .post, "subscriptions", subscription, parameters: ["metadata": ["note": "x"]])
    #expect(
      try await drift() == [
        #"customer metadata.team: - | "north""#, #"customer name: "Ada" | "Ada King""#,
        #"subscription metadata.note: - | "x""#,
      ])
  }

  @Test func whatCameAndWentIsNamed() async throws {
    let bob = try await id("customers", ["email": "bob@example.com"])
    try await shop.call(.delete, "customers", bob)
    try await shop.call(.post, "customers", parameters: ["email": "eve@example.com"])
    let ada = try await id("customers", ["email": "ada@example.com"])
    let method = try await id("payment_methods", ["customer": .string(ada)])
    try await shop.call(.post, "payment_methods", method, "detach")
    let told = try await drift().map { line in
      line.replacing(/\{.*\}/, with: "{…}").replacing(method, with: "{pm}")
        .replacing(ada, with: "{cus}")
    }
    #expect(
      Set(told) == [
        "customer : - | {…}", "customer deleted: false | true",
        "subscription default_payment_method: \"{pm}\" | null",
        #"payment_method customer: "{cus}" | null"#,
      ])
  }
}
