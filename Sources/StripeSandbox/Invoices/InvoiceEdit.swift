import Basics

/// Changing what stands on a draft.
enum InvoiceEdit {
  /// The invoice, if it can still be changed.
  static func draft(_ invoice: JSONObject) throws -> JSONObject {
    guard invoice.string("status") == "draft" else {
      throw SandboxError.invalid("Invoice is no longer editable", code: "invoice_not_editable")
    }
    return invoice
  }

  /// Works a draft out anew after its items have changed, and says so.
  ///
  /// - Parameters:
  ///   - items: invoice items that come to stand on it.
  ///   - removed: the ids of those that no longer do.
  ///   - changes: what else becomes different.
  @discardableResult
  static func save(
    _ draft: JSONObject, adding items: [JSONObject] = [], removing removed: Set<String> = [],
    changing changes: JSONObject = [:], _ call: Call
  ) throws -> JSONObject {
    var changed = draft
    for (name, value) in changes { changed[name] = value }
    let kept = try changed.listed("lines").filter {
      invoiceItem(of: $0).map { !removed.contains($0) } ?? true
    }.map { line in
      guard let id = invoiceItem(of: line), let item = try call.find("invoiceitem", id) else {
        return line
      }
      return InvoiceItems.line(item).json(id: line.id, invoice: draft.id)
    }
    let added = items.map {
      InvoiceItems.line($0).json(id: call.newID("il", length: 24), invoice: draft.id)
    }
    changed["lines"] = .list(kept + added, url: "/v1/invoices/\(draft.id)/lines")
    let customer = try call.find("customer", draft.string("customer") ?? "") ?? [:]
    let filled = try InvoiceTotals.filled(changed, customer: customer, call)
    return try call.update(draft, to: filled, event: "invoice.updated")
  }

  /// The invoice item that a line was made of; nil for what a subscription bills by itself.
  static func invoiceItem(of line: JSONObject) -> String? {
    let parent = line.object("parent")
    return
      (parent?.object("invoice_item_details")
      ?? parent?.object("subscription_item_details"))?.string("invoice_item")
  }
}
