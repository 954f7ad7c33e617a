import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct RefundTests {
  @Test(arguments: [
    ("", "INVOICE is missing;"),
    ("in_1 --amount 0", "--amount must be from 1 to 99999999, not 0;"),
    ("in_1 --amount 1.50", "--amount is in the minor unit, a whole number (1900 for 19.00);"),
    (
      "in_1 --reason angry",
      "--reason must be duplicate, fraudulent or requested_by_customer, not 'angry';"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("refund \(words)") == "\(message) see billing refund --help")
  }

  /// A paid invoice of $99.00.
  private func shop(_ plans: String = "agnostic") async throws -> (Shop, id: String) {
    let shop = try await Shop(plans)
    let plan = plans == "agnostic" ? "team" : "starter --trial-days 0"
    let made = try await shop.json(
      "subscribe ada@example.com \(plan) --create --payment-method pm_card_visa")
    return (shop, made["latest_invoice"]?.string ?? "-")
  }

  private func refunds(_ shop: Shop) async throws -> [JSON?] {
    let list = try await shop.call(.get, "refunds")["data"]?.array ?? []
    return list.map { $0["amount"] }
  }

  @Test func aPartAndThenTheRest() async throws {
    let (shop, id) = try await shop()
    let part = try await shop.json(
      "refund \(id) --amount 900 --reason requested_by_customer --yes")
    #expect(
      part.object?.keys == [
        "id", "invoice", "customer", "amount", "currency", "status", "reason", "created",
      ])
    #expect(part["invoice"]?.string == id && part["amount"] == 900)
    #expect(part["status"] == "succeeded" && part["reason"] == "requested_by_customer")
    #expect(
      try await shop.failure("refund \(id) --amount 9001 --yes") == """
        5 invalid_state: $90.01 is more than the $90.00 that is left of what was paid for \(id); \
        --amount 9000 gives back the rest
        """)
    #expect(try await shop.json("refund \(id) --yes")["amount"] == 9000)
    #expect(
      try await shop.failure("refund \(id) --yes")
        == "5 invalid_state: all that was paid for \(id) was given back already")
    #expect(try await refunds(shop) == [9000, 900])
  }

  @Test func itNeedsAYes() async throws {
    let (shop, id) = try await shop()
    let number = try await shop.json("invoice show \(id)")["number"]?.string ?? "-"
    #expect(
      try await shop.failure("refund \(id) --cancel") == """
        2 confirmation_required: not confirmed: give back all that is left of $99.00 paid for \
        \(number) and end its subscription at once; run it again with --yes
        """)
    #expect(try await refunds(shop) == [])
  }

  @Test func theSubscriptionEndsWithIt() async throws {
    let (shop, id) = try await shop()
    let plan = try await shop.dryRun("refund \(id) --cancel")
    let subscription = try await shop.json("subscription show ada@example.com")["id"]?.string ?? "-"
    #expect(plan.count == 2 && plan[0].hasPrefix(#"POST /v1/refunds {"payment_intent":"pi_"#))
    #expect(plan[0].hasSuffix(#","amount":9900,"metadata":{"billing_invoice":"\#(id)"}}"#))
    #expect(plan[1] == "DELETE /v1/subscriptions/\(subscription) {}")
    let refund = try await shop.json("refund \(id) --cancel --yes --idempotency-key k")
    #expect(refund["amount"] == 9900)
    #expect(try await shop.json("customer show ada@example.com")["status"] == "canceled")
    #expect(try await shop.json("refund \(id) --cancel --yes --idempotency-key k") == refund)
    #expect(try await refunds(shop) == [9900])
  }

  @Test func thePolicyOfTheCatalogueHoldsUnlessOverridden() async throws {
    let (shop, id) = try await shop("coditect")
    _ = try await shop.json("sandbox advance '15 days'")
    #expect(
      try await shop.failure("refund \(id) --yes") == """
        5 invalid_state: \(id) was paid more than 14 days ago, plans.yaml's limit; \
        --override refunds it all the same
        """)
    #expect(try await shop.json("refund \(id) --override --yes")["status"] == "succeeded")
  }

  @Test func beforeBasilTheInvoiceNamesItsCharge() async throws {
    let (shop, id) = try await shop()
    let old = " --api-version 2024-11-20.acacia"
    let plan = try await shop.dryRun("refund \(id)\(old)")
    #expect(plan.count == 1 && plan[0].hasPrefix(#"POST /v1/refunds {"charge":"ch_"#))
    #expect(try await shop.json("refund \(id) --yes\(old)")["amount"] == 9900)
    #expect(
      try await shop.failure("refund \(id) --yes\(old)")
        == "5 invalid_state: all that was paid for \(id) was given back already")
  }

  @Test func whatWasNotPaidIsNotGivenBack() async throws {
    let shop = try await Shop()
    let made = try await shop.json("subscribe ada@example.com team --create")
    let id = made["latest_invoice"]?.string ?? "-"
    #expect(
      try await shop.failure("refund \(id) --yes") == """
        5 invalid_state: nothing was paid for \(id): it is open; \
        billing invoice void takes an open invoice back
        """)
  }

  /// It may be for the same bill: then it goes back twice.
  @Test func creditBesidesAFullRefundIsTold() async throws {
    let (shop, id) = try await shop()
    let invoice = try await shop.json("invoice show \(id)")
    let (customer, number) = (invoice["customer"]?.string ?? "-", invoice["number"]?.string ?? "-")
    try await shop.call(.post, "customers", customer, parameters: ["balance": -2500])
    #expect(await shop.run("refund \(id) --amount 900 --yes").errors == "")
    #expect(
      await shop.run("refund \(id) --yes").errors == """
        warning: \(customer) has $25.00 of credit besides, which the next bills use up; what of it \
        is for \(number) goes back twice

        """)
    #expect(try await refunds(shop) == [9000, 900])
  }
}
