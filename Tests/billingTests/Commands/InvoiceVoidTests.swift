import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct InvoiceVoidTests {
  @Test func forGoodAndWithAYes() async throws {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com team --create")
    let id = made["latest_invoice"]?.string ?? "-"
    #expect(
      try await shop.failure("invoice void \(id)") == """
        2 confirmation_required: not confirmed: void \(id) for good; run it again with --yes
        """)
    #expect(
      try await shop.dryRun("invoice void \(id)") == ["POST /v1/invoices/\(id)/void {}"])
    let void = try await shop.json("invoice void \(id) --yes")
    #expect(void["status"] == "void" && void["amount_remaining"] == 9900)
    #expect(
      try await shop.failure("invoice void \(id) --yes")
        == "5 invalid_state: \(id) is void already")
    #expect(try await shop.json("invoice show \(id) --local") == void)
  }

  @Test func notWhatIsPaid() async throws {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    let id = made["latest_invoice"]?.string ?? "-"
    #expect(
      try await shop.failure("invoice void \(id) --yes") == """
        5 invalid_state: \(id) is paid, so it cannot be voided; \
        billing refund gives the money back
        """)
  }

  /// A refund is no way out of what Stripe was never paid.
  @Test func notWhatWasPaidElsewhere() async throws {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com team --create")
    let id = made["latest_invoice"]?.string ?? "-"
    _ = try await shop.json("invoice pay \(id) --out-of-band")
    for command in ["void \(id) --yes", "pay \(id)"] {
      #expect(
        try await shop.failure("invoice \(command)") == """
          5 invalid_state: \(id) is settled without a payment through Stripe: nothing is owed; \
          what was paid elsewhere goes back where it came from
          """)
    }
  }

  /// Stripe leaves the amount with the invoice; nobody owes it.
  @Test func nothingRemains() async throws {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com team --create")
    let id = made["latest_invoice"]?.string ?? "-"
    let text = await shop.run("invoice void \(id) --yes").output
    #expect(text.contains("\nremaining     $0.00\n"))
    let list = await shop.run("invoice list").output.split(separator: "\n")
    #expect(list.last?.contains("  void    $99.00  $0.00      $0.00  ") == true)
  }

  @Test func aLostAnswerIsSettled() async throws {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com team --create")
    let id = made["latest_invoice"]?.string ?? "-"
    _ = try await shop.json("sandbox fault add drop_after --path /v1/invoices/*/void")
    let lost = try await shop.failure(
      "invoice void \(id) --yes --max-retries 0 --idempotency-key k")
    #expect(lost.hasPrefix("11 outcome_unknown: "))
    #expect(try await shop.json("invoice void \(id) --yes")["status"] == "void")
    #expect(try shop.journal(key: "k") == "done")
  }
}
