import Basics

/// What a page comes to: each of its lines, their sum, and what a coupon takes off.
enum CheckoutAmounts {
  static func apply(to session: inout JSONObject, _ call: Call) throws {
    var items = session.objects("_items")
    let discount = try CheckoutDiscount(of: session, call)
    let id = session.string("_discount") ?? call.newID("di", length: 24)
    session["_discount"] = .string(id)
    let object = discount?.object(id: id, session: session, call)
    let rules = try Discounts.rules(
      discount.flatMap { coupon in object.map { [(discount: $0, coupon: coupon.coupon)] } } ?? [],
      products: items.map { $0.object("price")?.string("product") ?? "" },
      currency: session.string("currency") ?? "")
    let totals = try InvoiceArithmetic.totals(
      items.map { .init(amount: $0.integer("amount_subtotal") ?? 0) },
      discounts: rules)
    for index in items.indices {
      let off = try Money.sum(totals.lineDiscounts[index])
      let full = items[index].integer("amount_subtotal") ?? 0
      items[index] = items[index].setting([
        "amount_discount": .integer(off), "amount_total": .integer(full - off),
        "discounts": amounts(off, object),
      ])
    }
    let off = try Money.sum(totals.discounts)
    session = session.setting([
      "_items": .array(items.map { .object($0) }), "amount_subtotal": .integer(totals.subtotal),
      "amount_total": .integer(totals.total),
      "total_details": [
        "amount_discount": .integer(off), "amount_shipping": 0, "amount_tax": 0,
        "breakdown": ["discounts": amounts(off, object), "taxes": []],
      ],
    ])
  }

  private static func amounts(_ amount: Int64, _ discount: JSONObject?) -> JSON {
    guard let discount else { return [] }
    return [["amount": .integer(amount), "discount": .object(discount)]]
  }
}
