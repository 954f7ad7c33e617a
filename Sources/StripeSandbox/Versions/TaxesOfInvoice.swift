import Basics

/// Basil: taxes are told in `total_taxes` and `taxes`; before, in `tax`, `total_tax_amounts` and
/// `tax_amounts`.
enum TaxesOfInvoice {
  static let change = VersionChange(
    since: .basil,
    objects: [
      "invoice": { invoice, _ in
        let taxes = invoice.objects("total_taxes")
        let amounts = taxes.compactMap { $0.integer("amount") }
        invoice["tax"] = amounts.isEmpty ? .null : .integer(amounts.reduce(0, &+))
        invoice["total_tax_amounts"] = .array(taxes.map(amount))
      },
      "line_item": { line, _ in
        line["tax_amounts"] = .array(line.objects("taxes").map(amount))
        line["tax_rates"] = []
      },
    ],
    expandable: [
      "invoice": ["total_tax_amounts.tax_rate": .reference("tax_rate")],
      "line_item": ["tax_amounts.tax_rate": .reference("tax_rate")],
    ],
    added: ["invoice": ["total_taxes"], "line_item": ["taxes"]])

  private static func amount(_ tax: JSONObject) -> JSON {
    [
      "amount": tax["amount"] ?? 0, "inclusive": .bool(tax.string("tax_behavior") == "inclusive"),
      "tax_rate": tax.object("tax_rate_details")?["tax_rate"] ?? "",
      "taxability_reason": tax["taxability_reason"] ?? .null,
      "taxable_amount": tax["taxable_amount"] ?? .null,
    ]
  }
}
