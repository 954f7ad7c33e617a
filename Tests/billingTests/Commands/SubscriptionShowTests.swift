import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SubscriptionShowTests {
  @Test(arguments: [("", "CUSTOMER is missing;"), ("a b", "unexpected 'b';")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("subscription show \(words)")
        == "\(message) see billing subscription show --help")
  }

  @Test func theOneThatRunsElseTheLast() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    #expect(
      try await shop.failure("subscription show ada@example.com") == """
        4 not_found: ada@example.com has no subscription; billing subscribe begins one
        """)
    let open = try await shop.json("subscribe ada@example.com team")
    #expect(try await shop.json("subscription show ada@example.com")["id"] == open["id"])
    let paid = try await shop.json("subscribe ada@example.com team --payment-method pm_card_visa")
    for option in ["", " --local"] {
      #expect(
        try await shop.json("subscription show ada@example.com" + option)["id"] == paid["id"])
    }
    let ended = try await shop.json("cancel ada@example.com --now --yes")
    for option in ["", " --local"] {
      #expect(try await shop.json("subscription show ada@example.com" + option) == ended)
    }
  }
}
