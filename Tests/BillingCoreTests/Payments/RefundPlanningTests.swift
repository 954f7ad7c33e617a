import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct RefundPlanningTests {
  private let whole = InvoicePayment(source: .paymentIntent("pi_1"), paid: 4900, refunded: 0)

  private func rules(
    days: Int64? = nil, amount: Int64? = nil, currency: String = "usd"
  ) -> RefundPlanning.Rules {
    RefundPlanning.Rules(
      policy: RefundPolicy(windowDays: days, maximumAmount: amount), currency: currency, now: noon)
  }

  private func plan(
    _ request: RefundRequest = RefundRequest(), status: String = "paid",
    payments: [InvoicePayment]? = nil, ending subscription: Subscription? = nil,
    within rules: RefundPlanning.Rules? = nil
  ) throws -> [String] {
    let invoice = try Invoice(Sample.invoice(status: status, paidAt: noon.seconds - 86_400))
    return try RefundPlanning.refund(
      request, of: invoice, paidBy: payments ?? [whole], ending: subscription,
      within: rules ?? self.rules()
    ).requests.map {
      "\($0.method.rawValue) \($0.path.segments.dropFirst().joined(separator: "/")) "
        + JSON.object($0.parameters).compact
    }
  }

  @Test func allThatIsLeftIsSaidAsAnAmount() throws {
    let part = InvoicePayment(source: .charge("ch_1"), paid: 4900, refunded: 900)
    #expect(
      try plan(payments: [part]) == [
        #"POST refunds {"charge":"ch_1","amount":4000,"metadata":{"billing_invoice":"in_1"}}"#
      ])
  }

  @Test func theSubscriptionEndsAfterTheMoneyWentBack() throws {
    let request = RefundRequest(amount: 500, reason: "duplicate", cancels: true)
    let running = try Subscription(Sample.subscription())
    #expect(
      try plan(request, ending: running) == [
        """
        POST refunds {"payment_intent":"pi_1","amount":500,"reason":"duplicate",\
        "metadata":{"billing_invoice":"in_1"}}
        """, "DELETE subscriptions/sub_1 {}",
      ])
    let ended = try Subscription(Sample.subscription(status: "canceled"))
    #expect(try plan(request, ending: ended).count == 1)
    #expect(throws: RefundConflict.nothingToCancel(invoiceID: "in_1")) { try plan(request) }
  }

  @Test func nothingGoesBackThatDidNotCome() throws {
    #expect(throws: RefundConflict.notPaid(invoiceID: "in_1", status: "open")) {
      try plan(status: "open", payments: [])
    }
    #expect(throws: RefundConflict.paidElsewhere(invoiceID: "in_1")) { try plan(payments: []) }
    #expect(throws: RefundConflict.refundedAlready(invoiceID: "in_1")) {
      try plan(payments: [.init(source: .charge("ch_1"), paid: 4900, refunded: 4900)])
    }
    #expect(
      throws: RefundConflict.moreThanLeft(
        invoiceID: "in_1", asked: 4901, left: 4900, currency: "usd")
    ) { try plan(RefundRequest(amount: 4901)) }
  }

  @Test func aRefundIsOfOnePayment() throws {
    let parts = [
      InvoicePayment(source: .paymentIntent("pi_1"), paid: 1000, refunded: 0),
      InvoicePayment(source: .paymentIntent("pi_2"), paid: 3900, refunded: 0),
    ]
    #expect(
      throws: RefundConflict.severalPayments(invoiceID: "in_1", largest: 3900, currency: "usd")
    ) { try plan(payments: parts) }
    #expect(try plan(RefundRequest(amount: 3900), payments: parts).count == 1)
  }

  @Test func theCatalogueLimitsTimeAndAmount() throws {
    #expect(try plan(within: rules(days: 1, amount: 4900)).count == 1)
    #expect(throws: RefundConflict.tooLate(invoiceID: "in_1", windowDays: 0)) {
      try plan(within: rules(days: 0))
    }
    #expect(throws: RefundConflict.tooMuch(invoiceID: "in_1", limit: 4899, currency: "usd")) {
      try plan(within: rules(amount: 4899))
    }
    #expect(
      throws: RefundConflict.limitInOtherCurrency(invoiceID: "in_1", limit: 9900, currency: "eur")
    ) { try plan(within: rules(amount: 9900, currency: "eur")) }
    let all = RefundRequest(overrides: true)
    #expect(try plan(all, within: rules(days: 0, amount: 1, currency: "eur")).count == 1)
  }

  @Test func manySmallRefundsAreHeldToTheLimitOfOneLarge() {
    let part = InvoicePayment(source: .charge("ch_1"), paid: 4900, refunded: 600)
    #expect(throws: RefundConflict.tooMuch(invoiceID: "in_1", limit: 1000, currency: "usd")) {
      try plan(RefundRequest(amount: 401), payments: [part], within: rules(amount: 1000))
    }
  }
}
