import Basics

/// The prices of a subscription: `/v1/subscription_items`.
enum SubscriptionItems: Resource {
  static let types = [
    ResourceType(
      "subscription_item", idPrefix: "si",
      expandable: [
        "price": .embedded("price"), "plan": .embedded("plan"),
        "discounts": .reference("discount"),
      ]),
    ResourceType("plan", idPrefix: "plan", expandable: ["product": .reference("product")]),
  ]

  static let operations: [Operation] = [
    .get("/v1/subscription_items", list),
    .get("/v1/subscription_items/{id}", retrieve),
    .post("/v1/subscription_items", SubscriptionItemChange.create),
    .post("/v1/subscription_items/{id}", SubscriptionItemChange.update),
    .delete("/v1/subscription_items/{id}", SubscriptionItemChange.delete),
  ]

  /// The most items that a subscription has.
  static let maximumCount = 20

  private static func list(_ call: Call) throws -> JSON {
    let id = call.string("subscription") ?? ""
    let stored = try call.referenced("subscription", id, parameter: "subscription")
    return try call.page(of: try Subscriptions.current(stored, call).listed("items"))
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try required(call).item)
  }

  /// The item that the path names, and its subscription.
  static func required(_ call: Call) throws -> (item: JSONObject, owner: JSONObject) {
    if let stored = try call.all("subscription", where: ["_items": .string(call.id)]).first {
      let owner = try Subscriptions.current(stored, call)
      if let item = owner.listed("items").first(where: { $0.id == call.id }) {
        return (item, owner)
      }
    }
    throw SandboxError.missing("subscription_item", id: call.id)
  }
}

// MARK: Objects

extension SubscriptionItems {
  private static let template = JSONObject.template(
    """
    {"id":"","object":"subscription_item","billed_until":null,"billing_thresholds":null,
    "created":0,"current_period_end":0,"current_period_start":0,"current_trial":null,
    "discounts":[],"metadata":{},"plan":null,"price":null,"quantity":null,"subscription":"",
    "tax_rates":[]}
    """)

  /// A new item of a subscription, whose period is not set yet.
  static func made(
    _ wanted: ItemRequest, subscription: String, _ call: Call
  ) throws -> JSONObject {
    template.setting([
      "id": .string(call.newID("si")), "created": .time(call.now),
      "metadata": try Metadata.merged(
        [:], with: wanted.metadata, parameter: wanted.name("metadata")),
      "plan": plan(wanted.price), "price": embedded(wanted.price),
      "quantity": JSON(wanted.billedQuantity), "subscription": .string(subscription),
    ])
  }

  static func period(of item: JSONObject) -> BillingPeriod {
    BillingPeriod(
      start: item.timestamp("current_period_start") ?? .earliest,
      end: item.timestamp("current_period_end") ?? .earliest)
  }

  static func setting(_ period: BillingPeriod, of item: JSONObject) -> JSONObject {
    item.setting([
      "current_period_end": .time(period.end), "current_period_start": .time(period.start),
    ])
  }

  /// A price as it stands inside an item: without what is shown only on demand.
  static func embedded(_ price: JSONObject) -> JSON {
    .object(price.removing("tiers").removing("currency_options"))
  }

  /// The price of an item, whole.
  static func price(of item: JSONObject, _ call: Call) throws -> JSONObject {
    let embedded = item.object("price") ?? [:]
    return try call.find("price", embedded.id) ?? embedded
  }

  static func product(of price: JSONObject, _ call: Call) throws -> JSONObject {
    try price.string("product").flatMap { try call.find("product", $0) } ?? [:]
  }

  /// The plan that a price was called before there were prices.
  static func plan(_ price: JSONObject) -> JSON {
    let recurring = price.object("recurring") ?? [:]
    return .object([
      "id": .string(price.id), "object": "plan", "active": price["active"] ?? true,
      "amount": price["unit_amount"] ?? .null,
      "amount_decimal": price["unit_amount_decimal"] ?? .null,
      "billing_scheme": price["billing_scheme"] ?? "per_unit", "created": price["created"] ?? 0,
      "currency": price["currency"] ?? .null, "interval": recurring["interval"] ?? "month",
      "interval_count": recurring["interval_count"] ?? 1, "livemode": false,
      "metadata": price["metadata"] ?? [:], "meter": recurring["meter"] ?? .null,
      "nickname": price["nickname"] ?? .null, "product": price["product"] ?? .null,
      "tiers_mode": price["tiers_mode"] ?? .null,
      "transform_usage": price["transform_quantity"] ?? .null,
      "trial_period_days": recurring["trial_period_days"] ?? .null,
      "usage_type": recurring["usage_type"] ?? "licensed",
      "_aggregate_usage": recurring["_aggregate_usage"] ?? .null,
    ])
  }
}
