import Basics

/// What a change costs: its credits and charges wait for the next invoice, or are invoiced at once.
enum SubscriptionBilling {
  static let event = "customer.subscription.updated"

  /// Stores a changed subscription and bills the change.
  ///
  /// - Parameter change: nil where nothing that is billed changed.
  static func carryOut(
    _ change: SubscriptionChange?, from old: JSONObject, to changed: JSONObject,
    customer: JSONObject, _ call: Call
  ) throws {
    let extra = try AddedInvoiceItems.lines(call, subscription: changed)
    guard let change, !(change.prorations + change.charges + extra).isEmpty else {
      try call.update(old, to: changed, event: event)
      return
    }
    var debits = Debits(of: changed)
    for line in change.prorations where line.amount < 0 {
      debits.giveBack(line.subscriptionItemID ?? "", from: line.period.start)
    }
    for line in change.prorations + extra {
      let item = try InvoiceItems.add(line, customer: customer, to: changed, call)
      debits.add(line, asItem: item.id)
    }
    let new = changed.setting(["_debits": debits.json])
    guard change.isInvoicedAtOnce else {
      try call.update(old, to: new, event: event)
      return
    }
    let start = old.listed("items").first.map { SubscriptionItems.period(of: $0).start }
    let begins = change.course == .restart ? call.now : start ?? call.now
    try invoice(
      change.charges, from: old, to: new, customer: customer,
      period: BillingPeriod(start: begins, end: call.now), call)
  }

  /// Invoices what waits and these charges, and collects it as `payment_behavior` says.
  static func invoice(
    _ charges: [InvoiceLine], from old: JSONObject, to new: JSONObject, customer: JSONObject,
    period: BillingPeriod, _ call: Call
  ) throws {
    let pending = try InvoiceItems.pending(of: new, call)
    let draft = InvoiceDraft(
      customer: customer, subscription: new,
      lines: pending.map { InvoiceItems.line($0) } + charges, reason: "subscription_update",
      period: period, discountIDs: new.strings("discounts"), id: call.newID("in", length: 24),
      items: pending)
    let made = try draft.made(call)
    let collection = try SubscriptionCollection(of: new, customer: customer, call)
    try collection.requireMethod(toPay: made)
    guard collection.behavior != PendingUpdate.behavior else {
      return try PendingUpdate.bill(draft, made, from: old, to: new, with: collection, call)
    }
    try call.update(
      old, to: new.setting(["latest_invoice": .string(made.id)]), event: event)
    let invoice = try draft.store(made, call)
    try SubscriptionLines.noteDebits(of: invoice, call)
    try collection.collect(invoice, call)
  }
}
