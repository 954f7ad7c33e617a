import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct PaymentOccurrenceTests {
  /// An invoice that was made just now.
  private func invoice(
    _ id: String = "in_1", _ status: String, changing changes: JSONObject = [:]
  ) -> JSON {
    var object = Sample.invoice(id, status: status).object ?? [:]
    object["created"] = .integer(noon.seconds)
    if status == "paid" { object["status_transitions"] = ["paid_at": 1_795_168_802] }
    for member in changes.members { object[member.key] = member.value }
    return .object(object)
  }

  @Test func anInvoicesLifeIsTold() throws {
    let bench = try Listening("invoice.*")
    try bench.take("invoice.created", invoice("in_1", "draft"))
    try bench.take("invoice.finalized", invoice("in_1", "open"), at: noon + 1)
    try bench.take("invoice.paid", invoice("in_1", "paid"), at: noon + 2)
    try bench.take("invoice.payment_succeeded", invoice("in_1", "paid"), at: noon + 2)
    try bench.take(
      "invoice.updated", invoice("in_1", "paid", changing: ["number": "A-1"]), at: noon + 3)
    #expect(try bench.told() == ["invoice.created", "invoice.paid"])
    #expect(try bench.messages().last?["timestamp"] == "2026-11-20T10:00:02Z")
  }

  @Test func aPaymentThatRecoversIsToldAsPaidAndAsRecovered() throws {
    let bench = try Listening("invoice.*")
    let attempted: JSONObject = ["attempt_count": 1]
    try bench.take("invoice.created", invoice("in_1", "draft"))
    try bench.take(
      "invoice.payment_failed", invoice("in_1", "open", changing: attempted), at: noon + 1)
    try bench.take(
      "invoice.updated", invoice("in_1", "open", changing: attempted), at: noon + 1)
    try bench.take("invoice.paid", invoice("in_1", "paid", changing: attempted), at: noon + 2)
    #expect(
      try bench.told() == [
        "invoice.created", "invoice.payment_failed", "invoice.paid", "invoice.payment_recovered",
      ])
  }

  /// Whoever pays by hand fails within one attempt of the schedule; a repetition is no failure.
  @Test func eachFailureIsToldOnce() throws {
    let bench = try Listening("*failed")
    let open = invoice("in_1", "open", changing: ["attempt_count": 1])
    try bench.take("invoice.payment_failed", open)
    try bench.take("invoice.payment_failed", open, id: "evt_twin")
    try bench.take("invoice.payment_failed", open, force: true)
    try bench.take("invoice.payment_failed", open, at: noon + 60)
    #expect(try bench.told() == ["invoice.payment_failed", "invoice.payment_failed"])
  }

  @Test func whatIsUpcomingHasNoIDToAskFor() throws {
    let bench = try Listening("*")
    let upcoming = invoice(
      "upcoming_in_7", "draft",
      changing: [
        "parent": ["subscription_details": ["subscription": "sub_1"]],
        "next_payment_attempt": 1_795_600_000,
      ])
    try bench.take("invoice.upcoming", upcoming)
    try bench.take("invoice.upcoming", upcoming, id: "evt_twin")
    #expect(try bench.told() == ["invoice.upcoming"])
    let data = try bench.messages().first?["data"]
    #expect(data?["id"] == .null)
    #expect(data?["subscription"] == "sub_1")
    #expect(data?["next_payment_attempt"] == "2026-11-25T09:46:40Z")
  }

  // MARK: Payments

  private func payment(_ status: String, changing changes: JSONObject = [:]) -> JSON {
    var object: JSONObject = [
      "id": "pi_1", "object": "payment_intent", "customer": "cus_1", "amount": 500,
      "currency": "usd", "created": .integer(noon.seconds - 30), "status": .string(status),
      "latest_charge": "ch_1",
    ]
    for member in changes.members { object[member.key] = member.value }
    return .object(object)
  }

  @Test func aPaymentFailsAndSucceeds() throws {
    let bench = try Listening("payment_intent.*")
    let failed = payment(
      "requires_payment_method",
      changing: [
        "last_payment_error": [
          "code": "card_declined", "decline_code": "lost_card", "message": "Declined.",
        ]
      ])
    try bench.take("payment_intent.payment_failed", failed)
    try bench.take("payment_intent.payment_failed", failed, id: "evt_twin")
    try bench.take("payment_intent.succeeded", payment("succeeded"), at: noon + 1)
    try bench.apply(payment("succeeded", changing: ["amount": 501]), at: noon + 2)
    #expect(try bench.told() == ["payment_intent.failed", "payment_intent.succeeded"])
    #expect(
      try bench.messages().first?["data"] == [
        "customer": "cus_1", "external_id": .null, "id": "pi_1", "amount": 500,
        "currency": "usd", "error_code": "card_declined", "decline_code": "lost_card",
        "message": "Declined.",
      ])
  }

  /// What is only read may be as old as its object.
  @Test func aPaymentThatIsListedIsAsOldAsItself() throws {
    let bench = try Listening("*", from: noon - 20)
    try bench.apply(payment("succeeded"), .page, cause: nil)
    #expect(try bench.told() == [])
  }

  private func card(of customer: JSON, created: Timestamp = noon) -> JSON {
    [
      "id": "pm_1", "object": "payment_method", "type": "card", "customer": customer,
      "created": .integer(created.seconds), "livemode": false,
      "card": ["brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030],
    ]
  }

  @Test func aPaymentMethodComesAndGoes() throws {
    let bench = try Listening("payment_method.*")
    try bench.apply(card(of: "cus_1", created: noon - 9 * 86_400))
    try bench.take("payment_method.attached", card(of: "cus_1"))
    try bench.take(
      "payment_method.detached", card(of: .null), at: noon + 1, previous: ["customer": "cus_1"])
    #expect(try bench.told() == ["payment_method.attached", "payment_method.detached"])
    #expect(
      try bench.messages().last?["data"] == [
        "customer": "cus_1", "external_id": .null, "id": "pm_1", "type": "card",
        "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030,
      ])
  }

  /// Nothing else was known of it.
  @Test func aDetachmentAloneNamesTheCustomer() throws {
    let bench = try Listening("payment_method.*")
    try bench.take("payment_method.detached", card(of: .null), previous: ["customer": "cus_1"])
    #expect(try bench.messages().map { $0["data"]?["customer"] } == ["cus_1"])
  }

  @Test func tokensThatWereBoughtAreToldWithTheirCredit() throws {
    let bench = try Listening("tokens.*")
    let paid = payment(
      "succeeded",
      changing: ["metadata": ["billing_package": "booster", "billing_tokens": "1000000"]])
    try bench.apply(paid)
    try bench.take("payment_intent.succeeded", paid)
    #expect(try bench.told() == ["tokens.purchased"])
    let data = try bench.messages().first?["data"]
    #expect(data?["id"] == "pi_1")
    #expect(data?["tokens"] == 1_000_000)
    #expect(data?["balance"] == 1_000_000)
  }
}
