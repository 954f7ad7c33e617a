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
          setPricing(&parameters)
          if let amount = parameters.take("unit_amount")?.integer {
            parameters["unit_amount_decimal"] = .decimal(Decimal(amount))
          }
        }),
      RequestChange(
        "POST /v1/invoices/{id}/lines/{id}", declared: ["price": .string, "pricing": nil],
        names: ["pricing[price]": "price"],
        translate: { parameters, _ in setPricing(&parameters) }),
      RequestChange(
        "POST /v1/invoices/{id}/add_lines", "POST /v1/invoices/{id}/update_lines",
        declared: ["lines.[].price": .string, "lines.[].pricing": nil],
        names: ["lines[0][pricing][price]": "lines[0][price]"],
        translate: { parameters, _ in
          guard let lines = parameters["lines"]?.array else { return }
          parameters["lines"] = .array(
            lines.map { line in
              guard var changed = line.object else { return line }
              setPricing(&changed)
              return .object(changed)
            })
        }),
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

  private static func setPricing(_ parameters: inout JSONObject) {
    guard let price = parameters.take("price") else { return }
    parameters["pricing"] = ["price": price]
  }

  private static func setPrice(of line: inout JSONObject, _ call: Call) throws {
    let id = line.object("pricing")?.object("price_details")?.string("price") ?? ""
    let price = try call.store.object(type: "price", id: id) ?? line.object("_price")
    line["price"] = price.map { SubscriptionItems.embedded($0) } ?? .null
    let isRecurring = price?.object("recurring") != nil
    line["plan"] = isRecurring ? price.map { SubscriptionItems.plan($0) } ?? .null : .null
  }
}
