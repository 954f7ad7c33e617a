import Basics
import Foundation

/// Basil: a line and an invoice item tell their price in `pricing`; before, they held the price,
/// and the plan that it had been.
enum PricingOfLine {
  static let change = VersionChange(
    since: .basil,
    requests: [
      RequestChange(
        "POST /v1/invoiceitems", "POST /v1/invoiceitems/{id}",
        declared: ["price": .string, "unit_amount": .integer, "pricing": nil],
        names: ["pricing[price]": "price", "unit_amount_decimal": "unit_amount"],
        translate: { parameters, _ in
          if let price = parameters.take("price") {
            parameters["pricing"] = ["price": price]
          }
          if let amount = parameters.take("unit_amount")?.integer {
            parameters["unit_amount_decimal"] = .decimal(Decimal(amount))
          }
        })
    ],
    objects: [
      "line_item": { line, call in
        try setPrice(of: &line, call)
        let each = line.object("pricing")?["unit_amount_decimal"] ?? .null
        line["amount_excluding_tax"] = line["amount"] ?? .null
        line["unit_amount_excluding_tax"] = each
      },
      "invoiceitem": { item, call in
        try setPrice(of: &item, call)
        let each = item.object("pricing")?["unit_amount_decimal"] ?? .null
        item["unit_amount"] = each.string.flatMap { Int64($0) }.map { .integer($0) } ?? .null
        item["unit_amount_decimal"] = each
      },
    ],
    expandable: [
      "line_item": ["price": .embedded("price"), "plan": .embedded("plan")],
      "invoiceitem": ["price": .embedded("price"), "plan": .embedded("plan")],
    ],
    added: [
      "line_item": ["pricing", "quantity_decimal", "subtotal"],
      "invoiceitem": ["pricing", "quantity_decimal", "net_amount"],
    ])

  private static func setPrice(of line: inout JSONObject, _ call: Call) throws {
    let id = line.object("pricing")?.object("price_details")?.string("price") ?? ""
    let price = try call.store.object(type: "price", id: id) ?? line.object("_price")
    line["price"] = price.map { SubscriptionItems.embedded($0) } ?? .null
    let isRecurring = price?.object("recurring") != nil
    line["plan"] = isRecurring ? price.map { SubscriptionItems.plan($0) } ?? .null : .null
  }
}
