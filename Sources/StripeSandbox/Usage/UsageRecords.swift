import Basics
import Foundation

/// Usage that is reported to an item of a subscription: `/v1/subscription_items/{id}/usage_records`.
/// Basil has removed it in favour of meters.
enum UsageRecords: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [
    Operation.own(
      "POST", "/v1/subscription_items/{id}/usage_records",
      parameters: [
        "action": .enumeration(["increment", "set"]), "quantity": .integer,
        "timestamp": .anyOf([.enumeration(["now"]), .integer]),
      ], required: ["quantity"], returns: "usage_record", create
    ).until(.basil),
    Operation.own(
      "GET", "/v1/subscription_items/{id}/usage_record_summaries",
      parameters: ["ending_before": .string, "limit": .integer, "starting_after": .string],
      returns: "list:usage_record_summary", list
    ).until(.basil),
  ]

  /// Adds to what is reported for a moment, or sets it.
  private static func create(_ call: Call) throws -> JSON {
    let (item, subscription) = try found(call)
    try checkPrice(of: item, call)
    guard !SubscriptionStatus.isTerminal(subscription) else {
      throw SandboxError.invalid(
        "Cannot create the usage record because the subscription has been canceled.")
    }
    try call.checkRange("quantity", 0...999_999_999_999)
    let moment = try moment(call, item, subscription)
    let given = call.integer("quantity") ?? 0
    let old = try call.store.usageRecord(item: item.id, at: moment) ?? 0
    let quantity = call.string("action") == "set" ? given : try Money.sum([old, given])
    try call.store.setUsageRecord(item: item.id, at: moment, to: quantity)
    return [
      "id": .string(call.newID("mbur", length: 24)), "object": "usage_record", "livemode": false,
      "quantity": .integer(quantity), "subscription_item": .string(item.id),
      "timestamp": .time(moment),
    ]
  }

  private static func found(_ call: Call) throws -> (item: JSONObject, subscription: JSONObject) {
    let owner = try call.all("subscription", where: ["_items": .string(call.id)]).first
    guard let owner, let item = owner.listed("items").first(where: { $0.id == call.id }) else {
      throw SandboxError.missing("subscription_item", id: call.id)
    }
    return (item, owner)
  }

  private static func checkPrice(of item: JSONObject, _ call: Call) throws {
    let price = try SubscriptionItems.price(of: item, call)
    guard PriceAmount.isMetered(price) else {
      throw SandboxError.invalid(
        """
        Cannot create a usage record for `\(item.id)` because the usage_type of its price is not \
        `metered`.
        """)
    }
    guard price.object("recurring")?.string("meter") == nil else {
      throw SandboxError.invalid(
        """
        Cannot create a usage record for `\(item.id)` because it is not on the legacy metered \
        billing system. Call /v1/billing/meter_events instead.
        """)
    }
  }

  private static func moment(
    _ call: Call, _ item: JSONObject, _ subscription: JSONObject
  ) throws -> Timestamp {
    guard let moment = call.timestamp("timestamp") else { return call.now }
    let period = SubscriptionItems.period(of: item)
    guard moment >= MeteredLines.start(of: item, subscription, in: period) else {
      throw SandboxError.invalid(
        """
        Cannot create the usage record with this timestamp because timestamps must be after the \
        subscription's last invoice period (or current period start time).
        """, parameter: "timestamp")
    }
    guard moment < period.end else {
      throw SandboxError.invalid(
        """
        Cannot create the usage record with this timestamp because timestamps must be before the \
        subscription's current period end time.
        """, parameter: "timestamp")
    }
    return moment
  }
}

// MARK: Summaries

extension UsageRecords {
  /// What was used in each period, newest first: the current one, which has no end yet, and those
  /// that were billed.
  private static func list(_ call: Call) throws -> JSON {
    let (item, subscription) = try found(call)
    try checkPrice(of: item, call)
    let price = try SubscriptionItems.price(of: item, call)
    let used = { (period: BillingPeriod) in
      try Usage.used(price, item: item, of: subscription, in: period, call)
    }
    let current = SubscriptionItems.period(of: item)
    let start = MeteredLines.start(of: item, subscription, in: current)
    var summaries = [
      try summary(
        of: item, try used(BillingPeriod(start: start, end: current.end)), start: start, end: nil,
        invoice: nil)
    ]
    for (invoice, period) in try billed(item, subscription, call) {
      summaries.append(
        try summary(
          of: item, try used(period), start: period.start, end: period.end, invoice: invoice))
    }
    return try call.page(of: summaries)
  }

  /// The periods of an item that were billed, with their invoices.
  private static func billed(
    _ item: JSONObject, _ subscription: JSONObject, _ call: Call
  ) throws -> [(invoice: String, period: BillingPeriod)] {
    try call.all("invoice", where: ["_subscription": .string(subscription.id)]).compactMap {
      invoice in
      let line = invoice.listed("lines").first { line in
        let details = line.object("parent")?.object("subscription_item_details")
        return details?.string("subscription_item") == item.id
          && details?.bool("proration") == false
      }
      guard let period = line?.object("period"), let start = period.timestamp("start"),
        let end = period.timestamp("end")
      else { return nil }
      return (invoice.id, BillingPeriod(start: start, end: end))
    }
  }

  /// A summary is not stored: its id follows from what it is about.
  private static func summary(
    of item: JSONObject, _ used: Decimal, start: Timestamp, end: Timestamp?, invoice: String?
  ) throws -> JSONObject {
    let name = "\(item.id) \(start.seconds)"
    return [
      "id": .string("sis_\(Hex.encode(Hash.sha256(Array(name.utf8))).prefix(24))"),
      "object": "usage_record_summary", "invoice": JSON(invoice), "livemode": false,
      "period": ["end": .time(end), "start": .time(start)], "subscription_item": .string(item.id),
      "total_usage": .integer(try Money.rounded(used)),
    ]
  }
}
