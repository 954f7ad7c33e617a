import Basics
import Stripe
import Testing

@testable import billing

/// What a subscription that is begun here leaves of other ways to pay, and a declined one of cards.
@Suite(.tags(.unit)) struct SubscribeSafetyTests {
  private func shop() async throws -> (Shop, customer: String) {
    let shop = try await Shop()
    let customer = try await shop.json("customer create --email ada@example.com")
    return (shop, customer["id"]?.string ?? "-")
  }

  private func page(_ shop: Shop, _ what: String = "team") async throws -> String {
    let made = try await shop.json(
      "checkout ada@example.com \(what) --success-url https://example.com")
    return made["id"]?.string ?? "-"
  }

  @Test func anOpenPageIsNoSecondWayToPay() async throws {
    let (shop, _) = try await shop()
    let id = try await page(shop)
    let line = "subscribe ada@example.com team --payment-method pm_card_visa"
    let plan = try await shop.dryRun(line)
    #expect(plan.count == 3 && plan[0] == "POST /v1/checkout/sessions/\(id)/expire {}")
    #expect(try await shop.json(line)["status"] == "active")
    #expect(try await shop.call(.get, "checkout", "sessions", id)["status"] == "expired")
    #expect(
      try await shop.failure("sandbox checkout complete \(id)").hasPrefix("6 "))
  }

  /// A card with too little money today may be good tomorrow, and Stripe takes none again that was
  /// detached.
  private func card(_ shop: Shop) async throws -> String {
    let made = try await shop.call(
      .post, "payment_methods",
      parameters: [
        "type": "card",
        "card": ["number": "4000000000000341", "exp_month": 12, "exp_year": 2030, "cvc": "123"],
      ])
    return made["id"]?.string ?? "-"
  }

  @Test func aDeclinedCardOfTheCustomersCanBeTriedAgain() async throws {
    let (shop, customer) = try await shop()
    let card = try await card(shop)
    for _ in 1...2 {
      #expect(
        try await shop.failure("subscribe ada@example.com team --payment-method \(card)")
          .hasPrefix("6 card_declined: Your card was declined."))
    }
    let held = try await shop.call(.get, "payment_methods", card)
    #expect(held["customer"]?.string == customer)
    #expect(try await shop.json("subscription list --status all")["data"] == [])
  }

  @Test func aCustomerWhoWasMadeForItStaysWithTheCard() async throws {
    let shop = try await Shop()
    let card = try await card(shop)
    let line = "subscribe new@example.com team --create --payment-method \(card)"
    let result = await shop.run(line)
    let id = try await shop.json("customer show new@example.com")["id"]?.string ?? "-"
    #expect(result.exit == .refused)
    #expect(
      result.errors.hasPrefix(
        "warning: \(id) was made by this and stays: it has a subscription or a payment method by "
          + "now\nerror: Your card was declined."), "\(result.errors)")
    #expect(try await shop.failure(line).hasPrefix("6 card_declined: "))
    #expect(try await shop.json("customer list")["data"]?.array?.count == 1)
  }
}
