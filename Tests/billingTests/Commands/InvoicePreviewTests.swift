import Basics
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
  @Test(arguments: ["team", "team --interval year", "enterprise --quantity 2"])
  func showsWhatAPendingChangeWillCost(_ change: String) async throws {
    let shop = try await shop()
    _ = try await shop.json("downgrade ada@example.com \(change)")
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
