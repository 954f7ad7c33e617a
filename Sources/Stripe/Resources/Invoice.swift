package import Basics

/// What a customer owes for a time (https://docs.stripe.com/api/invoices/object), in both layouts:
/// what it bills stands on top, or since 2025-03-31.basil in `parent`. Amounts are minor units.
package struct Invoice: Sendable, Hashable {
  /// The id of a preview where an old version gives it none.
  package static let previewID = "upcoming_in"

  package let id: String
  package let customerID: String?
  package let subscriptionID: String?
  package let number: String?
  /// `draft`, `open`, `paid`, `uncollectible` or `void`.
  package let status: String
  package let currency: String
  package let subtotal: Int64
  package let total: Int64
  /// What all discounts together take off.
  package let discountTotal: Int64
  /// The customer's balance before it: below zero is credit.
  package let startingBalance: Int64
  package let amountDue: Int64
  package let amountPaid: Int64
  package let amountRemaining: Int64
  /// What credit notes gave back of it after it was paid.
  package let creditedAmount: Int64
  package let attemptCount: Int64
  package let nextPaymentAttempt: Timestamp?
  package let periodStart: Timestamp
  package let periodEnd: Timestamp
  package let hostedInvoiceURL: String?
  package let invoicePDF: String?
  package let created: Timestamp
  package let paidAt: Timestamp?
  /// Before 2025-03-31.basil; since then its payments are a list of their own.
  package let chargeID: String?
  /// Before 2025-03-31.basil.
  package let isPaidOutOfBand: Bool
  /// `subscription_create`, `subscription_cycle`, `subscription_update`, `manual` …
  package let billingReason: String?
  /// The first lines; Stripe gives ten with the invoice.
  package let lines: [InvoiceLine]
  package let isLive: Bool
  package let metadata: [String: String]
  /// What confirms the payment in a browser, where it was expanded.
  package let clientSecret: String?

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "invoice")
    id = fields.value("id") == nil ? Self.previewID : try fields.identifier()
    customerID = try fields.optionalReference("customer")
    let details = try fields.optionalObject("parent")?.optionalObject("subscription_details")
    subscriptionID = try (details ?? fields).optionalReference("subscription")
    number = try fields.optionalText("number")
    status = try fields.optionalText("status") ?? "draft"
    currency = try fields.identifier("currency")
    subtotal = try fields.integer("subtotal")
    total = try fields.integer("total")
    var discountTotal: Int64 = 0
    for element in try fields.elements("total_discount_amounts") {
      discountTotal &+= try element.integer("amount")
    }
    self.discountTotal = discountTotal
    startingBalance = try fields.optionalInteger("starting_balance") ?? 0
    amountDue = try fields.integer("amount_due")
    amountPaid = try fields.integer("amount_paid")
    amountRemaining = try fields.integer("amount_remaining")
    creditedAmount = try fields.optionalInteger("post_payment_credit_notes_amount") ?? 0
    attemptCount = try fields.optionalInteger("attempt_count") ?? 0
    nextPaymentAttempt = try fields.optionalTime("next_payment_attempt")
    periodStart = try fields.time("period_start")
    periodEnd = try fields.time("period_end")
    hostedInvoiceURL = try fields.optionalText("hosted_invoice_url")
    invoicePDF = try fields.optionalText("invoice_pdf")
    created = try fields.time("created")
    paidAt = try fields.optionalObject("status_transitions")?.optionalTime("paid_at")
    chargeID = try fields.optionalReference("charge")
    isPaidOutOfBand = try fields.optionalFlag("paid_out_of_band") ?? false
    billingReason = try fields.optionalText("billing_reason")
    var lines: [InvoiceLine] = []
    for element in try fields.elements("lines") { lines.append(try InvoiceLine(element)) }
    self.lines = lines
    isLive = try fields.flag("livemode")
    metadata = try fields.metadata()
    clientSecret = try Self.clientSecret(fields)
  }

  /// `confirmation_secret` since 2025-03-31.basil, before it that of the payment intent.
  static func clientSecret(_ invoice: ObjectReader) throws(MalformedObject) -> String? {
    let holder = invoice.expanded("confirmation_secret") ?? invoice.expanded("payment_intent")
    return try holder?.optionalText("client_secret")
  }
}
