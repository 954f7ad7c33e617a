import Basics

/// What a phase asks of its subscription, as the parameters of the operation that makes or changes
/// one.
struct PhaseChange {
  /// With the phase as its current one.
  let schedule: JSONObject
  let phase: JSONObject
  /// nil where the phase makes it.
  let subscription: JSONObject?
  let call: Call
  var proration = "create_prorations"
  /// Whether the phase begins now; else it has been changed.
  var isNew = true

  func parameters() throws -> JSONObject {
    var parameters: JSONObject = [
      "_schedule": .string(schedule.id), "proration_behavior": .string(proration),
      "items": .array(
        PhaseItems.change(from: subscription?.listed("items") ?? [], to: phase)),
    ]
    if subscription == nil {
      parameters["customer"] = schedule["customer"]
      let mode = schedule.object("billing_mode") ?? [:]
      parameters["billing_mode"] = .object(Self.given(mode, ["flexible", "type"]))
      parameters["proration_behavior"] = nil
    }
    // A preview wants drafts.
    if let behavior = call["payment_behavior"] { parameters["payment_behavior"] = behavior }
    if let metadata = phase.object("metadata"), !metadata.isEmpty {
      parameters["metadata"] = .object(metadata)
    }
    if isNew, case let added = phase.objects("add_invoice_items"), !added.isEmpty {
      let names = ["discountable", "metadata", "price", "quantity"]
      parameters["add_invoice_items"] = .array(added.map { .object(Self.given($0, names)) })
    }
    fillTerms(&parameters)
    fillTime(&parameters)
    if let discounts = try discounts() { parameters["discounts"] = discounts }
    return parameters
  }

  /// The members of these names that are set.
  private static func given(_ object: JSONObject, _ names: [String]) -> JSONObject {
    JSONObject(
      uniqueKeysWithValues: names.compactMap { name in
        object[name].flatMap { $0.isNull ? nil : (name, $0) }
      })
  }

  /// What the phase says, else what the schedule does.
  private func fillTerms(_ parameters: inout JSONObject) {
    let defaults = schedule.object("default_settings") ?? [:]
    for name in ["collection_method", "default_payment_method", "description"] {
      if let value = phase.string(name) ?? defaults.string(name) {
        parameters[name] = .string(value)
      }
    }
    guard parameters["collection_method"] == "send_invoice" else { return }
    let days =
      phase.object("invoice_settings")?.integer("days_until_due")
      ?? defaults.object("invoice_settings")?.integer("days_until_due")
    if let days { parameters["days_until_due"] = .integer(days) }
  }

  private func fillTime(_ parameters: inout JSONObject) {
    if let end = phase.timestamp("trial_end"), end > call.now,
      subscription?.timestamp("trial_end") != end
    {
      parameters["trial_end"] = .time(end)
    }
    if subscription != nil, isNew, setsAnchor {
      parameters["billing_cycle_anchor"] = ["type": "now"]
    }
    // The last phase of a schedule that cancels: the subscription knows its end.
    let isLast = schedule.objects("phases").last?["start_date"] == phase["start_date"]
    let end = isLast && schedule.string("end_behavior") == "cancel" ? phase["end_date"] : nil
    let known = subscription?["cancel_at"]?.integer
    if let end, end.integer != known {
      parameters["cancel_at"] = end
    } else if end == nil, known != nil {
      parameters["cancel_at"] = ""
    }
  }

  /// `phase_start`, or a price of another interval.
  private var setsAnchor: Bool {
    let wanted =
      phase.string("billing_cycle_anchor")
      ?? schedule.object("default_settings")?.string("billing_cycle_anchor")
    if wanted == "phase_start" { return true }
    let price = phase.objects("items").first?.string("price")
    let after = try? price.flatMap { try call.find("price", $0) }
    let before = subscription?.listed("items").first?.object("price")
    return after.flatMap { BillingInterval(price: $0) }
      != before.flatMap { BillingInterval(price: $0) }
  }

  /// The parameter `discounts`; nil where the subscription has just these. One that it has is kept,
  /// and one that is named but was used up or taken away meanwhile does not come back.
  private func discounts() throws -> JSON? {
    let ids = subscription?.strings("discounts") ?? []
    let running = try ids.compactMap { try call.find("discount", $0) }
    let wanted = phase.objects("discounts").compactMap { entry -> (kept: String?, asked: JSON)? in
      if let id = entry.string("discount") {
        let isKept = subscription == nil || ids.contains(id)
        return isKept ? (id, ["discount": .string(id)]) : nil
      }
      let (coupon, code) = (entry.string("coupon"), entry.string("promotion_code"))
      let kept = running.first { discount in
        code != nil
          ? discount.string("promotion_code") == code
          : discount.object("source")?.string("coupon") == coupon
      }
      if let kept { return (kept.id, ["discount": .string(kept.id)]) }
      return (nil, code.map { ["promotion_code": .string($0)] } ?? ["coupon": JSON(coupon)])
    }
    if wanted.compactMap({ $0.kept }) == ids, wanted.count == ids.count { return nil }
    return wanted.isEmpty ? "" : .array(wanted.map { $0.asked })
  }

  /// What was used of metered prices that the phase does not have waits for the next invoice, since
  /// a renewal bills the items that are there.
  func billUsage() throws {
    guard let subscription, subscription.string("status") != "trialing",
      let customer = try call.find("customer", subscription.string("customer") ?? "")
    else { return }
    let prices = Set(phase.objects("items").compactMap { $0.string("price") })
    let gone = subscription.listed("items").filter {
      !prices.contains($0.object("price")?.id ?? "")
    }
    guard let first = gone.first else { return }
    let period = BillingPeriod(start: SubscriptionItems.period(of: first).start, end: call.now)
    let old = Subscriptions.withItems(subscription, gone)
    for line in try MeteredLines.lines(of: old, in: period, call) {
      _ = try InvoiceItems.add(line, customer: customer, to: subscription, call)
    }
  }
}
