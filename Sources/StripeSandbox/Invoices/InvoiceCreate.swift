import Basics

/// An invoice by hand: `POST /v1/invoices`.
enum InvoiceCreate {
  static func run(_ call: Call) throws -> JSON {
    try InvoiceTerms.check(
      call, besides: ["currency", "customer", "pending_invoice_items_behavior", "subscription"])
    let subscription = try call.string("subscription").map {
      try call.referenced("subscription", $0, parameter: "subscription")
    }
    guard let id = call.string("customer") ?? subscription?.string("customer") else {
      throw SandboxError.missingParameter("customer")
    }
    let customer = try Customers.referenced(id, call)
    guard subscription.map({ $0.string("customer") == customer.id }) ?? true else {
      throw SandboxError.invalid(
        "The subscription \(subscription?.id ?? "") does not belong to customer \(customer.id).",
        parameter: "subscription")
    }
    let draft = try draft(for: customer, subscription, call)
    var invoice = try draft.made(call).setting([
      "auto_advance": false, "metadata": try call.newMetadata(),
      "rendering": [
        "amount_tax_display": .null, "pdf": ["page_size": "auto"], "template": .null,
        "template_version": .null,
      ],
    ])
    try InvoiceTerms.apply(call, to: &invoice, customer: customer)
    if let discounts = try InvoiceTerms.discounts(call, of: invoice) {
      invoice["discounts"] = discounts
      invoice = try InvoiceTotals.filled(invoice, customer: customer, call)
    }
    return .object(try draft.store(invoice, call))
  }

  /// The draft, with what waits if the call asks for that.
  private static func draft(
    for customer: JSONObject, _ subscription: JSONObject?, _ call: Call
  ) throws -> InvoiceDraft {
    let currency = try currency(of: customer, subscription, call)
    var items: [JSONObject] = []
    if call.string("pending_invoice_items_behavior") == "include" {
      items =
        try subscription.map { try InvoiceItems.pending(of: $0, call) }
        ?? InvoiceItems.pending(ofCustomer: customer.id, currency: currency, call)
      guard !items.isEmpty else {
        let owner = subscription == nil ? "customer" : "subscription"
        throw SandboxError.invalid(
          "Nothing to invoice for \(owner)", code: "invoice_no_\(owner)_line_items")
      }
    }
    let start = subscription?.listed("items").first.map { SubscriptionItems.period(of: $0).start }
    return InvoiceDraft(
      customer: customer, subscription: subscription, lines: items.map { InvoiceItems.line($0) },
      reason: "manual", period: BillingPeriod(start: start ?? call.now, end: call.now),
      discountIDs: subscription?.strings("discounts") ?? [], items: items, currency: currency,
      inheritsDiscount: !call.has("discounts"))
  }

  private static func currency(
    of customer: JSONObject, _ subscription: JSONObject?, _ call: Call
  ) throws -> String {
    let wanted = try call.string("currency").map {
      try Currency.checked($0, parameter: "currency")
    }
    let own = subscription?.string("currency")
    guard let wanted else { return own ?? customer.string("currency") ?? "usd" }
    guard own.map({ $0 == wanted }) ?? true else {
      throw SandboxError.invalid(
        """
        You cannot combine currencies on a single subscription. The subscription is in \
        \(own ?? ""), the invoice in \(wanted).
        """, parameter: "currency")
    }
    return wanted
  }
}
