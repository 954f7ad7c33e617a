import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct InvoiceShowTests {
  @Test(arguments: [("", "ID is missing;"), ("a b", "unexpected 'b';")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("invoice show \(words)") == "\(message) see billing invoice show --help")
  }

  /// Stripe calls both lines by the product.
  @Test func linesOfUsageNameTheirMeters() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    // The trial, and the first month.
    _ = await shop.run("sandbox advance '45 days'")
    let made = try await shop.json("subscription show ada@example.com")
    let id = made["latest_invoice"]?.string ?? "-"
    for option in ["", " --local"] {
      let lines = await shop.run("invoice show \(id)\(option)").output.split(separator: "\n")
        .filter { $0.hasPrefix("line ") }
      #expect(
        lines.map { $0.hasSuffix(", ai_requests") || $0.hasSuffix(", storage_mb") }
          == [false, true, true])
    }
    let text = await shop.run("subscription show ada@example.com").output
    #expect(text.contains("\nbills use of   ai_requests, storage_mb\n"))
  }

  @Test func oneWithItsLines() async throws {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe ada@example.com team --create --quantity 2 --payment-method pm_card_visa")
    let id = made["latest_invoice"]?.string ?? "-"
    let invoice = try await shop.json("invoice show \(id)")
    #expect(try await shop.json("invoice show \(id) --local") == invoice)
    #expect(invoice["total"] == 19800 && invoice["subscription"] == made["id"])
    #expect((invoice["lines"]?.array ?? []).map { $0["amount"] } == [19800])
    let text = await shop.run("invoice show \(id)").output
    #expect(text.contains("total         $198.00\n"))
    for option in ["", " --local"] {
      for other in ["in_nobody", made["id"]?.string ?? "-"] {
        #expect(
          try await shop.failure("invoice show \(other)\(option)")
            == "4 not_found: no invoice \(other); billing invoice list shows those there are")
      }
    }
  }
}
