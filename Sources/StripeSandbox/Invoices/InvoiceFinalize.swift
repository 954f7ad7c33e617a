import Basics

/// Issuing an invoice: it gets its number and can no longer change.
/// `POST /v1/invoices/{id}/finalize`.
enum InvoiceFinalize {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(only: "auto_advance")
    let invoice = try call.required("invoice")
    guard invoice.string("status") == "draft" else {
      throw SandboxError.invalid(
        """
        This invoice is already finalized, you can't re-finalize a non-draft invoice.
        """, code: "invoice_not_editable")
    }
    var issued = try finalize(invoice, call)
    if issued.string("status") == "open" {
      issued["auto_advance"] = call["auto_advance"] ?? issued["auto_advance"]
      InvoiceTerms.scheduleAttempt(of: &issued, call)
      try call.save(issued)
    }
    if issued.string("status") == "paid" { try InvoicePay.settleSubscription(issued, call) }
    return .object(issued)
  }

  /// Issues a draft. One with nothing to pay is paid at once; else a payment intent waits to be
  /// tried.
  static func finalize(_ stored: JSONObject, _ call: Call) throws -> JSONObject {
    guard let customerID = stored.string("customer"),
      let customer = try call.find("customer", customerID)
    else { throw SandboxError.missing("customer", id: stored.string("customer") ?? "") }
    let draft = try MeteredLines.recounted(stored, customer: customer, call)
    let balance = customer.integer("balance") ?? 0
    let settled = try InvoiceArithmetic.settle(
      total: draft.integer("total") ?? 0, balance: balance,
      minimum: ChargeLimits.minimum(draft.string("currency") ?? ""))
    // A draft may come to more than can be charged at once; it cannot be issued.
    try Money.checkCharge(settled.due, currency: draft.string("currency") ?? "")
    let sequence = customer.integer("next_invoice_sequence") ?? 1
    let open = opened(draft, call).setting([
      "number": .string(number(customer.string("invoice_prefix") ?? "", sequence)),
      "starting_balance": .integer(balance), "ending_balance": .integer(settled.endingBalance),
      "amount_due": .integer(settled.due), "amount_remaining": .integer(settled.due),
    ])
    try CustomerBalance.settle(settled, with: open, call)
    try keepBooks(customer, balance: settled.endingBalance, sequence: sequence, call)
    try call.become(draft, open, "invoice.finalized")
    if settled.due > 0 { try openPayment(of: open, call) }
    try DiscountEnd.spend(on: open, call)
    return settled.due > 0 ? open : try InvoicePay.close(open, call)
  }

  /// The draft as it looks once it can no longer change, its amounts aside.
  private static func opened(_ draft: JSONObject, _ call: Call) -> JSONObject {
    let page = "\(call.settings.accountID)/test_\(call.newToken(length: 60))"
    var open = draft.setting([
      "status": "open", "effective_at": .time(call.now), "automatically_finalizes_at": .null,
      "next_payment_attempt": .null,
      "hosted_invoice_url": .string("https://invoice.stripe.com/i/\(page)?s=ap"),
      "invoice_pdf": .string("\(InvoicePage.host)/invoice/\(page)/pdf?s=ap"),
    ]).setting(["finalized_at": .time(call.now)], in: "status_transitions")
    if draft.string("collection_method") == "send_invoice",
      let days = draft.integer("_days_until_due")
    {
      open["due_date"] = .time(call.now + days * 86_400)
    }
    if draft.object("rendering")?.object("pdf")?.string("page_size") == "auto" {
      open = open.setting(["pdf": ["page_size": "letter"]], in: "rendering")
    }
    return open
  }

  /// `PREFIX-0001`.
  static func number(_ prefix: String, _ sequence: Int64) -> String {
    let digits = String(sequence)
    return "\(prefix)-\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
  }

  /// The next number and the balance: only the latter is worth an event.
  private static func keepBooks(
    _ customer: JSONObject, balance: Int64, sequence: Int64, _ call: Call
  ) throws {
    let numbered = customer.setting(["next_invoice_sequence": .integer(sequence + 1)])
    try call.save(numbered)
    try call.update(
      numbered, to: numbered.setting(["balance": .integer(balance)]), event: "customer.updated")
  }

  private static func openPayment(of invoice: JSONObject, _ call: Call) throws {
    let reason = invoice.string("billing_reason")
    let isFirst = reason == "subscription_create"
    let description =
      isFirst
      ? "Subscription creation"
      : reason == "manual" ? "Payment for Invoice" : "Subscription update"
    let intent = PaymentIntents.made(
      amount: invoice.integer("amount_due") ?? 0, currency: invoice.string("currency") ?? "usd",
      call
    ).setting([
      "customer": invoice["customer"] ?? .null, "_invoice": .string(invoice.id),
      "description": .string(description),
      "payment_details": reason == "manual"
        ? .null : ["customer_reference": .null, "order_reference": .string(invoice.id)],
      "setup_future_usage": reason == "manual" ? .null : "off_session",
    ])
    try call.create(intent, event: "payment_intent.created")
    try call.insert(InvoicePayments.made(for: invoice, intent: intent, call))
  }
}
