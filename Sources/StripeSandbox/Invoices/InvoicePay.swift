import Basics

/// Paying an invoice: `POST /v1/invoices/{id}/pay`, and what every payment does to the invoice, the
/// subscription and the customer.
enum InvoicePay {
  static func run(_ call: Call) throws -> JSON {
    // What `forgive` forgives is what a balance with too little money cannot pay; a card pays all
    // or nothing.
    try call.accept(only: "payment_method", "paid_out_of_band", "off_session", "forgive")
    var invoice = try call.required("invoice")
    if invoice.string("status") == "draft" {
      invoice = try InvoiceFinalize.finalize(invoice, call)
      if invoice.string("status") == "paid" {
        try settleSubscription(invoice, call)
        return .object(invoice)
      }
    }
    try requirePayable(invoice)
    if call.bool("paid_out_of_band") == true {
      let paid = try closeOutOfBand(invoice, call)
      try settleSubscription(paid, call)
      return .object(paid)
    }
    let (paid, result) = try attempt(
      invoice, with: try method(for: invoice, call),
      isOffSession: call.bool("off_session") ?? true, call)
    try settleSubscription(paid, call)
    let error = result.error(
      actionCode: "invoice_payment_intent_requires_action",
      actionMessage: """
        This payment requires additional user action before it can be completed successfully. \
        Payment can be completed using the PaymentIntent associated with the invoice. For more \
        details see: https://stripe.com/docs/billing/subscriptions/overview#requires-action
        """)
    if let error { throw error }
    return .object(paid)
  }

  private static func requirePayable(_ invoice: JSONObject) throws {
    switch invoice.string("status") {
    case "open", "uncollectible": return
    case "paid": throw SandboxError.invalid("Invoice is already paid")
    default:
      throw SandboxError.invalid(
        "You can only pay an invoice that is open; this one is \(invoice.string("status") ?? "").",
        code: "invoice_not_editable")
    }
  }

  /// The card that the call names, else the subscription's or the customer's.
  private static func method(for invoice: JSONObject, _ call: Call) throws -> JSONObject {
    let customer = invoice.string("customer") ?? ""
    if let id = call.string("payment_method") {
      let method = try PaymentMethods.resolved(id, call, parameter: "payment_method")
      guard id.hasPrefix("pm_card_") || method.string("customer") == customer else {
        throw PaymentMethods.notAttached(id, parameter: "payment_method")
      }
      return method
    }
    guard let method = try methodAtHand(for: invoice, call) else { throw noPaymentMethod }
    return method
  }

  /// The card of an invoice, else of its subscription, else its customer's default.
  static func methodAtHand(for invoice: JSONObject, _ call: Call) throws -> JSONObject? {
    if let own = invoice.string("default_payment_method"),
      let method = try call.find("payment_method", own)
    {
      return method
    }
    let subscription = try Invoices.subscriptionID(of: invoice)
      .flatMap { try call.find("subscription", $0) }
    let owner = try call.find("customer", invoice.string("customer") ?? "")
    return try defaultMethod(subscription, owner, call)
  }

  /// The card of a subscription, else the customer's default.
  static func defaultMethod(
    _ subscription: JSONObject?, _ customer: JSONObject?, _ call: Call
  ) throws -> JSONObject? {
    let id =
      subscription?.string("default_payment_method")
      ?? customer?.object("invoice_settings")?.string("default_payment_method")
    return try id.flatMap { try call.find("payment_method", $0) }
  }

  static let noPaymentMethod = SandboxError.invalid(
    "This customer has no attached payment source or default payment method.",
    code: "resource_missing")
}

// MARK: Steps

extension InvoicePay {
  /// Tries to pay an open invoice with a card.
  ///
  /// - Parameters:
  ///   - isAutomatic: whether nobody asked for it.
  ///   - isOffSession: whether the customer is away; where it is not given, as the call says, and
  ///     always for what time does by itself.
  static func attempt(
    _ invoice: JSONObject, with method: JSONObject, isAutomatic: Bool = false,
    isOffSession: Bool? = nil, _ call: Call
  ) throws -> (invoice: JSONObject, result: PaymentAttempt.Result) {
    guard let intent = try InvoicePayments.intent(of: invoice, call) else {
      throw SandboxError.unexpected
    }
    let isSaid = isOffSession ?? call.bool("off_session") ?? false
    let isAway = isAutomatic || call.requestID == nil || isSaid
    let result = try PaymentAttempt.run(
      intent, with: method, PaymentAttempt.Terms(isOffSession: isAway), call)
    return (try after(result, invoice: invoice, isAutomatic: isAutomatic, call), result)
  }

  /// An automatic payment for which there is no card. It counts as an attempt that failed, though
  /// nothing was charged and the payment intent stays as it is.
  static func failWithoutMethod(_ invoice: JSONObject, _ call: Call) throws -> JSONObject {
    let failed = try tried(invoice, counts: true, call)
    return try call.become(invoice, failed, "invoice.payment_failed")
  }

