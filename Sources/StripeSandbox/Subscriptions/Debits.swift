import Basics

/// What was charged for the items of a subscription and has not been given back: in flexible billing
/// mode a change credits part of this, charge by charge, whatever the prices say by then.
struct Debits {
  /// One charge for an item, for a time.
  struct Debit: Hashable {
    /// For the whole of its period, after discounts.
    var amount: Int64
    var period: BillingPeriod
    /// The end of the time that has not been given back.
    var until: Timestamp
    /// The invoice item that it was made as.
    var invoiceItem: String?
    /// The line that it is; nil while it waits for an invoice.
    var line: InvoiceLine.Credited?

    /// What can be given back from a moment on; nil for nothing.
    func rest(from moment: Timestamp) -> BillingPeriod? {
      let start = max(moment, period.start)
      return start < until ? BillingPeriod(start: start, end: until) : nil
    }
  }

  private var byItem: [String: [Debit]]

  /// Reads what is noted on a subscription.
  init(of subscription: JSONObject) {
    byItem = [:]
    for (item, stored) in subscription.object("_debits") ?? [:] {
      byItem[item] = (stored.array ?? [stored]).compactMap { Debit($0.object) }
    }
  }

  subscript(item: String) -> [Debit] { byItem[item] ?? [] }

  var json: JSON {
    let members = byItem.sorted { $0.key < $1.key }.map { item, debits in
      (item, JSON.array(debits.map { $0.json }))
    }
    return .object(JSONObject(uniqueKeysWithValues: members))
  }

  /// The time from a moment on is given back.
  mutating func giveBack(_ item: String, from moment: Timestamp) {
    byItem[item] = self[item].compactMap { debit in
      guard debit.period.start < moment else { return nil }
      var rest = debit
      rest.until = min(debit.until, moment)
      return rest
    }
  }

  /// A charge for part of a period was made, beside those before.
  mutating func add(_ line: InvoiceLine, asItem invoiceItem: String) {
    guard line.isProration, line.amount > 0, let item = line.subscriptionItemID else { return }
    byItem[item, default: []].append(
      Debit(
        amount: line.amount, period: line.period, until: line.period.end,
        invoiceItem: invoiceItem))
  }

  /// Notes what an invoice charges: what waited stands on it now, and a charge of its own replaces
  /// all before.
  mutating func note(_ invoice: JSONObject) throws {
    for line in invoice.listed("lines") {
      let details = line.object("parent")?.object("subscription_item_details")
      guard let item = details?.string("subscription_item"), let amount = line.integer("amount"),
        amount >= 0, let period = BillingPeriod(line.object("period"))
      else { continue }
      let place = InvoiceLine.Credited(invoice: invoice.id, line: line.id)
      if let invoiceItem = details?.string("invoice_item") {
        byItem[item] = self[item].map { debit in
          var placed = debit
          if debit.invoiceItem == invoiceItem { placed.line = place }
          return placed
        }
        continue
      }
      let off = try Money.sum(line.objects("discount_amounts").compactMap { $0.integer("amount") })
      byItem[item] = [
        Debit(amount: amount - off, period: period, until: period.end, line: place)
      ]
    }
  }
}

extension Debits.Debit {
  fileprivate var json: JSON {
    [
      "amount": .integer(amount), "period": period.json, "until": .time(until),
      "invoice_item": JSON(invoiceItem), "invoice": JSON(line?.invoice), "line": JSON(line?.line),
    ]
  }

  fileprivate init?(_ json: JSONObject?) {
    guard let json, let amount = json.integer("amount"),
      let period = BillingPeriod(json.object("period"))
    else { return nil }
    self.init(
      amount: amount, period: period, until: json.timestamp("until") ?? period.end,
      invoiceItem: json.string("invoice_item"))
    if let invoice = json.string("invoice"), let line = json.string("line") {
      self.line = InvoiceLine.Credited(invoice: invoice, line: line)
    }
  }
}

extension BillingPeriod {
  /// Reads `{end, start}`.
  init?(_ json: JSONObject?) {
    guard let start = json?.timestamp("start"), let end = json?.timestamp("end") else {
      return nil
    }
    self.init(start: start, end: end)
  }
}
