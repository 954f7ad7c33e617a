import Basics

/// What an invoice comes to: its lines, less their own discounts and the invoice's, and what is
/// due of that when the customer has a balance.
enum InvoiceTotals {
  /// Works the amounts of a draft out from its lines and discounts.
  static func filled(
    _ draft: JSONObject, customer: JSONObject, _ call: Call
  ) throws -> JSONObject {
    let lines = draft.listed("lines")
    let rules = try rules(draft, lines, call)
    let totals = try InvoiceArithmetic.totals(
      lines.map {
        .init(amount: $0.integer("amount") ?? 0, isDiscountable: $0.bool("discountable") ?? true)
      }, discounts: rules)
    let shown = zip(lines, totals.lineDiscounts).map { line, amounts in
      discounted(line, zip(rules, amounts).filter { $1 > 0 }.map { ($0.id, $1) })
    }
    let currency = draft.string("currency") ?? ""
    let balance = customer.integer("balance") ?? 0
    let due = try InvoiceArithmetic.settle(
      total: totals.total, balance: balance, minimum: ChargeLimits.minimum(currency)
    ).due
    let taken = zip(rules, totals.discounts).map { ($0.id, $1) }
    return draft.setting([
      "lines": .list(shown, url: "/v1/invoices/\(draft.id)/lines"),
      "starting_balance": .integer(balance), "subtotal": .integer(totals.subtotal),
      "subtotal_excluding_tax": .integer(totals.subtotal), "total": .integer(totals.total),
      "total_excluding_tax": .integer(totals.total), "amount_due": .integer(due),
      "amount_remaining": .integer(due), "total_discount_amounts": amounts(taken),
      "total_pretax_credit_amounts": credits(taken),
    ])
  }

  /// The discounts that lines have of their own, and then the invoice's.
  private static func rules(
    _ draft: JSONObject, _ lines: [JSONObject], _ call: Call
  ) throws -> [InvoiceArithmetic.Discount] {
    let currency = draft.string("currency") ?? ""
    let created = draft.timestamp("created") ?? call.now
    var owners: [String: Set<Int>] = [:]
    var ownIDs: [String] = []
    for (index, line) in lines.enumerated() {
      for id in line.strings("discounts") {
        if owners[id] == nil { ownIDs.append(id) }
        owners[id, default: []].insert(index)
      }
    }
    let products = lines.map {
      $0.object("pricing")?.object("price_details")?.string("product") ?? ""
    }
    let running = { try Discounts.running($0, at: created, call) }
    let own = try Discounts.rules(try running(ownIDs), products: products, currency: currency)
      .map { rule in
        var rule = rule
        let places = owners[rule.id] ?? []
        rule.lines = rule.lines.map { $0.intersection(places) } ?? places
        rule.isOfLines = true
        return rule
      }
    return own
      + (try Discounts.rules(
        try running(draft.strings("discounts")), products: products, currency: currency))
  }

  private static func discounted(
    _ line: JSONObject, _ taken: [(id: String, amount: Int64)]
  ) -> JSONObject {
    line.setting(["discount_amounts": amounts(taken), "pretax_credit_amounts": credits(taken)])
  }

  private static func amounts(_ taken: [(id: String, amount: Int64)]) -> JSON {
    .array(taken.map { ["amount": .integer($0.amount), "discount": .string($0.id)] })
  }

  private static func credits(_ taken: [(id: String, amount: Int64)]) -> JSON {
    .array(
      taken.map {
        ["amount": .integer($0.amount), "discount": .string($0.id), "type": "discount"]
      })
  }
}
