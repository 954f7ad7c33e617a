import Basics
import Testing

@testable import StripeSandbox

@Suite struct DunningTests {
  @Test(
    .tags(.unit),
    arguments: [
      ([3, 5, 7], 1, 3), ([3, 5, 7], 2, 5), ([3, 5, 7], 3, 7), ([3, 5, 7], 4, nil),
      ([1], 1, 1), ([1], 2, nil), ([], 1, nil), ([3], 0, nil),
    ] as [([Int64], Int64, Int64?)])
  func theNextAttempt(days: [Int64], attempts: Int64, wanted: Int64?) {
    let next = Dunning(retryDays: days, afterRetries: .cancel)
      .next(after: attempts, failedAt: TestSandbox.start)
    #expect(next == wanted.map { TestSandbox.start + $0 * 86_400 })
  }

  /// A subscription whose first renewal failed just now, and its customer.
  private func failed(
    _ world: MoneyWorld, _ settings: String = "", card: String = "pm_card_chargeCustomerFail"
  ) throws -> (subscription: String, customer: String, invoice: String) {
    if !settings.isEmpty { #expect(world.stripe.post("/sandbox/settings", settings).status == 200) }
    let customer = world.customer()
    let subscription = world.subscribe(customer).id
    world.change(card: card, of: customer)
    try world.pass(days: 30)
    let invoice = world.subscription(subscription)["latest_invoice"]?.string ?? ""
    #expect(world.subscription(subscription)["status"] == "active")
    try world.pass(hours: 1)
    return (subscription, customer, invoice)
  }

  @Test(.tags(.unit)) func theFirstFailure() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer).id
    world.change(card: "pm_card_chargeCustomerFail", of: customer)
    try world.pass(days: 30)
    let count = try world.eventCount()
    try world.pass(hours: 1)
    #expect(
      try world.events(after: count) == [
        "invoice.finalized", "payment_intent.created", "charge.failed",
        "payment_intent.payment_failed", "invoice.payment_failed", "customer.updated",
        "customer.subscription.updated",
      ])
    let owing = world.subscription(subscription)
    #expect(owing["status"] == "past_due")
    let invoice = world.latestInvoice(owing)
    let now = TestSandbox.start + 30 * 86_400 + 3600
    #expect(invoice["status"] == "open")
    #expect(invoice["attempt_count"] == 1)
    #expect(invoice["auto_advance"] == true)
    #expect(invoice["next_payment_attempt"] == .time(now + 3 * 86_400))
    let event = try #require(try world.stripe.events().last)
    #expect(event[at: "data", "previous_attributes"] == ["status": "active"])
    #expect(world.stripe.get("/v1/customers/\(customer)")["delinquent"] == true)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func threeRetriesAndTheEnd() throws {
    let world = try MoneyWorld()
    let (subscription, _, invoice) = try failed(world)
    for (days, attempts) in [(Int64(3), Int64(2)), (5, 3)] {
      try world.pass(days: days)
      #expect(world.invoice(invoice)["attempt_count"] == .integer(attempts))
      #expect(world.subscription(subscription)["status"] == "past_due")
    }
    let count = try world.eventCount()
    try world.pass(days: 7)
    let left = world.invoice(invoice)
    #expect(left["attempt_count"] == 4)
    #expect(left["status"] == "open")
    #expect(left["auto_advance"] == false)
    #expect(left["next_payment_attempt"] == .null)
    let ended = world.subscription(subscription)
    #expect(ended["status"] == "canceled")
    #expect(ended["cancellation_details", "reason"] == "payment_failed")
    #expect(ended["ended_at"] == .time(TestSandbox.start + 45 * 86_400 + 3600))
    #expect(
      try world.events(after: count) == [
        "charge.failed", "payment_intent.payment_failed", "invoice.payment_failed",
        "customer.subscription.deleted",
      ])
    try world.pass(days: 90)
    #expect(world.subscription(subscription).body == ended.body)
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func unpaidInTheEnd() throws {
    let world = try MoneyWorld()
    let (subscription, customer, first) = try failed(
      world, "retry_days=1&after_retries=unpaid")
    try world.pass(days: 1)
    let unpaid = world.subscription(subscription)
    #expect(unpaid["status"] == "unpaid")
    #expect(world.invoice(first)["next_payment_attempt"] == .null)
    try world.pass(days: 31)
    let later = world.subscription(subscription)
    #expect(later["latest_invoice"]?.string != first)
    let draft = world.latestInvoice(later)
    #expect(draft["status"] == "draft")
    #expect(draft["auto_advance"] == false)
    #expect(draft["automatically_finalizes_at"] == .null)
    world.change(card: "pm_card_visa", of: customer)
    #expect(world.stripe.post("/v1/invoices/\(first)/pay").status == 200)
    #expect(world.subscription(subscription)["status"] == "active")
    #expect(world.stripe.get("/v1/customers/\(customer)")["delinquent"] == false)
  }

  @Test(.tags(.unit)) func pastDueForEver() throws {
    let world = try MoneyWorld()
    let (subscription, _, first) = try failed(world, "retry_days=&after_retries=past_due")
    #expect(world.invoice(first)["auto_advance"] == false)
    try world.pass(days: 31)
    let later = world.subscription(subscription)
    #expect(later["status"] == "past_due")
    #expect(world.latestInvoice(later)["attempt_count"] == 1)
    #expect(later["latest_invoice"]?.string != first)
  }

  @Test(.tags(.unit)) func aNewCardIsUsedByTheNextRetry() throws {
    let world = try MoneyWorld()
    let (subscription, customer, invoice) = try failed(world)
    world.change(card: "pm_card_mastercard", of: customer)
    let count = try world.eventCount()
    try world.pass(days: 3)
    #expect(world.invoice(invoice)["status"] == "paid")
    #expect(world.invoice(invoice)["attempt_count"] == 2)
    #expect(world.subscription(subscription)["status"] == "active")
    #expect(
      try world.events(after: count) == [
        "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid",
        "invoice.payment_succeeded", "customer.updated", "customer.subscription.updated",
      ])
  }

  @Test(.tags(.unit)) func paidByHandInTime() throws {
    let world = try MoneyWorld()
    let (subscription, customer, invoice) = try failed(world)
    let planned = world.invoice(invoice)["next_payment_attempt"]
    try world.pass(hours: 1)
    #expect(world.stripe.post("/v1/invoices/\(invoice)/pay").status == 402)
    // What is tried by hand does not move the retries.
    #expect(world.invoice(invoice)["attempt_count"] == 1)
    #expect(world.invoice(invoice)["next_payment_attempt"] == planned)
    world.change(card: "pm_card_visa", of: customer)
    #expect(world.stripe.post("/v1/invoices/\(invoice)/pay")["status"] == "paid")
    #expect(world.subscription(subscription)["status"] == "active")
    let count = try world.eventCount()
    try world.pass(days: 10)
    #expect(try world.events(after: count) == [])
  }

  @Test(.tags(.unit)) func aRenewalThatTheCustomerMustConfirm() throws {
    let world = try MoneyWorld()
    let (subscription, _, invoice) = try failed(world, card: "pm_card_authenticationRequired")
    #expect(world.subscription(subscription)["status"] == "past_due")
    #expect(world.invoice(invoice)["attempt_count"] == 1)
    #expect(
      try world.stripe.eventTypes().contains("invoice.payment_action_required"))
    try world.pass(days: 15)
    #expect(world.subscription(subscription)["status"] == "canceled")
  }

  @Test(.tags(.unit)) func aRenewalWithoutACard() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer).id
    _ = world.stripe.post(
      "/v1/customers/\(customer)", "invoice_settings[default_payment_method]=")
    try world.pass(days: 30)
    let count = try world.eventCount()
    try world.pass(hours: 1)
    #expect(
      try world.events(after: count) == [
        "invoice.finalized", "payment_intent.created", "invoice.payment_failed",
        "customer.updated", "customer.subscription.updated",
      ])
    let owing = world.subscription(subscription)
    #expect(owing["status"] == "past_due")
    #expect(world.latestInvoice(owing)["attempt_count"] == 1)
    try world.pass(days: 15)
    #expect(world.subscription(subscription)["status"] == "canceled")
  }
}
