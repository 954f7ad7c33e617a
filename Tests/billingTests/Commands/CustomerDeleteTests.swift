import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CustomerDeleteTests {
  @Test(arguments: [
    ("", "CUSTOMER is missing"), ("a b", "unexpected 'b'"), ("a --yes=1", "--yes takes no value"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("customer delete \(words)")
        == "\(message); see billing customer delete --help")
  }

  @Test func itNeedsAYesAndIsForGood() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create --payment-method pm_card_visa")
    let id = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
    #expect(
      try await shop.failure("customer delete ada@example.com") == """
        2 confirmation_required: not confirmed: delete the customer ada@example.com; \
        run it again with --yes
        """)
    #expect(
      try await shop.dryRun("customer delete ada@example.com") == ["DELETE /v1/customers/\(id) {}"])
    let deleted = try await shop.json("customer delete ada@example.com --yes")
    #expect(deleted["deleted"] == true && deleted["plan"] == "free")
    #expect(deleted["status"] == "canceled" && deleted["created"]?.string?.hasPrefix("2026") == true)
    for option in ["", " --local"] {
      #expect(
        try await shop.failure("customer show \(id)\(option)")
          .hasPrefix("4 not_found: no customer \(id);"))
    }
    #expect(
      try await shop.failure("customer delete ada@example.com --yes")
        .hasPrefix("4 not_found: no customer ada@example.com;"))
    // The history stays; the end of the subscription is told by Stripe.
    let ended = try await shop.json("subscription list --status ended --local")["data"]?.array
    #expect(ended?.count == 1)
  }
}
