import Basics

/// The invoice lines of a subscription, and what was charged for its current period.
enum SubscriptionLines {
  /// What the items cost for their whole current period; nothing in a trial. Metered items are
  /// billed when the period is over.
  static func full(of subscription: JSONObject, _ call: Call) throws -> [InvoiceLine] {
    let isTrial = subscription.string("status") == "trialing"
    return try subscription.listed("items").compactMap { item in
      let price = try SubscriptionItems.price(of: item, call)
      guard !PriceAmount.isMetered(price) else { return nil }
      let product = try SubscriptionItems.product(of: price, call)
      let quantity = item.integer("quantity") ?? 1
      return InvoiceLine(
        amount: try isTrial ? 0 : PriceAmount.amount(of: price, quantity: quantity),
        description: isTrial
          ? PriceText.trial(product: product, quantity: quantity)
          : PriceText.line(price: price, product: product, quantity: quantity),
        quantity: quantity, price: price, period: SubscriptionItems.period(of: item),
        subscriptionID: subscription.id, subscriptionItemID: item.id)
    }
  }

  /// What was last charged for an item, and for which time: what a change gives back part of.
  struct Debit: Hashable {
    /// After discounts.
    var amount: Int64
    var period: BillingPeriod
    /// nil while it waits for an invoice.
    var line: InvoiceLine.Credited?

    var json: JSON {
      [
        "amount": .integer(amount), "period": period.json, "invoice": JSON(line?.invoice),
        "line": JSON(line?.line),
      ]
    }

    init(amount: Int64, period: BillingPeriod, line: InvoiceLine.Credited?) {
      (self.amount, self.period, self.line) = (amount, period, line)
    }

    init?(_ json: JSONObject?) {
      guard let json, let amount = json.integer("amount"), let period = json.object("period"),
        let start = period.timestamp("start"), let end = period.timestamp("end")
      else { return nil }
      self.init(amount: amount, period: BillingPeriod(start: start, end: end), line: nil)
      if let invoice = json.string("invoice"), let line = json.string("line") {
        self.line = InvoiceLine.Credited(invoice: invoice, line: line)
      }
    }
  }

  static func debit(of item: String, _ subscription: JSONObject) -> Debit? {
    Debit(subscription.object("_debits")?.object(item))
  }

  /// Notes on the subscription what an invoice charges for its items.
  static func noteDebits(of invoice: JSONObject, _ call: Call) throws {
    guard let id = Invoices.subscriptionID(of: invoice),
      let subscription = try call.find("subscription", id)
    else { return }
    try call.save(subscription.setting(["_debits": debits(of: invoice, on: subscription)]))
  }

  /// What was charged for the items of a subscription after this invoice, by their ids.
  static func debits(of invoice: JSONObject, on subscription: JSONObject) throws -> JSON {
    var debits = subscription.object("_debits") ?? [:]
    for line in invoice.listed("lines") {
      let details = line.object("parent")?.object("subscription_item_details")
      guard let item = details?.string("subscription_item"), let amount = line.integer("amount"),
        amount >= 0, let period = line.object("period"), let start = period.timestamp("start"),
        let end = period.timestamp("end")
      else { continue }
      let off = try Money.sum(line.objects("discount_amounts").compactMap { $0.integer("amount") })
      debits[item] =
        Debit(
          amount: amount - off, period: BillingPeriod(start: start, end: end),
          line: InvoiceLine.Credited(invoice: invoice.id, line: line.id)
        ).json
    }
    return .object(debits)
  }
}
