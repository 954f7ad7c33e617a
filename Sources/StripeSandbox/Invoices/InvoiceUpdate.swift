import Basics

/// Changing, deleting and sending an invoice: `POST` and `DELETE /v1/invoices/{id}`,
/// `POST /v1/invoices/{id}/send`.
enum InvoiceUpdate {
  /// What can still be changed of an invoice that is issued.
  private static let lastingFields: Set<String> = [
    "auto_advance", "default_payment_method", "expand", "metadata", "payment_settings",
    "statement_descriptor",
  ]

  static func run(_ call: Call) throws -> JSON {
    try InvoiceTerms.check(call)
    let invoice = try call.required("invoice")
    let isDraft = invoice.string("status") == "draft"
    guard isDraft || lastingFields.isSuperset(of: call.parameters.keys) else {
      throw SandboxError.invalid(
        "Finalized invoices can't be updated in this way", code: "invoice_not_editable")
    }
    let customer = try call.find("customer", invoice.string("customer") ?? "") ?? [:]
    var changed = invoice
    try InvoiceTerms.apply(call, to: &changed, customer: customer)
    if !isDraft { changed["automatically_finalizes_at"] = .null }
    changed["metadata"] = try call.mergedMetadata(of: invoice)
    if let discounts = try InvoiceTerms.discounts(call, of: invoice) {
      changed["discounts"] = discounts
    }
    if isDraft { changed = try InvoiceTotals.filled(changed, customer: customer, call) }
    return .object(try call.update(invoice, to: changed, event: "invoice.updated"))
  }

  /// Deletes a draft that no subscription made. The items that were made for it go with it; those
  /// that had waited before wait again.
  static func delete(_ call: Call) throws -> JSON {
    let invoice = try call.required("invoice")
    guard invoice.string("status") == "draft" else {
      throw SandboxError.invalid(
        "You can only delete draft invoices.", code: "invoice_not_editable")
    }
    guard invoice.string("billing_reason") == "manual" else {
      throw SandboxError.invalid(
        "You can't delete invoices created by subscriptions.", code: "invoice_not_editable")
    }
    for item in try call.all("invoiceitem", where: ["invoice": .string(invoice.id)]) {
      if item.bool("_isOfInvoice") == true {
        _ = try call.delete(item, event: "invoiceitem.deleted")
      } else {
        try InvoiceItems.unsettle(item, call)
      }
    }
    return try call.delete(invoice, event: "invoice.deleted")
  }

  /// Sends an invoice to its customer, after it is issued.
  static func send(_ call: Call) throws -> JSON {
    try call.accept(only: "expand")
    var invoice = try call.required("invoice")
    guard invoice.string("collection_method") == "send_invoice" else {
      throw SandboxError.invalid(
        "You can only manually send an invoice if its collection method is 'send_invoice'.")
    }
    if invoice.string("status") == "draft" {
      invoice = try InvoiceFinalize.finalize(invoice, call)
      if invoice.string("status") == "paid" { try InvoicePay.settleSubscription(invoice, call) }
    }
    guard ["open", "paid", "uncollectible"].contains(invoice.string("status")) else {
      throw SandboxError.invalid(
        "You can't send an invoice that is \(invoice.string("status") ?? "").",
        code: "invoice_not_editable")
    }
    try call.emit("invoice.sent", invoice)
    return .object(invoice)
  }
}
