import Basics
import Testing

@testable import StripeSandbox

@Suite struct InvoiceDueTests {
  @Test(.tags(.unit)) func aRenewalIsPaidAfterAnHour() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    try world.pass(days: 30)
    let count = try world.eventCount()
    try world.pass(hours: 1)
    let renewed = world.subscription(subscription.id)
    #expect(renewed["status"] == "active")
    let invoice = world.latestInvoice(renewed)
    #expect(invoice["status"] == "paid")
    #expect(invoice["amount_paid"] == 1900)
    #expect(invoice["attempt_count"] == 1)
    #expect(invoice["next_payment_attempt"] == .null)
    #expect(
      invoice["status_transitions", "finalized_at"]
        == .time(TestSandbox.start + 30 * 86_400 + 3600))
    #expect(
      try world.events(after: count) == [
        "invoice.finalized", "payment_intent.created", "charge.succeeded",
        "payment_intent.succeeded", "invoice_payment.paid", "invoice.paid",
        "invoice.payment_succeeded",
      ])
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func aYear() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    try world.pass(days: 365, hours: 2)
    let invoices = world.stripe.get(
      "/v1/invoices", "subscription=\(subscription.id)&status=paid&limit=100")
    #expect(invoices.ids.count == 13)
    let starts = (invoices.body["data"]?.array ?? []).reversed().compactMap {
      $0[at: "lines", "data", "0", "period", "start"]?.integer.map {
        Timestamp($0).iso8601.prefix(10)
      }
    }
    #expect(
      starts == [
        "2026-11-20", "2026-12-20", "2027-01-20", "2027-02-20", "2027-03-20", "2027-04-20",
        "2027-05-20", "2027-06-20", "2027-07-20", "2027-08-20", "2027-09-20", "2027-10-20",
        "2027-11-20",
      ])
  }

  @Test(.tags(.unit)) func whatIsSentBecomesOverdue() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(
      world.customer(nil), "collection_method=send_invoice&days_until_due=10")
    let count = try world.eventCount()
    try world.pass(hours: 1)
    let invoice = world.latestInvoice(subscription)
    #expect(invoice["status"] == "open")
    #expect(invoice["due_date"] == .time(TestSandbox.start + 3600 + 10 * 86_400))
    #expect(invoice["next_payment_attempt"] == .null)
    #expect(
      try world.events(after: count) == [
        "invoice.finalized", "payment_intent.created", "invoice.sent",
      ])
    try world.pass(days: 10)
    #expect(
      try world.events(after: count).dropFirst(3) == [
        "invoice.overdue", "customer.subscription.updated",
      ])
    #expect(world.subscription(subscription.id)["status"] == "past_due")
    #expect(
      world.stripe.post("/v1/invoices/\(invoice.id)/pay", "paid_out_of_band=true").status == 200)
    #expect(world.subscription(subscription.id)["status"] == "active")
    try world.checkEvents()
  }

  @Test(.tags(.unit)) func whatIsPaidInTimeIsNeverOverdue() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(
      world.customer(nil), "collection_method=send_invoice&days_until_due=10")
    try world.pass(hours: 1)
    let invoice = world.latestInvoice(subscription)
    _ = world.stripe.post("/v1/invoices/\(invoice.id)/pay", "paid_out_of_band=true")
    try world.pass(days: 15)
    #expect(try !world.stripe.eventTypes().contains("invoice.overdue"))
    #expect(world.subscription(subscription.id)["status"] == "active")
  }

  @Test(.tags(.unit)) func aCouponThatCountsOnceCountsOnce() throws {
    let world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=once&percent_off=50&duration=once")
    let subscription = world.subscribe(
      world.customer(), "trial_period_days=10&discounts[0][coupon]=once")
    // There was nothing to take off in the trial.
    try world.pass(days: 10, hours: 1)
    #expect(world.latestInvoice(world.subscription(subscription.id))["total"] == 950)
    #expect(world.subscription(subscription.id)["discounts"] == [])
    try world.pass(days: 31, hours: 1)
    #expect(world.latestInvoice(world.subscription(subscription.id))["total"] == 1900)
  }
}
