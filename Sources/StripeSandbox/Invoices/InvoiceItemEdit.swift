import Basics

/// Making, changing and deleting invoice items: `POST` and `DELETE /v1/invoiceitems`.
enum InvoiceItemEdit {
  static func create(_ call: Call) throws -> JSON {
    let terms = InvoiceItemTerms(given: call.parameters, call: call)
    try terms.checkFields(besides: ["currency", "customer", "expand", "invoice", "subscription"])
    try call.checkExclusive("invoice", "subscription")
    let invoice = try call.string("invoice").map { try draft($0, call) }
    let subscription = try call.string("subscription").map {
      try call.referenced("subscription", $0, parameter: "subscription")
    }
    let owner = (invoice ?? subscription)?.string("customer")
    guard let customerID = call.string("customer") ?? owner else {
      throw SandboxError.missingParameter("customer")
    }
    let customer = try Customers.referenced(customerID, call)
    guard owner.map({ $0 == customer.id }) ?? true else {
      throw SandboxError.invalid(
        """
        The customer \(customer.id) does not match that of the \
        \(invoice == nil ? "subscription" : "invoice").
        """, parameter: "customer")
    }
    let currency = (invoice ?? subscription ?? customer).string("currency")
    let line = try terms.line(currency: currency)
    try check(line, fits: currency, of: invoice == nil ? "customer" : "invoice")
    return .object(
      try add(line, terms, to: invoice, customer: customer, subscription: subscription, call))
  }

  /// Stores a new item, and puts it on an invoice if there is one.
  private static func add(
    _ line: InvoiceLine, _ terms: InvoiceItemTerms, to invoice: JSONObject?, customer: JSONObject,
    subscription: JSONObject?, _ call: Call
  ) throws -> JSONObject {
    let item = try stored(line, terms, on: invoice, customer: customer, for: subscription, call)
    if let invoice {
      try InvoiceEdit.save(invoice, adding: [item], call)
    } else {
      try Customers.follow(call, customer.id, ["currency": item["currency"] ?? .null])
    }
    return item
  }

  /// A new item, stored but on no invoice's lines yet.
  static func stored(
    _ line: InvoiceLine, _ terms: InvoiceItemTerms, on invoice: JSONObject?,
    customer: JSONObject, for subscription: JSONObject? = nil, _ call: Call
  ) throws -> JSONObject {
    var item = InvoiceItems.made(line, customer: customer, for: subscription, call)
    if let invoice {
      item = item.setting([
        "invoice": .string(invoice.id), "_pending": false, "_isOfInvoice": true,
      ])
    }
    if let discounts = try terms.discounts(of: item) {
      item["discounts"] = .array(discounts.map { .string($0) })
    }
    return try call.create(item, event: "invoiceitem.created")
  }

  static func update(_ call: Call) throws -> JSON {
    let terms = InvoiceItemTerms(given: call.parameters, call: call)
    try terms.checkFields(besides: ["expand"])
    let item = try call.required("invoiceitem")
    let invoice = try item.string("invoice").map { try draft($0, call) }
    let changed = try changed(item, by: terms, call)
    if let invoice { try InvoiceEdit.save(invoice, call) }
    return .object(changed)
  }

  /// Changes an item as the terms say. No event tells of it.
  static func changed(
    _ item: JSONObject, by terms: InvoiceItemTerms, _ call: Call
  ) throws -> JSONObject {
    let line = try terms.changed(InvoiceItems.line(item))
    try check(line, fits: item.string("currency"), of: "invoice item")
    var changed = InvoiceItems.setting(line, of: item)
    if let discounts = try terms.discounts(of: changed) {
      changed["discounts"] = .array(discounts.map { .string($0) })
    }
    try call.save(changed)
    return changed
  }

  static func delete(_ call: Call) throws -> JSON {
    let item = try call.required("invoiceitem")
    let invoice = try item.string("invoice").map { try draft($0, call) }
    let answer = try call.delete(item, event: "invoiceitem.deleted")
    if let invoice { try InvoiceEdit.save(invoice, removing: [item.id], call) }
    return answer
  }

  /// The invoice of an item, which must still be a draft.
  private static func draft(_ id: String, _ call: Call) throws -> JSONObject {
    try InvoiceEdit.draft(try call.referenced("invoice", id, parameter: "invoice"))
  }

  /// Refuses a line in another currency than what it is put on.
  static func check(_ line: InvoiceLine, fits currency: String?, of owner: String) throws {
    guard let currency, currency != line.price.string("currency") else { return }
    throw SandboxError.invalid(
      """
      You cannot combine currencies on a single \(owner). The \(owner) is in \(currency), the \
      item in \(line.price.string("currency") ?? "").
      """, parameter: "currency")
  }
}
