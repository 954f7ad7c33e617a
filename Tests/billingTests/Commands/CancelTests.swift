import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CancelTests {
  @Test(arguments: [
    ("a@b.c", Cancellation()),
    (
      "a@b.c --reason 'too dear' --feedback too_expensive",
      Cancellation(comment: "too dear", feedback: "too_expensive")
    ),
    (
      "a@b.c --now --invoice-now --credit-unused",
      Cancellation(isNow: true, invoicesNow: true, creditsUnused: true)
    ),
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
        \(Cell(time: ending["current_period_end"]).text); \
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
    let made = try await shop.json("subscribe ada@example.com team --create")
    #expect(
      try await shop.failure("cancel ada@example.com") == """
        2 confirmation_required: not confirmed: end the subscription of ada@example.com at once, \
        before its first payment; run it again with --yes
        """)
    #expect(
      try await shop.dryRun("cancel ada@example.com")
        == ["DELETE /v1/subscriptions/\(made["id"]?.string ?? "-") {}"])
    let ended = try await shop.json("cancel ada@example.com --yes")
    #expect(ended["status"] == "incomplete_expired")
  }

  @Test func aKeyDoesItOnce() async throws {
    let (shop, _) = try await shop()
    let first = try await shop.json("cancel ada@example.com --idempotency-key k")
    #expect(try await shop.json("cancel ada@example.com --idempotency-key k") == first)
    #expect(try shop.journal(key: "k") == "done")
    for other in ["cancel ada@example.com --now --yes", "resume ada@example.com"] {
      #expect(
        try await shop.failure(other + " --idempotency-key k") == """
          5 idempotency_mismatch: the key k was used for other words of cancel; \
          take another --idempotency-key
          """)
    }
  }

  // MARK: What is credited and billed

  /// Half of the first month of 99.00 is over when it is cancelled at once.
  private func cancelled(_ options: String) async throws -> (Shop, customer: String) {
    let (shop, _) = try await shop()
    _ = try await shop.json("sandbox advance 15d")
    let ended = try await shop.json("cancel ada@example.com --now --yes \(options)")
    #expect(ended["status"] == "canceled")
    return (shop, ended["customer"]?.string ?? "-")
  }

  private func waiting(_ shop: Shop, _ customer: String) async throws -> [Int64] {
    try await shop.call(
      .get, "invoiceitems", parameters: ["customer": .string(customer), "pending": true])["data"]?
      .array?.compactMap { $0["amount"]?.integer } ?? []
  }

  @Test func nothingIsGivenBackUnasked() async throws {
    let (shop, customer) = try await cancelled("")
    #expect(try await waiting(shop, customer) == [])
    #expect(try await shop.json("invoice list ada@example.com")["data"]?.array?.count == 1)
  }

  @Test func theCreditWaitsForTheNextInvoice() async throws {
    let (shop, customer) = try await cancelled("--credit-unused")
    #expect(try await waiting(shop, customer) == [-4950])
    #expect(try await shop.json("invoice list ada@example.com")["data"]?.array?.count == 1)
  }

  /// What no answer shows is said: also by a dry run, and by nothing with `--quiet`.
  @Test(arguments: ["--dry-run", "--yes"])
  func aCreditThatWaitsIsTold(_ option: String) async throws {
    let (shop, _) = try await shop()
    let line = "--sandbox cancel ada@example.com --now --credit-unused \(option)"
    let words = await shop.world.run(line).errors.split(separator: "\n").map { String($0) }
    #expect(
      words.contains(
        """
        note: the credit waits for the customer's next invoice, which may never come; \
        --invoice-now puts it on the customer's balance
        """))
  }

  @Test(arguments: ["--dry-run", ""])
  func aChangeThatIsDroppedIsTold(_ option: String) async throws {
    let (shop, _) = try await shop()
    let waiting = try await shop.json(
      "upgrade ada@example.com team --quantity 2 --at-period-end")
    let at = waiting["pending_change"]?["at"]?.string ?? "-"
    let words = await shop.world.run("--sandbox cancel ada@example.com \(option)").errors
      .split(separator: "\n").map { String($0) }
    #expect(
      words.contains(
        "note: the change to team at \(at) is dropped; billing resume does not bring it back"))
  }

  @Test func theFinalInvoiceMakesTheCreditABalance() async throws {
    let (shop, customer) = try await cancelled("--credit-unused --invoice-now")
    #expect(try await waiting(shop, customer) == [])
    let last = try await shop.json("invoice list ada@example.com")["data"]?.array?.first
    #expect(last?["total"] == -4950 && last?["status"] == "paid" && last?["amount_due"] == 0)
    #expect(try await shop.json("customer show ada@example.com")["balance"] == -4950)
  }

  @Test func aScheduleLetsGoOfWhatIsCancelled() async throws {
    let (shop, id) = try await shop()
    let schedule = try await shop.call(
      .post, "subscription_schedules", parameters: ["from_subscription": .string(id)])
    let name = schedule["id"]?.string ?? "-"
    #expect(
      try await shop.dryRun("cancel ada@example.com") == [
        "POST /v1/subscription_schedules/\(name)/release {}",
        #"POST /v1/subscriptions/\#(id) {"cancel_at_period_end":true}"#,
      ])
    let ending = try await shop.json("cancel ada@example.com")
    #expect(ending["id"] == .string(id) && ending["cancel_at_period_end"] == true)
    #expect(try await shop.json("resume ada@example.com")["cancel_at_period_end"] == false)
  }
}
