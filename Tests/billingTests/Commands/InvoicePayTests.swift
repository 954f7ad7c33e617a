import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct InvoicePayTests {
  @Test(arguments: [("", "ID is missing;"), ("in_1 in_2", "unexpected 'in_2';")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("invoice pay \(words)") == "\(message) see billing invoice pay --help")
  }

  /// A subscription that waits for its first payment, and the id of its invoice.
  private func shop() async throws -> (Shop, id: String) {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com team --create")
    return (shop, made["latest_invoice"]?.string ?? "-")
  }

  @Test func withTheCardAtHand() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("payment-method attach ada@example.com pm_card_visa --default")
    #expect(
      try await shop.dryRun("invoice pay \(id)") == ["POST /v1/invoices/\(id)/pay {}"])
    let paid = try await shop.json("invoice pay \(id) --idempotency-key k")
    #expect(paid["status"] == "paid" && paid["amount_paid"] == 9900)
    #expect(paid == (try await shop.json("invoice show \(id)")))
    #expect(try await shop.json("invoice pay \(id) --idempotency-key k") == paid)
    #expect(try await shop.json("customer show ada@example.com")["status"] == "active")
    #expect(
      try await shop.failure("invoice pay \(id)")
        == "5 invalid_state: \(id) is paid already; billing refund gives the money back")
  }

  @Test func noteThatItWasPaidElsewhere() async throws {
    let (shop, id) = try await shop()
    #expect(
      try await shop.dryRun("invoice pay \(id) --out-of-band")
        == [#"POST /v1/invoices/\#(id)/pay {"paid_out_of_band":true}"#])
    let result = await shop.run("invoice pay \(id) --out-of-band")
    #expect(result.exit == .done && result.output.hasSuffix(" over $99.00 is paid.\n"))
    #expect(
      try await shop.failure("refund \(id) --yes") == """
        5 invalid_state: \(id) was not paid through Stripe, so nothing can go back there; \
        give the money back where it came from
        """)
  }

  @Test func aDeclineLeavesItOpen() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json(
      "payment-method attach ada@example.com pm_card_chargeCustomerFail --default")
    let failure = try await shop.failure("invoice pay \(id) --idempotency-key k")
    #expect(
      failure.hasPrefix("6 card_declined: ") && failure.hasSuffix("; try another payment method"))
    #expect(try await shop.json("invoice show \(id)")["status"] == "open")
    #expect(try shop.journal(key: "k") == "failed")
  }

  @Test func aLostAnswerIsSettledAndNothingIsPaidTwice() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("payment-method attach ada@example.com pm_card_visa --default")
    _ = try await shop.json("sandbox fault add drop_after --path /v1/invoices/*/pay --count 9")
    let lost = try await shop.failure("invoice pay \(id) --max-retries 0")
    #expect(lost.hasPrefix("11 outcome_unknown: "))
    _ = await shop.run("sandbox fault clear")
    #expect(try await shop.json("invoice pay \(id)")["status"] == "paid")
    let charges = try await shop.call(.get, "charges")
    #expect(charges["data"]?.array?.count == 1)
  }

  @Test func whatIsNoInvoiceIsNotFound() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("invoice void \(id) --yes")
    #expect(
      try await shop.failure("invoice pay \(id)")
        == "5 invalid_state: \(id) is void: nothing is owed")
    #expect(
      try await shop.failure("invoice pay in_nobody")
        == "4 not_found: no invoice in_nobody; billing invoice list shows those there are")
  }
}
