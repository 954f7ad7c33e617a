import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct InvoiceFinalizeTests {
  @Test(arguments: [("", "ID is missing;"), ("in_1 in_2", "unexpected 'in_2';")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("invoice finalize \(words)")
        == "\(message) see billing invoice finalize --help")
  }

  /// A draft that was kept while nothing was collected.
  private func shop() async throws -> (Shop, id: String) {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json("pause ada@example.com --behavior keep_as_draft")
    _ = try await shop.json("sandbox advance '1 month 2 hours'")
    let draft = try await shop.json("invoice list ada@example.com --limit 1")["data"]?[0]
    #expect(draft?["status"] == "draft")
    return (shop, draft?["id"]?.string ?? "-")
  }

  @Test func aKeptDraftBecomesABillAndIsPaid() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("unpause ada@example.com")
    #expect(
      try await shop.failure("invoice pay \(id)") == """
        5 invalid_state: \(id) is a draft, not a bill yet; billing invoice finalize issues it now; \
        Stripe does so by itself within an hour, unless collection was paused with keep_as_draft
        """)
    #expect(
      try await shop.dryRun("invoice finalize \(id)") == ["POST /v1/invoices/\(id)/finalize {}"])
    let issued = try await shop.json("invoice finalize \(id) --idempotency-key k")
    #expect(issued["status"] == "open" && issued["amount_remaining"] == 9900)
    #expect(issued["number"] != JSON.null && issued["hosted_invoice_url"] != JSON.null)
    #expect(try await shop.json("invoice show \(id) --local") == issued)
    #expect(try await shop.json("invoice finalize \(id) --idempotency-key k") == issued)
    #expect(
      try await shop.failure("invoice finalize \(id)")
        == "5 invalid_state: \(id) is issued already; billing invoice pay charges it")
    #expect(try await shop.json("invoice pay \(id)")["status"] == "paid")
    #expect(
      try await shop.failure("invoice finalize \(id)")
        == "5 invalid_state: \(id) is paid: only a draft is still to be issued")
  }

  /// What a person reads under the invoice.
  @Test func theSentence() async throws {
    let (shop, id) = try await shop()
    let result = await shop.run("invoice finalize \(id)")
    #expect(result.exit == .done && result.output.hasSuffix(" over $99.00 is open.\n"))
  }

  @Test func aLostAnswerIsSettled() async throws {
    let (shop, id) = try await shop()
    _ = try await shop.json("sandbox fault add drop_after --path /v1/invoices/*/finalize")
    let lost = try await shop.failure(
      "invoice finalize \(id) --max-retries 0 --idempotency-key k")
    #expect(lost.hasPrefix("11 outcome_unknown: "))
    // A day later it is read, not sent again; what was done since does not hide it.
    try await shop.call(.post, "invoices", id, "pay")
    shop.world.tick(25 * 3600)
    #expect(try await shop.json("invoice finalize \(id)")["status"] == "paid")
    #expect(try shop.journal(key: "k") == "done")
  }

  @Test func whatIsNoInvoiceIsNotFound() async throws {
    let (shop, _) = try await shop()
    #expect(
      try await shop.failure("invoice finalize in_none") == """
        4 not_found: no invoice in_none; billing invoice list shows those there are
        """)
  }
}
