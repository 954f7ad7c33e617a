import Basics

@testable import StripeSandbox

/// What is true of every invoice: it adds up, and what was paid for it was charged.
enum InvoiceInvariants {
  static func faults(of life: RandomLife) throws -> [String] {
    let invoices = try life.objects("invoice")
    return invoices.flatMap { invoice in faults(of: invoice).map { "\(invoice.id): \($0)" } }
      + (try paymentFaults(of: life, invoices))
  }

  private static func faults(of invoice: JSONObject) -> [String] {
    let value = { (name: String) in invoice.integer(name) ?? 0 }
    let lines = invoice.listed("lines")
    let sum = lines.reduce(0) { $0 + ($1.integer("amount") ?? 0) }
    var faults: [String] = []
    let check = { (isTrue: Bool, text: String) in if !isTrue { faults.append(text) } }
    check(sum - discounts(invoice, "total_discount_amounts") == value("total"), "total")
    let ofLines = lines.reduce(0) { $0 + discounts($1, "discount_amounts") }
    check(ofLines == discounts(invoice, "total_discount_amounts"), "discounts of lines")
    check((value("total")...sum).contains(value("subtotal")) || sum < 0, "subtotal")
    check(value("amount_due") >= 0, "amount_due below zero")
    check(
      value("amount_paid") + value("amount_remaining") == value("amount_due"), "paid, remaining")
    let isFinal = invoice["status"] != "draft"
    if isFinal {
      let before = value("starting_balance") + value("total")
      check(before == value("amount_due") + value("ending_balance"), "balance")
    }
    if invoice["status"] == "paid" { check(value("amount_remaining") == 0, "paid, but not all") }
    check(isFinal == (invoice["number"]?.string != nil), "number")
    return faults
  }

  private static func discounts(_ object: JSONObject, _ key: String) -> Int64 {
    object.objects(key).reduce(0) { $0 + ($1.integer("amount") ?? 0) }
  }

  /// What a customer's cards were charged is what its invoices say was paid.
  private static func paymentFaults(
    of life: RandomLife, _ invoices: [JSONObject]
  ) throws -> [String] {
    let charges = try life.objects("charge").filter { $0.bool("paid") == true }
    return try life.objects("customer").compactMap { customer in
      let charged = charges.filter { $0.string("customer") == customer.id }
        .reduce(0) { $0 + ($1.integer("amount") ?? 0) }
      let paid = invoices.filter { $0.string("customer") == customer.id }
        .reduce(0) {
          $0 + ($1.integer("amount_paid") ?? 0) - ($1.integer("amount_paid_off_stripe") ?? 0)
        }
      return charged == paid ? nil : "\(customer.id): charged \(charged), paid \(paid)"
    }
  }
}
