import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ResumeTests {
  @Test(arguments: [("", "CUSTOMER is missing;"), ("a@b.c --now", "unknown option --now;")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("resume \(words)") == "\(message) see billing resume --help")
  }

  @Test func takesBackWhatIsPending() async throws {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    let id = made["id"]?.string ?? "-"
    #expect(
      try await shop.failure("resume ada@example.com") == """
        5 invalid_state: nothing is pending for \(id): there is nothing to take back; \
        billing subscription show tells how it stands
        """)
    _ = try await shop.json("cancel ada@example.com")
    #expect(
      try await shop.dryRun("resume ada@example.com")
        == [#"POST /v1/subscriptions/\#(id) {"cancel_at_period_end":false}"#])
    let result = await shop.run("resume ada@example.com")
    #expect(
      result.output.hasSuffix(
        """

        ada@example.com is on Agnostic Automation Center - Team Plan; the next bill comes on \
        2026-12-20.

        """))
    var expected = made.object ?? [:]
    (expected["client_secret"], expected["hosted_invoice_url"]) = (nil, nil)
    #expect(try await shop.json("subscription show ada@example.com") == .object(expected))
  }

  @Test func whatHasEndedIsNotResumed() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json("cancel ada@example.com --now --yes")
    #expect(
      try await shop.failure("resume ada@example.com").hasPrefix("5 invalid_state: cus_"))
    #expect(
      try await shop.failure("resume nobody@example.com")
        .hasPrefix("4 not_found: no customer nobody@example.com;"))
  }

  /// A customer whose trial ended without a card, and who has one since.
  private func standstill(_ card: String) async throws -> (Shop, id: String) {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com team --create --trial-days 7")
    _ = try await shop.json("sandbox advance 8d")
    _ = try await shop.json("payment-method attach ada@example.com \(card) --default")
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "free")
    return (shop, made["id"]?.string ?? "-")
  }

  @Test func aStandstillEndsOnceItIsPaid() async throws {
    let (shop, id) = try await standstill("pm_card_visa")
    #expect(
      try await shop.dryRun("resume ada@example.com").map { $0.prefix { $0 != " " } } == ["POST"])
    let resumed = try await shop.json("resume ada@example.com --idempotency-key k")
    #expect(resumed["id"]?.string == id && resumed["status"] == "active")
    #expect(resumed["current_period_start"]?.string?.hasPrefix("2026-11-28T10:00") == true)
    let invoice = try await shop.json("invoice show \(resumed["latest_invoice"]?.string ?? "-")")
    #expect(invoice["status"] == "paid" && invoice["amount_paid"] == 9900)
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "team")
    #expect(try await shop.json("resume ada@example.com --idempotency-key k") == resumed)
    let bills = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    #expect(bills.map { $0["amount_paid"] } == [9900, 0])
  }

  @Test(arguments: [
    ("pm_card_chargeCustomerFail", "6 card_declined: Your card was declined. (generic_decline)"),
    (
      "pm_card_authenticationRequired",
      "6 authentication_required: the customer has to confirm the first payment"
    ),
  ])
  func aStandstillGoesOnWhileItIsNotPaid(_ card: String, _ message: String) async throws {
    let (shop, id) = try await standstill(card)
    let result = await shop.run("resume ada@example.com --json")
    let shown = try JSON(parsing: result.output)
    #expect(shown["id"]?.string == id && shown["status"] == "paused")
    let bill = try await shop.json("invoice show \(shown["latest_invoice"]?.string ?? "-")")
    let page = bill["hosted_invoice_url"]?.string ?? "-"
    #expect(try Shop.words(of: result) == "\(message); the customer can pay at \(page)")
    #expect(bill["status"] == "open" && bill["amount_due"] == 9900)
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "free")
    // With another card it goes on, and only what was paid is charged.
    _ = try await shop.json("payment-method attach ada@example.com pm_card_visa --default")
    #expect(try await shop.json("resume ada@example.com")["status"] == "active")
    let bills = try await shop.json("invoice list ada@example.com")["data"]?.array ?? []
    #expect(bills.map { $0["amount_paid"] } == [9900, 0, 0])
    #expect(bills.map { $0["status"] } == ["paid", "void", "paid"])
  }
}
