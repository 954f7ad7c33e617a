import Basics

/// Changing the lines of a draft: `POST /v1/invoices/{id}/add_lines`, `…/update_lines`,
/// `…/remove_lines` and `…/lines/{id}`.
enum InvoiceLineEdit {
  static func add(_ call: Call) throws -> JSON {
    try call.accept(only: "lines", "invoice_metadata")
    let draft = try InvoiceEdit.draft(try call.required("invoice"))
    let customer = try call.required("customer", draft.string("customer") ?? "")
    let items = try entries(call).map { entry, name -> JSONObject in
      if let id = entry.string("invoice_item") {
        return try waiting(id, for: draft, parameter: name("invoice_item"), call)
      }
      let terms = InvoiceItemTerms(given: entry, name: name, call: call)
      try terms.checkFields()
      let line = try terms.line(currency: draft.string("currency"))
      try InvoiceItemEdit.check(line, fits: draft.string("currency"), of: "invoice")
      return try InvoiceItemEdit.stored(line, terms, on: draft, customer: customer, call)
    }
    return .object(
      try InvoiceEdit.save(draft, adding: items, changing: try metadata(draft, call), call))
  }

  static func updateMany(_ call: Call) throws -> JSON {
    try call.accept(only: "lines", "invoice_metadata")
    let draft = try InvoiceEdit.draft(try call.required("invoice"))
    var lines = draft.listed("lines")
    for (entry, name) in try entries(call) {
      let id = entry.string("id") ?? ""
      try change(id, in: &lines, entry.removing("id"), name, parameter: name("id"), call)
    }
    return .object(try save(lines, of: draft, try metadata(draft, call), call))
  }

  static func update(_ call: Call) throws -> JSON {
    let draft = try InvoiceEdit.draft(try call.required("invoice", call.pathIDs.first ?? ""))
    var lines = draft.listed("lines")
    let given = call.parameters.removing("expand")
    try change(call.id, in: &lines, given, { $0 }, parameter: nil, call)
    let saved = try save(lines, of: draft, [:], call)
    return .object(saved.listed("lines").first { $0.id == call.id } ?? [:])
  }

  static func remove(_ call: Call) throws -> JSON {
    try call.accept(only: "lines", "invoice_metadata")
    let draft = try InvoiceEdit.draft(try call.required("invoice"))
    var removed: Set<String> = []
    for (entry, name) in try entries(call) {
      let id = entry.string("id") ?? ""
      guard let line = draft.listed("lines").first(where: { $0.id == id }) else {
        throw SandboxError.missing("line item", id: id, parameter: name("id"), status: 400)
      }
      guard let itemID = InvoiceEdit.invoiceItem(of: line),
        let item = try call.find("invoiceitem", itemID)
      else { throw billed(id, parameter: name("id")) }
      if entry.string("behavior") == "delete" {
        _ = try call.delete(item, event: "invoiceitem.deleted")
      } else {
        try InvoiceItems.unsettle(item, call)
      }
      removed.insert(itemID)
    }
    return .object(
      try InvoiceEdit.save(draft, removing: removed, changing: try metadata(draft, call), call))
  }
}

// MARK: Steps

extension InvoiceLineEdit {
  /// The entries of `lines`, each with how its fields are named in an error.
  private static func entries(
    _ call: Call
  ) throws -> [(entry: JSONObject, name: (String) -> String)] {
    let lines = call.array("lines")?.compactMap { $0.object } ?? []
    guard !lines.isEmpty else { throw SandboxError.missingParameter("lines") }
    try call.checkCount("lines", atMost: 250)
    return lines.enumerated().map { index, entry in (entry, { "lines[\(index)][\($0)]" }) }
  }

  private static func metadata(_ draft: JSONObject, _ call: Call) throws -> JSONObject {
    guard let given = call["invoice_metadata"] else { return [:] }
    let merged = try Metadata.merged(
      draft.object("metadata") ?? [:], with: given, parameter: "invoice_metadata")
    return ["metadata": merged]
  }

  /// An invoice item that waits and can be put on a draft.
  private static func waiting(
    _ id: String, for draft: JSONObject, parameter: String, _ call: Call
  ) throws -> JSONObject {
    let item = try call.referenced("invoiceitem", id, parameter: parameter)
    guard item.bool("_pending") == true, item["customer"] == draft["customer"],
      item["currency"] == draft["currency"]
    else {
      throw SandboxError.invalid(
        "The invoice item \(id) cannot be added to this invoice.", parameter: parameter)
    }
    try InvoiceItems.settle(item, on: draft.id, call)
    return item
  }

  /// Changes a line through the invoice item of which it was made. What a subscription bills by
  /// itself can only be described otherwise.
  private static func change(
    _ id: String, in lines: inout [JSONObject], _ given: JSONObject,
    _ name: @escaping (String) -> String, parameter: String?, _ call: Call
  ) throws {
    guard let index = lines.firstIndex(where: { $0.id == id }) else {
      throw SandboxError.missing(
        "line item", id: id, parameter: parameter ?? "id", status: parameter == nil ? 404 : 400)
    }
    let terms = InvoiceItemTerms(given: given, name: name, call: call)
    try terms.checkFields()
    if let itemID = InvoiceEdit.invoiceItem(of: lines[index]),
      let item = try call.find("invoiceitem", itemID)
    {
      _ = try InvoiceItemEdit.changed(item, by: terms, call)
      return
    }
    guard Set(given.keys).isSubset(of: ["description", "metadata"]) else {
      throw billed(id, parameter: parameter)
    }
    if let description = given["description"] { lines[index]["description"] = description }
    lines[index]["metadata"] = try Metadata.merged(
      lines[index].object("metadata") ?? [:], with: given["metadata"], parameter: name("metadata"))
  }

  private static func save(
    _ lines: [JSONObject], of draft: JSONObject, _ changes: JSONObject, _ call: Call
  ) throws -> JSONObject {
    let list = JSON.list(lines, url: "/v1/invoices/\(draft.id)/lines")
    return try InvoiceEdit.save(draft, changing: changes.setting(["lines": list]), call)
  }

  private static func billed(_ id: String, parameter: String?) -> SandboxError {
    .invalid(
      """
      The line item \(id) is billed by a subscription. Only its description and its metadata can \
      be changed.
      """, parameter: parameter)
  }
}
