package import Basics

/// What a customer pays for again and again
/// (https://docs.stripe.com/api/subscriptions/object), in both layouts: with the period and one
/// `discount` on top, and, since 2025-03-31.basil, the period on each item and `discounts`.
package struct Subscription: Sendable, Hashable {
  /// How invoices are treated while collection is paused; the status stays what it was.
  package struct PauseCollection: Sendable, Hashable {
    /// `keep_as_draft`, `mark_uncollectible` or `void`.
    package let behavior: String
    package let resumesAt: Timestamp?
  }

  package let id: String
  package let customerID: String
  package let status: SubscriptionStatus
  package let items: [SubscriptionItem]
  /// On top of the object, else the earliest of the items'.
  package let currentPeriodStart: Timestamp?
  /// On top of the object, else the earliest of the items'.
  package let currentPeriodEnd: Timestamp?
  package let startDate: Timestamp?
  package let created: Timestamp
  package let trialStart: Timestamp?
  package let trialEnd: Timestamp?
  package let cancelAtPeriodEnd: Bool
  package let cancelAt: Timestamp?
  package let canceledAt: Timestamp?
  package let endedAt: Timestamp?
  package let pauseCollection: PauseCollection?
  package let pendingUpdateExpiresAt: Timestamp?
  package let scheduleID: String?
  /// The schedule, where it was expanded.
  package let schedule: SubscriptionSchedule?
  package let latestInvoiceID: String?
  package let currency: String
  package let metadata: [String: String]
  package let defaultPaymentMethodID: String?
  package let testClockID: String?
  /// `charge_automatically` or `send_invoice`.
  package let collectionMethod: String
  package let discounts: [Discount]
  package let defaultTaxRateIDs: [String]
  /// `cancellation_requested`, `payment_failed` or `payment_disputed`.
  package let cancellationReason: String?
  package let isLive: Bool
  /// What confirms the first payment in a browser, where the latest invoice was expanded.
  package let clientSecret: String?
  /// The page on which the latest invoice can be paid, where it was expanded.
  package let hostedInvoiceURL: String?

  /// The operation of this tool that made the subscription.
  package var billingOperation: String? { metadata["billing_operation"] }

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "subscription")
    id = try fields.identifier()
    customerID = try fields.required(
      "customer", "an id or an object with one", try fields.optionalReference("customer"))
    status = SubscriptionStatus(rawValue: try fields.identifier("status"))
    var items: [SubscriptionItem] = []
    for element in try fields.elements("items") { items.append(try SubscriptionItem(element)) }
    self.items = items
    currentPeriodStart =
      try fields.optionalTime("current_period_start")
      ?? items.compactMap(\.currentPeriodStart).min()
    currentPeriodEnd =
      try fields.optionalTime("current_period_end") ?? items.compactMap(\.currentPeriodEnd).min()
    startDate = try fields.optionalTime("start_date")
    created = try fields.time("created")
    trialStart = try fields.optionalTime("trial_start")
    trialEnd = try fields.optionalTime("trial_end")
    cancelAtPeriodEnd = try fields.optionalFlag("cancel_at_period_end") ?? false
    cancelAt = try fields.optionalTime("cancel_at")
    canceledAt = try fields.optionalTime("canceled_at")
    endedAt = try fields.optionalTime("ended_at")
    pauseCollection = try Self.pauseCollection(of: fields)
    pendingUpdateExpiresAt =
      try fields.optionalObject("pending_update")?.optionalTime("expires_at")
    scheduleID = try fields.optionalReference("schedule")
    var schedule: SubscriptionSchedule?
    if let object = fields.expanded("schedule") { schedule = try SubscriptionSchedule(object) }
    self.schedule = schedule
    latestInvoiceID = try fields.optionalReference("latest_invoice")
    // Versions before 2022 have no currency here.
    currency = try fields.required(
      "currency", "a text", try fields.optionalText("currency") ?? items.first?.price.currency)
    metadata = try fields.metadata()
    defaultPaymentMethodID = try fields.optionalReference("default_payment_method")
    testClockID = try fields.optionalReference("test_clock")
    collectionMethod = try fields.optionalText("collection_method") ?? "charge_automatically"
    discounts = try Discount.all(of: fields)
    defaultTaxRateIDs = try fields.ids("default_tax_rates")
    cancellationReason =
      try fields.optionalObject("cancellation_details")?.optionalText("reason")
    isLive = try fields.flag("livemode")
    let latestInvoice = fields.expanded("latest_invoice")
    clientSecret = try latestInvoice.flatMap(Invoice.clientSecret)
    hostedInvoiceURL = try latestInvoice?.optionalText("hosted_invoice_url")
  }

  private static func pauseCollection(
    of fields: ObjectReader
  ) throws(MalformedObject) -> PauseCollection? {
    guard let pause = try fields.optionalObject("pause_collection") else { return nil }
    return PauseCollection(
      behavior: try pause.text("behavior"), resumesAt: try pause.optionalTime("resumes_at"))
  }
}
