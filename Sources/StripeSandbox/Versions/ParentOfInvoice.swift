import Basics

/// Basil: what an invoice, a line and an invoice item come from stands in `parent`; before, each
/// named its subscription itself.
enum ParentOfInvoice {
  static let change = VersionChange(
    since: .basil,
    objects: [
      "invoice": { invoice, _ in invoice = withSubscription(invoice) },
      "line_item": { line, _ in line = withSource(line) },
      "invoiceitem": { item, _ in
        let details = item.object("parent")?.object("subscription_details")
        item["subscription"] = details?["subscription"] ?? .null
        item["subscription_item"] = details?["subscription_item"] ?? .null
      },
    ],
    expandable: [
      "invoice": [
        "subscription": .reference("subscription"), "quote": .reference("quote"),
      ],
      "line_item": ["subscription_item": .reference("subscription_item")],
      "invoiceitem": ["subscription": .reference("subscription")],
    ],
    added: [
      "invoice": ["parent"], "line_item": ["parent"],
      "invoiceitem": ["parent", "proration_details"],
    ])

  private static func withSubscription(_ invoice: JSONObject) -> JSONObject {
    let details = invoice.object("parent")?.object("subscription_details")
    var changed = invoice.setting([
      "application_fee_amount": .null, "quote": .null, "transfer_data": .null,
      "subscription": details?["subscription"] ?? .null,
      "subscription_details": .null,
    ])
    if let details {
      changed["subscription_details"] = ["metadata": details["metadata"] ?? .null]
      if let date = details["subscription_proration_date"], !date.isNull {
        changed["subscription_proration_date"] = date
      }
    }
    return changed
  }

  private static func withSource(_ line: JSONObject) -> JSONObject {
    let parent = line.object("parent")
    let details =
      parent?.object("subscription_item_details") ?? parent?.object("invoice_item_details") ?? [:]
    let isItem = parent?.string("type") == "invoice_item_details"
    return line.setting([
      "invoice_item": details["invoice_item"] ?? .null,
      "proration": details["proration"] ?? false,
      "proration_details": details["proration_details"] ?? ["credited_items": .null],
      "subscription_item": details["subscription_item"] ?? .null,
      "type": isItem ? "invoiceitem" : "subscription",
    ])
  }
}
