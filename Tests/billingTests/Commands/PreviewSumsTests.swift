import Basics
import Stripe
import Testing

@testable import billing

/// What a preview shows adds up to what it says is due.
@Suite(.tags(.unit)) struct PreviewSumsTests {
  private func shop(balance: Int64) async throws -> Shop {
    let shop = try await Shop("coditect")
    let made = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa --coupon launch")
    try await shop.call(
      .post, "customers", made["customer"]?.string ?? "-",
      parameters: ["balance": .integer(balance)])
    shop.world.tick(10 * 86_400)
    return shop
  }

  private func sum(_ preview: JSON, _ invoice: JSON) -> Int64 {
    ["lines", "adjustments"].flatMap { preview[$0]?.array ?? [] }
      .filter { $0["invoice"] == invoice }.compactMap { $0["amount"]?.integer }.reduce(0, +)
  }

  /// Discounts (in what is prorated they are in the lines), and on what is due now the balance:
  /// credit that covers part of it, all of it, and a debt.
  @Test(arguments: [
    (Int64(-500), "paid from the customer's balance"),
    (-100_000, "paid from the customer's balance"), (700, "owed on the customer's balance"),
  ])
  func anUpgrade(_ balance: Int64, _ words: String) async throws {
    let shop = try await shop(balance: balance)
    let preview = try await shop.json("upgrade ada@example.com professional --preview")
    #expect(sum(preview, "now") == preview["amount_due_now"]?.integer)
    #expect(sum(preview, "next") == preview["next_invoice_total"]?.integer)
    let adjustments = preview["adjustments"]?.array ?? []
    #expect(adjustments.first?.object?.keys == ["kind", "description", "amount", "invoice"])
    #expect(
      adjustments.map { "\($0["invoice"]?.string ?? "-") \($0["description"]?.string ?? "-")" }
        == ["now \(words)", "next discount launch"])
    let changed = try await shop.json("upgrade ada@example.com professional")
    let invoice = try await shop.json("invoice show \(changed["latest_invoice"]?.string ?? "-")")
    #expect(invoice["amount_due"] == preview["amount_due_now"])
  }

  /// Another interval begins a period of its own, whose first bill is due now.
  @Test func anotherInterval() async throws {
    let shop = try await shop(balance: -500)
    let preview = try await shop.json(
      "upgrade ada@example.com professional --interval year --preview")
    #expect(sum(preview, "now") == preview["amount_due_now"]?.integer)
  }

  @Test func whatADowngradeGivesBackGoesToTheBalance() async throws {
    let shop = try await shop(balance: 0)
    _ = try await shop.json("upgrade ada@example.com professional")
    shop.world.tick(86_400)
    let preview = try await shop.json(
      "downgrade ada@example.com starter --prorate always_invoice --preview")
    #expect(preview["amount_due_now"] == 0 && sum(preview, "now") == 0)
    #expect(
      preview["adjustments"]?.array?.contains {
        $0["description"] == "credited to the customer's balance"
          && ($0["amount"]?.integer ?? 0) > 0
      } == true)
  }

  @Test func twoMetersAreToldApart() async throws {
    let shop = try await shop(balance: 0)
    let preview = try await shop.json("upgrade ada@example.com professional --preview")
    let meters = preview["lines"]?.array?.compactMap { $0["meter"]?.string } ?? []
    #expect(Set(meters) == ["ai_requests", "storage_mb"])
    let shown = await shop.run("upgrade ada@example.com professional --preview").output
    for meter in ["ai_requests", "storage_mb"] {
      #expect(shown.contains("(Tier 1 at $0.00 / month), \(meter)\n"))
    }
  }
}
