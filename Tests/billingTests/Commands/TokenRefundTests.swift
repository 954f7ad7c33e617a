import Basics
import Stripe
import Testing

@testable import billing

/// `billing refund` of a payment for tokens.
@Suite(.tags(.unit)) struct TokenRefundTests {
  /// Who bought 500,000 tokens for $20.00 and used 300,000 of them.
  private func shop(used: Int64 = 300_000) async throws -> (Shop, payment: String) {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    let entry = try await shop.json(
      "tokens buy ada@example.com booster --payment-method pm_card_visa")
    if used > 0 { _ = try await shop.json("tokens consume ada@example.com \(used) --reference c") }
    return (shop, entry["reference"]?.string ?? "-")
  }

  private func refunds(_ shop: Shop) async throws -> [JSON?] {
    let list = try await shop.call(.get, "refunds")["data"]?.array ?? []
    return list.map { $0["amount"] }
  }

  private func balance(_ shop: Shop) async throws -> JSON? {
    try await shop.json("tokens balance ada@example.com")["balance"]
  }

  @Test func aPartTakesThatPartOfTheTokensBack() async throws {
    let (shop, payment) = try await shop()
    let refund = try await shop.json(
      "refund \(payment) --amount 500 --reason requested_by_customer --yes")
    #expect(
      refund.object?.keys == [
        "id", "invoice", "customer", "amount", "currency", "status", "reason", "created",
        "payment", "tokens_taken_back", "tokens_missed",
      ])
    #expect(refund["amount"] == 500 && refund["invoice"] == JSON.null)
    #expect(refund["payment"] == .string(payment) && refund["status"] == "succeeded")
    #expect(refund["tokens_taken_back"] == 125_000 && refund["tokens_missed"] == 0)
    #expect(try await balance(shop) == 75_000)
    // The event that Stripe sends tells no more.
    let history = try await shop.json("tokens history ada@example.com")["data"]?.array ?? []
    #expect(history.count == 3)
  }

  @Test func theRestIsTakenAsFarAsItIsLeft() async throws {
    let (shop, payment) = try await shop()
    _ = try await shop.json("refund \(payment) --amount 500 --yes")
    let result = await shop.world.run("--sandbox refund \(payment) --yes")
    #expect(
      result.output.hasSuffix(
        """
        $15.00 of \(payment) was given back. 200,000 tokens of it are taken back, 300,000 had \
        been used.

        """), "\(result.output)")
    #expect(try await balance(shop) == 0)
    let audit = try await shop.json("tokens audit")
    #expect(audit["clean"] == true && audit["missed"] == 300_000)
    #expect(
      try await shop.failure("refund \(payment) --yes")
        == "5 invalid_state: all that was paid for \(payment) was given back already")
    #expect(
      try await shop.failure("refund \(payment) --amount 1 --yes")
        == "5 invalid_state: all that was paid for \(payment) was given back already")
    #expect(try await refunds(shop) == [1500, 500])
  }

  @Test func theNumberOfTheEntryNamesThePayment() async throws {
    let (shop, payment) = try await shop()
    let entries = try await shop.json("tokens history ada@example.com")["data"]?.array ?? []
    let (consumed, bought) = (Cell(entries[0]["id"]).text, Cell(entries[1]["id"]).text)
    #expect(
      try await shop.failure("refund \(consumed) --yes").hasPrefix(
        "5 invalid_state: the token entry \(consumed) is no purchase: it was consumed; "))
    let refund = try await shop.json("refund \(bought) --yes")
    #expect(refund["payment"] == .string(payment) && refund["amount"] == 2000)
    #expect(
      try await shop.failure("refund 99 --yes").hasPrefix(
        "4 not_found: there is no token entry 99; "))
  }

  @Test func itNeedsAYes() async throws {
    let (shop, payment) = try await shop()
    #expect(
      try await shop.failure("refund \(payment)") == """
        2 confirmation_required: not confirmed: give back all that is left of $20.00 paid for \
        500,000 tokens (\(payment)), and take them back; run it again with --yes
        """)
    #expect(try await refunds(shop) == [])
  }

  @Test func aDryRunShowsTheRequestAndTheTokens() async throws {
    let (shop, payment) = try await shop()
    #expect(
      try await shop.dryRun("refund \(payment) --reason duplicate") == [
        #"POST /v1/refunds {"payment_intent":"\#(payment)","amount":2000,"reason":"duplicate"}"#
      ])
    let plan = try await shop.json("refund \(payment) --dry-run")
    #expect(plan["changes"]?[0]?["amount"] == -200_000 && plan["changes"]?[0]?["missed"] == 300_000)
    #expect(try await balance(shop) == 200_000)
  }

  @Test func aKeyGivesBackOnce() async throws {
    let (shop, payment) = try await shop()
    let line = "refund \(payment) --amount 500 --yes --idempotency-key k"
    let first = try await shop.json(line)
    #expect(try await shop.json(line) == first)
    #expect(try await refunds(shop) == [500])
    #expect(
      try await shop.failure("refund \(payment) --amount 600 --yes --idempotency-key k")
        .hasPrefix("5 idempotency_mismatch: "))
  }

  @Test func aPageIsRefundedByItsPayment() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    let page = try await shop.json("tokens buy ada@example.com booster")
    _ = try await shop.json("sandbox checkout complete \(page["id"]?.string ?? "-")")
    let entry = try await shop.json("tokens history ada@example.com")["data"]?[0]
    let refund = try await shop.json("refund \(entry?["reference"]?.string ?? "-") --yes")
    #expect(refund["amount"] == 2000 && refund["tokens_taken_back"] == 500_000)
    #expect(try await balance(shop) == 0)
  }

  @Test func thePolicyOfTheCatalogueHolds() async throws {
    let (shop, payment) = try await shop(used: 0)
    _ = try await shop.json("sandbox advance '15 days'")
    #expect(
      try await shop.failure("refund \(payment) --yes") == """
        5 invalid_state: \(payment) was paid more than 14 days ago, plans.yaml's limit; \
        --override refunds it all the same
        """)
    #expect(try await shop.json("refund \(payment) --override --yes")["status"] == "succeeded")
  }

  @Test func whatIsNotForTokensIsRefused() async throws {
    let (shop, payment) = try await shop()
    #expect(
      try await shop.failure("refund \(payment) --cancel --yes").hasPrefix(
        "5 invalid_state: \(payment) is not of a subscription: there is nothing to cancel; "))
    #expect(try await shop.failure("refund pi_nothing --yes").hasPrefix("4 not_found: "))
    #expect(try await shop.failure("refund cs_nothing --yes").hasPrefix("4 not_found: "))
    _ = try await shop.json(
      "subscribe bob@example.com starter --trial-days 0 --create --payment-method pm_card_visa")
    let payments = try await shop.call(.get, "payment_intents")["data"]?.array ?? []
    let other = payments.first { $0["amount"] == 1900 }?["id"]?.string ?? "-"
    #expect(
      try await shop.failure("refund \(other) --yes") == """
        5 invalid_state: \(other) did not pay for tokens; \
        billing refund INVOICE gives back what an invoice was paid with
        """)
  }

  @Test func theTimelineTellsWhoAsked() async throws {
    let (shop, payment) = try await shop()
    let refund = try await shop.json("refund \(payment) --yes")
    let entries = try await shop.json("customer timeline ada@example.com")["data"]?.array ?? []
    let told = entries.filter { $0["object_id"] == refund["id"] && $0["kind"] == "refund" }
    #expect(told.map { $0["actor"] } == ["ada@laptop"])
  }
}
