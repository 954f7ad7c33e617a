import Basics

/// The end of a discount: its coupon repeats for some months and they are over, counts once and has
/// counted, or the discount is taken away.
///
/// Stripe documents `customer.discount.deleted` for it. That a subscription whose coupon runs out,
/// and which has one discount less then, is told about too, and after it, is the sandbox's choice.
enum DiscountEnd {
  static let due = Due(moment: moment, run: run)

  /// A discount of an invoice or of a line lasts as long as they do.
  @Sendable private static func moment(_ discount: JSONObject) -> Timestamp? {
    let isOnBill =
      discount.string("invoice") != nil || discount.string("invoice_item") != nil
    return isOnBill || discount["_has_ended"] == true ? nil : discount.timestamp("end")
  }

  @Sendable private static func run(_ call: Call, _ discount: JSONObject) throws {
    let id = discount.string("subscription")
    let before = try id.flatMap { try call.find("subscription", $0) }
    if let before, SubscriptionStatus.isTerminal(before) {
      return try call.save(discount.setting(["_has_ended": true]))
    }
    try end(discount, call)
    guard let before, let after = try call.find("subscription", before.id), after != before else {
      return
    }
    try call.emit("customer.subscription.updated", after, since: before)
  }

  /// Takes a discount off what it is on, and says so. It is kept, for the invoices on which it
  /// stands.
  static func end(_ discount: JSONObject, _ call: Call) throws {
    guard discount["_has_ended"] != true else { return }
    try call.save(discount.setting(["_has_ended": true]))
    try detach(discount, call)
    try call.emit("customer.discount.deleted", discount)
  }

  private static func detach(_ discount: JSONObject, _ call: Call) throws {
    guard let id = discount.string("subscription") else {
      if let customer = try discount.string("customer").flatMap({ try call.find("customer", $0) }),
        customer.object("discount")?.id == discount.id
      {
        try call.save(customer.setting(["discount": .null]))
      }
      return
    }
    guard let subscription = try call.find("subscription", id) else { return }
    let without = { (owner: JSONObject) -> JSONObject in
      let left = owner.strings("discounts").filter { $0 != discount.id }
      return owner.setting(["discounts": .array(left.map { .string($0) })])
    }
    let items = subscription.listed("items").map(without)
    try call.save(without(Subscriptions.withItems(subscription, items)))
  }

  /// Ends the discounts of coupons that count once, when they have taken something off an invoice
  /// that is issued. Stripe says that such a coupon applies to the first charge; that one which
  /// found nothing to take off, as in a trial, is left for the next is how the sandbox reads that.
  static func spend(on invoice: JSONObject, _ call: Call) throws {
    for entry in invoice.objects("total_discount_amounts")
    where entry.integer("amount") ?? 0 > 0 {
      guard let discount = try entry.string("discount").flatMap({ try call.find("discount", $0) }),
        try Discounts.coupon(of: discount, call)?.string("duration") == "once",
        discount.string("invoice") == nil, discount.string("invoice_item") == nil
      else { continue }
      try end(discount, call)
    }
  }
}
