import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CancelTests {
  @Test(arguments: [
    ("a@b.c", Cancellation()),
    ("a@b.c --reason 'too dear' --feedback too_expensive",
      Cancellation(comment: "too dear", feedback: "too_expensive")),
    ("a@b.c --now --invoice-now --credit-unused",
      Cancellation(isNow: true, invoicesNow: true, creditsUnused: true)),
  ])
  func wordsBecomeOptions(_ words: String, _ expected: Cancellation) throws {
    let command = try Words.parsed("cancel \(words)", as: Cancel.self)
    #expect(command.reference == .email("a@b.c") && command.cancellation == expected)
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing;"),
    ("a@b.c --invoice-now", "--invoice-now and --credit-unused go with --now;"),
    ("a@b.c --credit-unused", "--invoice-now and --credit-unused go with --now;"),
    (
      "a@b.c --feedback dear",
      """
      --feedback must be customer_service, low_quality, missing_features, other, \
      switched_service, too_complex, too_expensive or unused, not 'dear';
      """
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("cancel \(words)") == "\(message) see billing cancel --help")
  }

  private func shop() async throws -> (Shop, id: String) {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    return (shop, made["id"]?.string ?? "-")
  }

  @Test func atTheEndOfThePeriod() async throws {
    let (shop, id) = try await shop()
    #expect(
      try await shop.dryRun("cancel ada@example.com --reason why --feedback unused") == [
        """
        POST /v1/subscriptions/\(id) {"cancellation_details":{"comment":"why","feedback":\
        "unused"},"cancel_at_period_end":true}
        """
      ])
    let result = await shop.run("cancel ada@example.com")
    #expect(
      result.output.hasSuffix(
        """

        ada@example.com is on Agnostic Automation Center - Team Plan until 2026-12-20; \
        billing resume takes that back.

        """))
    let ending = try await shop.json("subscription show ada@example.com")
    #expect(ending["status"] == "active" && ending["cancel_at_period_end"] == true)
    #expect(ending["next_billing_date"] == JSON.null && ending["ended_at"] == JSON.null)
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "team")
    #expect(
      try await shop.failure("cancel ada@example.com") == """
        5 invalid_state: \(id) is cancelled already, to end at \
        \(ending["current_period_end"]?.string ?? "-"); \
        billing resume takes that back; --now ends it at once
        """)
  }

  @Test func atOnceNeedsAYes() async throws {
    let (shop, id) = try await shop()
    #expect(
      try await shop.failure("cancel ada@example.com --now") == """
        2 confirmation_required: not confirmed: cancel the subscription of ada@example.com at \
        once; run it again with --yes
        """)
    #expect(
      try await shop.dryRun("cancel ada@example.com --now --credit-unused --invoice-now")
        == [#"DELETE /v1/subscriptions/\#(id) {"invoice_now":true,"prorate":true}"#])
    let ended = try await shop.json("cancel ada@example.com --now --yes")
    #expect(ended["status"] == "canceled" && ended["ended_at"] != JSON.null)
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "free")
    let customer = ended["customer"]?.string ?? "-"
    #expect(
      try await shop.failure("cancel ada@example.com") == """
        5 invalid_state: \(customer) has no subscription that runs; billing subscribe begins one
        """)
  }

  @Test func anIncompleteOneCanOnlyEndAtOnce() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create")
    let ended = try await shop.json("cancel ada@example.com")
    #expect(ended["status"] == "incomplete_expired")
  }

  @Test func aKeyDoesItOnce() async throws {
    let (shop, _) = try await shop()
    let first = try await shop.json("cancel ada@example.com --idempotency-key k")
    #expect(try await shop.json("cancel ada@example.com --idempotency-key k") == first)
    #expect(try shop.journal(key: "k") == "done")
  }
}
