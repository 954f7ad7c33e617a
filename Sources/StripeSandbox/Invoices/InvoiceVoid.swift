import Basics

/// Giving an invoice up: `POST /v1/invoices/{id}/void` and `…/mark_uncollectible`.
enum InvoiceVoid {
  static func void(_ call: Call) throws -> JSON {
    try call.accept(only: "expand")
    let invoice = try call.required("invoice")
    guard ["open", "uncollectible"].contains(invoice.string("status")) else {
      throw SandboxError.invalid(
        """
        You can only pass in open invoices. This invoice isn't open: it is \
        \(invoice.string("status") ?? "").
        """, code: "invoice_not_editable")
    }
    let voided = try end(invoice, call)
    try InvoicePay.settleSubscription(voided, call)
    return .object(voided)
  }

  /// Voids an open invoice, gives up its payment and gives back what the customer's balance paid.
  @discardableResult
  static func end(_ invoice: JSONObject, _ call: Call) throws -> JSONObject {
    try InvoicePayments.cancel(invoice, reason: "void_invoice", call)
    try CustomerBalance.unapply(invoice, call)
    let voided = invoice.setting([
      "status": "void", "auto_advance": false, "next_payment_attempt": .null,
    ]).setting(["voided_at": .time(call.now)], in: "status_transitions")
    return try call.become(invoice, voided, "invoice.voided")
  }

  static func markUncollectible(_ call: Call) throws -> JSON {
    try call.accept(only: "expand")
    let invoice = try call.required("invoice")
    guard invoice.string("status") == "open" else {
      throw SandboxError.invalid(
        "You can only mark an open invoice as uncollectible.", code: "invoice_not_editable")
    }
    let given = try giveUp(invoice, reason: "user_forgiven", call)
    try InvoicePay.settleSubscription(given, call)
    return .object(given)
  }

  /// Marks an open invoice as one that will not be paid.
  @discardableResult
  static func giveUp(_ invoice: JSONObject, reason: String, _ call: Call) throws -> JSONObject {
    let given = invoice.setting([
      "status": "uncollectible", "auto_advance": false, "next_payment_attempt": .null,
      "status_details": ["uncollectible": ["reason": .string(reason)]],
    ]).setting(["marked_uncollectible_at": .time(call.now)], in: "status_transitions")
    return try call.become(invoice, given, "invoice.marked_uncollectible")
  }
}
