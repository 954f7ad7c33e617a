import Basics
import Stripe
import Testing

@testable import BillingCore
@testable import billing

@Suite(.tags(.unit)) struct TokensAuditTests {
  @Test func whatAddsUpIsDone() async throws {
    let shop = try await Shop("coditect", seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("tokens grant ada@example.com 10 --reference r")
    #expect(
      try await shop.json("tokens audit") == [
        "clean": true, "customers": 1, "entries": 1, "balance": 10, "purchased": 0, "consumed": 0,
        "granted": 10, "refunded": 0, "expired": 0, "missed": 0, "differences": [],
        "uncredited": [],
      ])
    #expect(await shop.run("tokens audit").output.hasSuffix("\n\nEverything adds up.\n"))
    let finding = try await ledgerFinding(shop)
    #expect(finding?["status"] == "ok")
    #expect(finding?["message"] == "10 tokens, and all of them add up")
  }

  private func ledgerFinding(_ shop: Shop) async throws -> JSON? {
    try JSON(parsing: await shop.run("doctor --json").output)["data"]?.array?
      .first { $0["check"] == "ledger" }
  }

  @Test func whatDoesNotIsDrift() {
    let audit = TokenAudit(
      customers: 1, entries: 2, totals: TokenBalance(customerID: ""),
      differences: [.init(customerID: "cus_1", check: .balance, expected: 5, found: 6)],
      uncredited: [], missed: 0)
    let report = TokenAuditReport(audit: audit)
    guard case .failed(let error) = report.outcome, case .object(let json) = report.data else {
      Issue.record("it is a failure with what differs")
      return
    }
    #expect(error.exit == .partial && error.code == "drift")
    #expect(error.message == "the ledger of tokens does not add up: 1 difference")
    #expect(
      json["differences"]
        == [["customer": "cus_1", "check": "balance", "expected": 5, "found": 6]])
  }

  /// A page of another program, for a package that plans.yaml does not have yet.
  @Test func aPaymentForAnUnknownPackageIsToldUntilItIsKnown() async throws {
    let shop = try await Shop("coditect", seeds: false)
    let customer = try await shop.json("customer create --email ada@example.com")["id"] ?? .null
    try await shop.call(
      .post, "payment_intents",
      parameters: [
        "amount": 900, "currency": "usd", "customer": customer, "payment_method": "pm_card_visa",
        "confirm": true, "off_session": true, "metadata": ["billing_package": "mini"],
      ])
    let result = await shop.run("tokens audit --json")
    #expect(
      try Shop.words(of: result) == """
        10 drift: a payment for mini is not credited: plans.yaml has no such package; put the \
        package into plans.yaml, then billing webhook replay --id EVENT --force
        """)
    let uncredited = try JSON(parsing: result.output)["uncredited"]?.array ?? []
    #expect(uncredited.map { $0["package"] } == ["mini"])
    #expect(try await ledgerFinding(shop)?["status"] == "warning")
    try shop.world.write(
      shop.world.text(of: "plans.yaml").replacing(
        "packages:\n",
        with: "packages:\n  - { id: mini, name: Mini, tokens: 9, unit_amount: 900 }\n"),
      to: "plans.yaml")
    let events = try await shop.json("webhook list --type payment_intent.succeeded")["data"]
    let event = try #require(events?.array?.first?["id"]?.string)
    _ = try await shop.json("webhook replay --id \(event) --force")
    #expect(try await shop.json("tokens balance ada@example.com")["balance"] == 9)
    #expect(try await shop.json("tokens audit")["clean"] == true)
  }
}
