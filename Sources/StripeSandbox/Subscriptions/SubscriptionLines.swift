import Basics

/// The invoice lines of a subscription for whole periods.
enum SubscriptionLines {
  /// What the items cost for their whole current period; nothing in a trial. Metered items are
  /// billed when the period is over: a line of 0 for them, which Stripe's classic billing mode makes
  /// when they are added, is left out in both modes.
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

  /// Notes on the subscription what an invoice charges for its items.
  static func noteDebits(of invoice: JSONObject, _ call: Call) throws {
    guard let id = Invoices.subscriptionID(of: invoice),
      let subscription = try call.find("subscription", id)
    else { return }
    try call.save(subscription.setting(["_debits": debits(of: invoice, on: subscription)]))
  }

  /// What was charged for the items of a subscription after this invoice, by their ids.
  static func debits(of invoice: JSONObject, on subscription: JSONObject) throws -> JSON {
    var debits = Debits(of: subscription)
    try debits.note(invoice)
    return debits.json
  }
}
