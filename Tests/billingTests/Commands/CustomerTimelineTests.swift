import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CustomerTimelineTests {
  private func entries(_ shop: Shop, _ options: String = "") async throws -> [JSON] {
    try await shop.json("customer timeline ada@example.com\(options)")["data"]?.array ?? []
  }

  private func words(_ entries: [JSON]) -> [String] {
    entries.map { "\($0["kind"]?.string ?? "-"): \($0["summary"]?.string ?? "-")" }
  }

  @Test func whatACommandBringsAboutHasItAsItsCause() async throws {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    let entries = try await entries(shop)
    let number = try await shop.json("invoice show \(made["latest_invoice"]?.string ?? "-")")
    let bill = "bill \(number["number"]?.string ?? "-")"
    #expect(
      words(entries) == [
        "operation: subscribe (payment method pm_card_visa, plan team, price agnostic_team_month)",
        "event: customer created", "event: visa 4242 attached", "invoice: \(bill) over $99.00",
        "invoice: \(bill) of $99.00 is paid", "payment: $99.00 paid with visa 4242",
        "change: subscribed to team", "change: the subscription is active",
      ])
    #expect(entries.allSatisfy { $0.object?.keys == TimelineEntry.keys })
    let operation = entries.first?["cause"]
    #expect(entries.allSatisfy { $0["cause"] == operation && $0["actor"] == "ada@laptop" })
    #expect(entries.first?["object_id"] == made["id"])
  }

  @Test func whatStripeDoesByItselfIsStripes() async throws {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json("sandbox advance '32 days'")
    let renewal = try await entries(shop, " --since 10d")
    #expect(Set(renewal.map { $0["actor"] }) == ["stripe"])
    #expect(words(renewal).contains("payment: $99.00 paid with visa 4242"))
    #expect(renewal.allSatisfy { $0["cause"]?.string?.hasPrefix("evt_") == true })
  }

  @Test func whatAnotherProgramDoesIsTheApis() async throws {
    let shop = try await Shop()
    let customer = try await shop.json("customer create --email ada@example.com")
    try await shop.call(
      .post, "customers", customer["id"]?.string ?? "-", parameters: ["name": "Ada"])
    let last = try await entries(shop).last
    #expect(last?["summary"] == "customer changed: name" && last?["actor"] == "api")
  }

  @Test func aRefundAndItsEndOfTheSubscription() async throws {
    let shop = try await Shop()
    let made = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    let invoice = made["latest_invoice"]?.string ?? "-"
    let number = try await shop.json("invoice show \(invoice)")["number"]?.string ?? "-"
    let seen = try await entries(shop).count
    _ = try await shop.json("refund \(invoice) --cancel --reason duplicate --yes")
    let entries = try await entries(shop).dropFirst(seen)
    #expect(
      words(Array(entries)) == [
        "operation: refund (cancel, invoice \(invoice), reason duplicate)",
        "refund: $99.00 of bill \(number) given back (duplicate)",
        "change: the subscription went from active to canceled",
      ])
    #expect(Set(entries.map { $0["cause"] }).count == 1)
    #expect(entries.allSatisfy { $0["actor"] == "ada@laptop" })
  }

  /// What goes with the end was not taken back by anybody.
  @Test func theEndIsToldOnce() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create --payment-method pm_card_visa")
    _ = try await shop.json("pause ada@example.com")
    _ = try await shop.json("cancel ada@example.com")
    let seen = try await entries(shop).count
    _ = try await shop.json("cancel ada@example.com --now --yes")
    #expect(
      words(Array(try await entries(shop).dropFirst(seen))) == [
        "operation: cancel (now)", "change: the subscription went from active to canceled",
      ])
  }

  @Test func aChangeToComeIsToldByItsDay() async throws {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com enterprise --create --payment-method pm_card_visa")
    _ = try await shop.json("downgrade ada@example.com team")
    #expect(
      words(try await entries(shop)).contains(
        "change: the plan is to change: team month, from 2026-12-20 on"))
  }

  @Test func aFailedOperationSaysWhy() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.failure(
      "payment-method attach ada@example.com pm_card_chargeDeclined --default")
    #expect(
      words(try await entries(shop)).last
        == """
        operation: payment-method attach (default, payment method pm_card_chargeDeclined) failed: \
        Your card was declined.
        """)
  }

  @Test func whatACustomerWasGrantedOfItsOwn() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json(
      "entitlement set ada@example.com projects 50 --note 'asked by phone'")
    let last = try await entries(shop).last
    #expect(last?["kind"] == "note" && last?["actor"] == "ada@laptop")
    #expect(last?["summary"] == "granted projects 50 (asked by phone)")
  }

  @Test func theLatestAreShown() async throws {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    let all = try await entries(shop)
    let last = try await shop.json("customer timeline ada@example.com --limit 2")
    #expect(last == ["data": .array(Array(all.suffix(2))), "has_more": true])
    #expect(try await entries(shop, " --until 1d") == [])
  }

  @Test func billsOfWhichNoEventCameAreThere() {
    let invoice: JSON = [
      "id": "in_1", "object": "invoice", "customer": "cus_1", "number": "A-1", "status": "paid",
      "currency": "usd", "subtotal": 4900, "total": 4900, "amount_due": 4900, "amount_paid": 4900,
      "amount_remaining": 0, "period_start": 10, "period_end": 10, "created": 10,
      "livemode": false, "metadata": [:], "status_transitions": ["paid_at": 20],
    ]
    let entries = Timeline(
      .init(
        operations: [], events: [], invoices: [.init(object: invoice, cause: nil)], refunds: [],
        changes: [], grants: [], tokens: [])
    ).entries
    #expect(
      entries.map { "\($0.at.seconds) \($0.summary)" } == [
        "10 bill A-1 over $49.00", "20 bill A-1 of $49.00 is paid",
      ])
  }
}
