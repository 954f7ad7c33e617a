import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct InvoicePreviewTests {
  @Test(arguments: [("", "CUSTOMER is missing;"), ("a@b.c now", "unexpected 'now';")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("invoice preview \(words)") == "\(message) see billing invoice preview --help")
  }

  private func shop() async throws -> Shop {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com enterprise --create --payment-method pm_card_visa")
    return shop
  }

  @Test func showsTheNextInvoice() async throws {
    let shop = try await shop()
    let preview = try await shop.json("invoice preview ada@example.com")
    let made = try await shop.json("invoice list ada@example.com")["data"]?[0]
    #expect(preview.object?.keys == made?.object?.keys)
    #expect(preview["total"] == 49900 && preview["status"] == "draft")
    #expect(try await shop.json("invoice list ada@example.com --local")["data"]?.array?.count == 1)
  }

  /// What is pending is in it: as the renewal will bill it.
  @Test(arguments: [
    "downgrade ada@example.com team", "downgrade ada@example.com team --interval year",
    "upgrade ada@example.com enterprise --quantity 2 --at-period-end",
  ])
  func showsWhatAPendingChangeWillCost(_ change: String) async throws {
    let shop = try await shop()
    _ = try await shop.json(change)
    let preview = try await shop.json("invoice preview ada@example.com")
    _ = try await shop.json("sandbox advance '1 month'")
    let made = try await shop.json("invoice list ada@example.com --limit 1")["data"]?[0]
    #expect(preview["total"] == made?["total"])
    let text = { (invoice: JSON?) in
      invoice?["lines"]?.array?.map {
        "\($0["amount"]?.integer ?? -1) \($0["description"]?.string ?? "-")"
      }
    }
    #expect(text(preview) == text(made))
  }

  /// Before 2025-03-31.basil the question has another address.
  @Test func anOldVersionAnswersToo() async throws {
    let shop = try await shop()
    let new = try await shop.json("invoice preview ada@example.com")
    let old = try await shop.json("invoice preview ada@example.com --api-version 2024-11-20.acacia")
    #expect(old["total"] == new["total"])
    let line = "upgrade ada@example.com enterprise --quantity 3 --preview"
    let preview = try await shop.json(line)
    shop.world.tick(-1)
    let older = try await shop.json(line + " --api-version 2024-11-20.acacia")
    #expect(older == preview && preview["amount_due_now"]?.integer ?? 0 > 99_000)
  }

  /// The lines, what is taken off, and what the balance pays add up to what is due.
  @Test func aPersonSeesWhereTheAmountComesFrom() async throws {
    let shop = try await Shop("coditect")
    let made = try await shop.json(
      """
      subscribe ada@example.com professional --create --payment-method pm_card_visa \
      --coupon launch
      """)
    try await shop.call(
      .post, "customers", made["customer"]?.string ?? "-", parameters: ["balance": -1000])
    let shown = await shop.run("invoice preview ada@example.com").output
    let lines = shown.split(separator: "\n").map { String($0) }
    #expect(
      lines.suffix(11) == [
        "line          $49.00  1 × CODITECT Professional (at $49.00 / month)",
        "line          $0.00  0 × CODITECT Professional (Tier 1 at $0.00 / month), ai_requests",
        "line          $0.00  0 × CODITECT Professional (Tier 1 at $0.00 / month), storage_mb",
        "subtotal      $49.00",
        "discount      -$9.80",
        "total         $39.20",
        "balance       -$10.00  paid from the customer's balance",
        "due           $29.20",
        "paid          $0.00",
        "remaining     $29.20",
        "page          -",
      ], "\(shown)")
  }

  @Test func withoutAnythingToCome() async throws {
    let shop = try await shop()
    let id = try await shop.json("cancel ada@example.com")["id"]?.string ?? "-"
    #expect(
      try await shop.failure("invoice preview ada@example.com") == """
        5 invalid_state: no invoice is to come for \(id); \
        billing subscription show tells when it ends
        """)
  }
}
