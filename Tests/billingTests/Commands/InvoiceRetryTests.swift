import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct InvoiceRetryTests {
  /// A customer whose renewal was declined.
  private func shop() async throws -> Shop {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json(
      "payment-method attach ada@example.com pm_card_chargeCustomerFail --default")
    _ = try await shop.json("sandbox advance '32 days'")
    return shop
  }

  @Test func afterANewCardTheOpenBillIsPaid() async throws {
    let shop = try await shop()
    #expect(try await shop.json("customer show ada@example.com")["status"] == "past_due")
    let declined = try await shop.failure("invoice retry ada@example.com")
    #expect(declined.hasPrefix("6 card_declined: "))
    _ = try await shop.json("payment-method attach ada@example.com pm_card_visa --default")
    let paid = try await shop.json("invoice retry ada@example.com")
    #expect(paid["status"] == "paid" && paid["amount_paid"] == 9900)
    #expect(try await shop.json("customer show ada@example.com")["status"] == "active")
    let customer = paid["customer"]?.string ?? "-"
    #expect(
      try await shop.failure("invoice retry ada@example.com") == """
        5 invalid_state: \(customer) has no open invoice: there is nothing to pay; \
        billing invoice list shows the invoices there are
        """)
  }

  @Test func theNewestOpenOneIsMeant() async throws {
    let shop = try await shop()
    let open = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    let newest = open.first { $0["status"] == "open" }?["id"]?.string ?? "-"
    #expect(
      try await shop.dryRun("invoice retry ada@example.com")
        == ["POST /v1/invoices/\(newest)/pay {}"])
  }

  @Test func withoutACardThereIsNothingToCharge() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create")
    #expect(
      try await shop.failure("invoice retry ada@example.com") == """
        5 invalid_state: ada@example.com has no payment method to be charged; \
        billing payment-method attach gives one; billing portal lets the customer do it
        """)
  }

  /// Who has left is not charged unawares.
  @Test func whatAnEndedSubscriptionLeftOpenIsPaidByItsNameAlone() async throws {
    let shop = try await shop()
    let subscription = try await shop.json("subscription show ada@example.com")["id"]?.string ?? "-"
    let open = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    let id = open.first { $0["status"] == "open" }?["id"]?.string ?? "-"
    _ = try await shop.json("payment-method attach ada@example.com pm_card_visa --default")
    _ = try await shop.json("cancel ada@example.com --now --yes")
    #expect(
      try await shop.failure("invoice retry ada@example.com") == """
        5 invalid_state: what is open, \(id), is of a subscription that has ended, \(subscription); \
        billing invoice pay \(id) charges it all the same; billing invoice void lets it go
        """)
    #expect(try await shop.json("invoice pay \(id)")["status"] == "paid")
  }
}