  /// What an attempt that was made through the payment intent itself does to its invoice.
  static func follow(
    _ result: PaymentAttempt.Result, invoice: JSONObject, _ call: Call
  ) throws {
    try settleSubscription(try after(result, invoice: invoice, call), call)
  }

  private static func after(
    _ result: PaymentAttempt.Result, invoice: JSONObject, isAutomatic: Bool = false, _ call: Call
  ) throws -> JSONObject {
    // Any attempt counts as the first; after it only automatic ones do, so that what is tried by
    // hand does not change the schedule of the retries.
    let counts = isAutomatic || invoice.integer("attempt_count") == 0
    switch result.outcome {
    case .succeeded:
      let count = (invoice.integer("attempt_count") ?? 0) + (counts ? 1 : 0)
      let paid = invoice.setting(["attempted": true, "attempt_count": .integer(count)])
      return try close(paid, paid: paid.integer("amount_due") ?? 0, call)
    case .declined:
      let failed = try tried(invoice, counts: counts, call)
      return try call.become(invoice, failed, "invoice.payment_failed")
    case .requiresAction:
      // The bank was asked, and declined, where the customer was away: that is a failed attempt.
      guard result.charge != nil else {
        let waiting = try tried(invoice, counts: isAutomatic, call)
        return try call.become(invoice, waiting, "invoice.payment_action_required")
      }
      let failed = try tried(invoice, counts: counts, call)
      try call.become(invoice, failed, "invoice.payment_failed")
      try call.emit("invoice.payment_action_required", failed)
      return failed
    }
  }

  /// An invoice after an attempt that did not succeed.
  ///
  /// - Parameter counts: whether it counts on the schedule of the retries.
  private static func tried(
    _ invoice: JSONObject, counts: Bool, _ call: Call
  ) throws -> JSONObject {
    var tried = invoice.setting(["attempted": true])
    if counts {
      tried["attempt_count"] = .integer((invoice.integer("attempt_count") ?? 0) + 1)
    } else if invoice.timestamp("next_payment_attempt") != nil {
      return tried
    }
    let subscription = try Invoices.subscriptionID(of: invoice)
      .flatMap { try call.find("subscription", $0) }
    return call.settings.dunning.noting(tried, subscription: subscription, at: call.now)
  }

  /// Closes an invoice as paid, whether something was to be paid or not.
  static func close(_ open: JSONObject, paid: Int64 = 0, _ call: Call) throws -> JSONObject {
    try InvoicePayments.settle(open, amount: paid, call)
    let closed = open.setting([
      "status": "paid", "attempted": true, "auto_advance": false, "amount_paid": .integer(paid),
      "amount_remaining": .integer((open.integer("amount_due") ?? 0) - paid),
      "next_payment_attempt": .null,
    ]).setting(["paid_at": .time(call.now)], in: "status_transitions")
    try call.become(open, closed, "invoice.paid")
    try call.emit("invoice.payment_succeeded", closed)
    return closed
  }

  /// Paid by other means than a card of Stripe's.
  private static func closeOutOfBand(_ invoice: JSONObject, _ call: Call) throws -> JSONObject {
    try InvoicePayments.cancel(invoice, reason: "void_invoice", call)
    let due = invoice.integer("amount_due") ?? 0
    return try close(
      invoice.setting(["amount_paid_off_stripe": .integer(due)]), paid: due, call)
  }
}

// MARK: The subscription and the customer

extension InvoicePay {
  /// What the state of an invoice means to its subscription and its customer.
  static func settleSubscription(_ invoice: JSONObject, _ call: Call) throws {
    try noteDelinquency(invoice, call)
    if try PendingUpdate.settle(invoice, call) { return }
    guard let id = Invoices.subscriptionID(of: invoice),
      let stored = try call.find("subscription", id)
    else { return }
    let subscription = try Subscriptions.current(stored, call)
    let status = try SubscriptionStatus.after(invoice, of: subscription, call)
    var changed = subscription.setting(["status": .string(status)])
    let settings = subscription.object("payment_settings")
    if invoice.string("status") == "paid",
      settings?.string("save_default_payment_method") == "on_subscription",
      let method = try InvoicePayments.intent(of: invoice, call)?.string("payment_method"),
      try call.find("payment_method", method)?.string("customer") == invoice.string("customer")
    {
      changed["default_payment_method"] = .string(method)
    }
    if status == "incomplete_expired" { changed["ended_at"] = .time(call.now) }
    try call.update(subscription, to: changed, event: "customer.subscription.updated")
  }

  /// `delinquent`: an automatic payment failed, and the customer has not paid since.
  private static func noteDelinquency(_ invoice: JSONObject, _ call: Call) throws {
    let failed =
      invoice.string("status") == "open" && (invoice.integer("attempt_count") ?? 0) > 0
      && invoice.string("collection_method") == "charge_automatically"
    let settled = ["paid", "uncollectible"].contains(invoice.string("status"))
    guard failed || settled else { return }
    try Customers.follow(
      call, invoice.string("customer") ?? "", ["delinquent": .bool(failed)])
  }
}
