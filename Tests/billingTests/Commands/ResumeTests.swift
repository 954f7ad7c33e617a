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
}
