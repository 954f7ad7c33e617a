import Basics

/// What must hold of the amounts of any invoice.
enum InvoiceSums {
  /// What does not add up, each fault in a sentence.
  static func faults(of invoice: JSON) -> [String] {
    let id = invoice["id"]?.string ?? "?"
    return (lineFaults(invoice) + totalFaults(invoice) + paymentFaults(invoice))
      .map { "\(id): \($0)" }
  }

  private static func amount(_ invoice: JSON, _ key: String) -> Int64 {
    invoice[key]?.integer ?? .min / 4
  }

  private static func sum(_ entries: JSON?) -> Int64 {
    (entries?.array ?? []).reduce(0) { $0 + ($1["amount"]?.integer ?? 0) }
  }

  /// No discount takes more off a line than it costs, and none takes off what it may not.
  private static func lineFaults(_ invoice: JSON) -> [String] {
    lines(invoice).flatMap { line -> [String] in
      let (amount, off) = (self.amount(line, "amount"), sum(line["discount_amounts"]))
      let most = line["discountable"] == true ? max(0, amount) : 0
      let id = line["id"]?.string ?? "?"
      var faults: [String] = []
      if off > most { faults.append("\(id) costs \(amount), but \(off) is off") }
      if line["subtotal"]?.integer != amount { faults.append("\(id) has another subtotal") }
      return faults
    }
  }

  private static func lines(_ invoice: JSON) -> [JSON] {
    invoice[at: "lines", "data"]?.array ?? []
  }

  /// Lines less their own discounts are the subtotal; that less the invoice's is the total.
  private static func totalFaults(_ invoice: JSON) -> [String] {
    var faults: [String] = []
    let check = { (isRight: Bool, text: String) in if !isRight { faults.append(text) } }
    let lines = lines(invoice)
    let whole = lines.reduce(0) { $0 + amount($1, "amount") }
    let own = lines.reduce(Int64(0)) { total, line in
      let ids = line["discounts"]?.array ?? []
      let mine = line["discount_amounts"]?.array?.filter { entry in
        ids.contains { $0 == entry["discount"] }
      }
      return total + sum(.array(mine ?? []))
    }
    let (subtotal, total) = (amount(invoice, "subtotal"), amount(invoice, "total"))
    check(whole - own == subtotal, "lines \(whole) less \(own) are not \(subtotal)")
    let off = sum(invoice["total_discount_amounts"])
    check(whole - off == total, "lines \(whole) less \(off) are not the total \(total)")
    let ofLines = lines.reduce(0) { $0 + sum($1["discount_amounts"]) }
    check(ofLines == off, "the lines' discounts \(ofLines) are not the invoice's \(off)")
    check(amount(invoice, "subtotal_excluding_tax") == subtotal, "another untaxed subtotal")
    check(amount(invoice, "total_excluding_tax") == total, "another untaxed total")
    return faults
  }

  /// What was paid and what remains are what is due; what is due is the total and what the
  /// customer's balance made of it.
  private static func paymentFaults(_ invoice: JSON) -> [String] {
    var faults: [String] = []
    let check = { (isRight: Bool, text: String) in if !isRight { faults.append(text) } }
    let (due, paid) = (amount(invoice, "amount_due"), amount(invoice, "amount_paid"))
    let remaining = amount(invoice, "amount_remaining")
    check(paid + remaining == due, "paid \(paid) and remaining \(remaining) are not \(due)")
    check(due >= 0 && paid >= 0 && remaining >= 0, "an amount is below zero")
    check(invoice["status"] != "paid" || remaining == 0, "it is paid, but \(remaining) remains")
    check(invoice["amount_overpaid"] == 0, "it is overpaid")
    if let ending = invoice["ending_balance"]?.integer {
      let (total, starting) = (amount(invoice, "total"), amount(invoice, "starting_balance"))
      check(
        total + starting - ending == due,
        "total \(total), balance \(starting) and then \(ending) do not make \(due)")
    }
    return faults
  }
}

extension MoneyWorld {
  /// What does not add up in any invoice of this world.
  func sumFaults() -> [String] {
    var (faults, last) = ([String](), "")
    repeat {
      let page = stripe.get(
        "/v1/invoices", "limit=100" + (last.isEmpty ? "" : "&starting_after=\(last)"))
      let invoices = page["data"]?.array ?? []
      faults += invoices.flatMap { InvoiceSums.faults(of: $0) }
      last = page["has_more"] == true ? invoices.last?["id"]?.string ?? "" : ""
    } while !last.isEmpty
    return faults
  }
}
