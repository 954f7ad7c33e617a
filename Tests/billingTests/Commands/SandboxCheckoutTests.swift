import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SandboxCheckoutTests {
  /// A checkout of a plan for a customer that is not known yet.
  private func session(_ shop: Shop) async throws -> String {
    let prices = try await shop.call(
      .get, "prices", parameters: ["lookup_keys": ["agnostic_team_month"]])
    let price = prices[at: "data", "0", "id"]?.string ?? ""
    let session = try await shop.call(
      .post, "checkout", "sessions",
      parameters: [
        "mode": "subscription", "success_url": "https://example.com/done",
        "line_items": [["price": .string(price), "quantity": 1]],
      ])
    return session["id"]?.string ?? ""
  }

  @Test func aDeclinedCardLeavesTheSessionOpen() async throws {
    let shop = try await Shop()
    let id = try await session(shop)
    let declined = try await shop.failure(
      "sandbox checkout complete \(id) --email new@example.com --card 4000000000000002")
    #expect(declined.hasPrefix("6 card_declined: "), "\(declined)")
    let done = try await shop.json("sandbox checkout complete \(id) --email new@example.com")
    #expect(done["status"] == "complete" && done["payment_status"] == "paid")
    let subscription = try await shop.json("subscription show new@example.com")
    #expect(subscription["plan"] == "team" && subscription["status"] == "active")
  }

  @Test func whatHasExpiredCannotBeCompleted() async throws {
    let shop = try await Shop()
    let id = try await session(shop)
    #expect(try await shop.json("sandbox checkout expire \(id)")["status"] == "expired")
    #expect(try await shop.failure("sandbox checkout complete \(id)").hasPrefix("6 "))
  }
}
