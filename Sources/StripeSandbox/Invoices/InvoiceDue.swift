import Basics

/// What time does to an invoice: it is issued, collected, collected again, overdue.
enum InvoiceDue {
  static let due = Due(.invoice, moment: moment, run: run)

  @Sendable private static func moment(_ invoice: JSONObject) -> Timestamp? {
    let isAdvancing = invoice.bool("auto_advance") == true
    switch invoice.string("status") {
    case "draft": return isAdvancing ? invoice.timestamp("automatically_finalizes_at") : nil
    case "open" where isSent(invoice):
      return invoice["_overdue_told"] == true ? nil : invoice.timestamp("due_date")
    case "open": return isAdvancing ? invoice.timestamp("next_payment_attempt") : nil
    default: return nil
    }
  }

  @Sendable private static func run(_ call: Call, _ invoice: JSONObject) throws {
    if invoice.string("status") == "draft" { return try issue(invoice, call) }
    if isSent(invoice) { return try tellOverdue(invoice, call) }
    try collect(invoice, call)
  }

  private static func isSent(_ invoice: JSONObject) -> Bool {
    invoice.string("collection_method") == "send_invoice"
  }

  /// Issues a draft; then it is sent, or paid.
  private static func issue(_ draft: JSONObject, _ call: Call) throws {
    // Nobody is left whom it could be issued to.
    guard try call.find("customer", draft.string("customer") ?? "") != nil else {
      try call.update(
        draft, to: draft.setting(["auto_advance": false]), event: "invoice.updated")
      return
    }
    guard let invoice = try finalized(draft, call) else { return }
    guard invoice.string("status") == "open" else {
      return try InvoicePay.settleSubscription(invoice, call)
    }
    if isSent(invoice) {
      try call.emit("invoice.sent", invoice)
    } else {
      try collect(invoice, call)
    }
  }

  /// Issues a draft by itself; nil where that fails, which is noted on it.
  static func finalized(_ draft: JSONObject, _ call: Call) throws -> JSONObject? {
    let failure: SandboxError
    do {
      return try call.store.atomically { try InvoiceFinalize.finalize(draft, call) }
    } catch let error as SandboxError {
      failure = error
    }
    try noteFailure(failure, of: draft, call)
    return nil
  }

  /// An invoice that cannot be issued, because it comes to too much for one, stays a draft. That it
  /// no longer advances by itself is the sandbox's choice.
  private static func noteFailure(
    _ error: SandboxError, of draft: JSONObject, _ call: Call
  ) throws {
    let failed = draft.setting([
      "auto_advance": false, "automatically_finalizes_at": .null, "next_payment_attempt": .null,
      "last_finalization_error": [
        "code": JSON(error.code), "message": .string(error.message),
        "param": JSON(error.parameter), "type": .string(error.type.rawValue),
      ],
    ])
    try call.become(draft, failed, "invoice.finalization_failed")
  }

  /// Tries to have an open invoice paid, with the card that is the default by now.
  private static func collect(_ invoice: JSONObject, _ call: Call) throws {
    let method = try InvoicePay.methodAtHand(for: invoice, call)
    let tried: JSONObject
    if let method {
      tried = try InvoicePay.attempt(invoice, with: method, isAutomatic: true, call).invoice
    } else {
      tried = try InvoicePay.failWithoutMethod(invoice, call)
    }
    try InvoicePay.settleSubscription(tried, call)
    guard tried.string("status") == "open", tried["next_payment_attempt"] == .null else { return }
    try call.settings.dunning.finish(tried, call)
  }

  /// A sent invoice was not paid by its due date.
  private static func tellOverdue(_ invoice: JSONObject, _ call: Call) throws {
    let overdue = invoice.setting(["_overdue_told": true])
    try call.become(invoice, overdue, "invoice.overdue")
    guard let id = Invoices.subscriptionID(of: invoice),
      let stored = try call.find("subscription", id), stored.string("status") == "active"
    else { return }
    let subscription = try Subscriptions.current(stored, call)
    try call.update(
      subscription, to: subscription.setting(["status": "past_due"]),
      event: "customer.subscription.updated")
  }
}
