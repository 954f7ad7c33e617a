import Basics

/// The fields of an invoice that are set as they are given, when it is made and while it is a
/// draft.
enum InvoiceTerms {
  static let fields = [
    "auto_advance", "automatically_finalizes_at", "collection_method", "custom_fields",
    "days_until_due", "default_payment_method", "description", "discounts", "due_date", "footer",
    "metadata", "payment_settings", "rendering", "statement_descriptor",
  ]

  /// A draft that advances by itself is finalised after an hour.
  static let draftSeconds: Int64 = 3600

  static func apply(
    _ call: Call, to invoice: inout JSONObject, customer: JSONObject
  ) throws {
    for name in ["description", "footer", "statement_descriptor", "custom_fields"] {
      if let value = call[name] { invoice[name] = value }
    }
    try call.checkCount("custom_fields", atMost: 4)
    if let method = call["default_payment_method"] {
      let id = try method.string.map {
        try PaymentMethods.attached(
          $0, to: customer.id, call, parameter: "default_payment_method"
        ).id
      }
      invoice["default_payment_method"] = JSON(id)
    }
    for (name, value) in call.object("payment_settings") ?? [:] {
      invoice = invoice.setting([name: value == "" ? .null : value], in: "payment_settings")
    }
    for (name, value) in call.object("rendering") ?? [:] {
      invoice = invoice.setting([name: value == "" ? .null : value], in: "rendering")
    }
    try applyCollection(call, to: &invoice)
    try applyAdvance(call, to: &invoice)
  }

  /// How it is collected, and until when it is to be paid.
  private static func applyCollection(_ call: Call, to invoice: inout JSONObject) throws {
    if let method = call.string("collection_method") {
      invoice["collection_method"] = .string(method)
      if method == "charge_automatically" {
        invoice = invoice.setting(["due_date": .null, "_days_until_due": .null])
      }
    }
    try call.checkExclusive("due_date", "days_until_due")
    let isSent = invoice.string("collection_method") == "send_invoice"
    for name in ["due_date", "days_until_due"] where call.has(name) && !isSent {
      throw SandboxError.invalid(
        "`\(name)` can only be set when `collection_method` is `send_invoice`.", parameter: name)
    }
    if let days = call.integer("days_until_due") {
      try Call.checkRange(days, 0...36_500, parameter: "days_until_due")
      invoice = invoice.setting(["due_date": .null, "_days_until_due": .integer(days)])
    }
    if let date = call.timestamp("due_date") {
      guard date > call.now, date <= .latest else {
        throw SandboxError.invalid(
          "Invalid timestamp: must be an integer Unix timestamp in the future.",
          parameter: "due_date")
      }
      invoice = invoice.setting(["due_date": .time(date), "_days_until_due": .null])
    }
    guard !isSent || invoice.integer("due_date") ?? invoice.integer("_days_until_due") != nil else {
      throw SandboxError.invalid(
        """
        If invoice collection method is "send_invoice" must specify either due_date or \
        days_until_due.
        """, code: "parameter_missing", parameter: "due_date")
    }
  }

  private static func applyAdvance(_ call: Call, to invoice: inout JSONObject) throws {
    if let advances = call.bool("auto_advance") {
      let former = invoice.timestamp("automatically_finalizes_at")
      invoice["auto_advance"] = .bool(advances)
      invoice["automatically_finalizes_at"] = .time(
        advances ? former ?? call.now + draftSeconds : nil)
    }
    guard let moment = call.timestamp("automatically_finalizes_at") else { return }
    guard moment > call.now, moment <= .latest else {
      throw SandboxError.invalid(
        "Invalid timestamp: must be an integer Unix timestamp in the future.",
        parameter: "automatically_finalizes_at")
    }
    invoice = invoice.setting([
      "auto_advance": true, "automatically_finalizes_at": .time(moment),
    ])
  }

  /// Refuses what the sandbox does not carry out.
  static func check(_ call: Call, besides others: [String] = []) throws {
    for name in call.parameters.keys where !(fields + others + ["expand"]).contains(name) {
      throw SandboxError.invalid(
        "The sandbox does not offer the parameter \(name) of this operation yet.",
        code: "parameter_unsupported", parameter: name)
    }
  }

  /// The discounts that the parameter gives to an invoice; nil where it says nothing of them.
  static func discounts(_ call: Call, of invoice: JSONObject) throws -> JSON? {
    guard let given = call["discounts"] else { return nil }
    let redemption = DiscountRedemption(
      owner: .invoice(invoice.id), customer: invoice.string("customer") ?? "",
      currency: invoice.string("currency"), amount: invoice.integer("subtotal"), call: call)
    let discounts = try redemption.discounts(
      given.array ?? [], current: invoice.strings("discounts"))
    return .array(discounts.map { .string($0.id) })
  }
}
