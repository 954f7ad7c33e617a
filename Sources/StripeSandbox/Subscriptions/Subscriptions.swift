import Basics

/// What customers pay for again and again: `/v1/subscriptions`. How one is made, changed and ended
/// stands in a file each.
enum Subscriptions: Resource {
  static let types = [
    ResourceType(
      "subscription", idPrefix: "sub",
      indexed: [
        "customer", "status", "collection_method", "test_clock", "_prices", "_items",
      ],
      expandable: [
        "customer": .reference("customer"), "discounts": .reference("discount"),
        "default_payment_method": .reference("payment_method"),
        "default_source": .reference("source"), "items": .embedded("subscription_item"),
        "latest_invoice": .reference("invoice"),
        "pending_setup_intent": .reference("setup_intent"),
        "schedule": .reference("subscription_schedule"),
        "test_clock": .reference("test_helpers.test_clock"),
      ], due: SubscriptionDue.due)
  ]

  static let operations: [Operation] = [
    .post("/v1/subscriptions", SubscriptionCreate.run),
    .get("/v1/subscriptions", list),
    .get("/v1/subscriptions/{id}", retrieve),
    .post("/v1/subscriptions/{id}", SubscriptionUpdate.run),
    .delete("/v1/subscriptions/{id}", SubscriptionCancel.run),
    .post("/v1/subscriptions/{id}/pause", PausedSubscription.pause).since(.basil),
    .post("/v1/subscriptions/{id}/resume", PausedSubscription.resume),
    .post("/v1/subscriptions/{id}/migrate", SubscriptionMigration.run).since(.basil),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try current(try call.required("subscription"), call))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.accept(
      only: "customer", "status", "price", "plan", "created", "collection_method", "test_clock",
      "current_period_start", "current_period_end", "limit", "starting_after", "ending_before")
    var conditions: [String: [JSON]] = [
      "status": SubscriptionStatus.listed(call.string("status")).map { .string($0) }
    ]
    for name in ["customer", "collection_method", "test_clock"] {
      if let value = call[name] { conditions[name] = [value] }
    }
    if let price = call["price"] ?? call["plan"] { conditions["_prices"] = [price] }
    guard call.has("current_period_start") || call.has("current_period_end") else {
      return try refreshed(try call.list("subscription", anyOf: conditions), call)
    }
    var query = ObjectQuery(
      type: "subscription", conditions: conditions.map { ($0.key, $0.value) })
    query.created = try call.createdRange()
    query.includesClocks = call.clock != nil
    // The beginnings of periods are compared by the latest of the items, their ends by the
    // earliest.
    let found = try call.store.objects(query).filter { subscription in
      let items = subscription.listed("items")
      let starts = items.compactMap { $0.integer("current_period_start") }
      let ends = items.compactMap { $0.integer("current_period_end") }
      return lies(starts.max(), in: call["current_period_start"])
        && lies(ends.min(), in: call["current_period_end"])
    }
    return try refreshed(try call.page(of: found), call)
  }

  /// Whether a moment satisfies a filter: a moment itself, or bounds.
  static func lies(_ moment: Int64?, in filter: JSON?) -> Bool {
    guard let filter, let moment else { return filter == nil }
    if let exact = filter.integer { return moment == exact }
    return moment > filter["gt"]?.integer ?? .min && moment >= filter["gte"]?.integer ?? .min
      && moment < filter["lt"]?.integer ?? .max && moment <= filter["lte"]?.integer ?? .max
  }

  private static func refreshed(_ list: JSON, _ call: Call) throws -> JSON {
    var object = list.object ?? [:]
    object["data"] = .array(try object.objects("data").map { .object(try current($0, call)) })
    return .object(object)
  }

  /// A subscription with its prices as they are now: they may have been renamed since.
  static func current(_ stored: JSONObject, _ call: Call) throws -> JSONObject {
    let items = try stored.listed("items").map { item -> JSONObject in
      let priceID = item.object("price")?.id ?? ""
      guard let price = try call.store.object(type: "price", id: priceID),
        price["deleted"] != true
      else { return item }
      return item.setting([
        "price": SubscriptionItems.embedded(price), "plan": SubscriptionItems.plan(price),
      ])
    }
    return withItems(stored, items)
  }

  /// A subscription with other items.
  static func withItems(_ subscription: JSONObject, _ items: [JSONObject]) -> JSONObject {
    subscription.setting([
      "items": .list(
        items, url: "/v1/subscription_items?subscription=\(subscription.id)"),
      "_items": .array(items.map { .string($0.id) }),
      "_prices": .array(items.map { .string($0.object("price")?.id ?? "") }),
    ])
  }

  static let template = JSONObject.template(
    """
    {"id":"","object":"subscription","application":null,"application_fee_percent":null,
    "automatic_tax":{"disabled_reason":null,"enabled":false,"liability":null},
    "billing_cycle_anchor":0,"billing_cycle_anchor_config":null,
    "billing_mode":{"flexible":{"proration_discounts":"included"},"type":"flexible",
    "updated_at":0},"billing_schedules":[],"billing_thresholds":null,"cancel_at":null,
    "cancel_at_period_end":false,"canceled_at":null,"cancellation_details":{"comment":null,
    "feedback":null,"feedback_option":null,"reason":null},
    "collection_method":"charge_automatically","created":0,"currency":"usd","customer":"",
    "customer_account":null,"days_until_due":null,"default_payment_method":null,
    "default_source":null,"default_tax_rates":[],"description":null,"discounts":[],
    "ended_at":null,"invoice_settings":{"account_tax_ids":null,"custom_fields":null,
    "description":null,"footer":null,"issuer":{"account":null,"type":"self"}},"items":null,
    "latest_invoice":null,"livemode":false,"managed_payments":null,"metadata":{},
    "next_pending_invoice_item_invoice":null,"on_behalf_of":null,"pause_collection":null,
    "payment_settings":{"payment_method_options":null,"payment_method_types":null,
    "save_default_payment_method":"off"},"pending_invoice_item_interval":null,
    "pending_setup_intent":null,"pending_update":null,"presentment_details":null,
    "schedule":null,"start_date":0,"status":"active","status_details":null,"test_clock":null,
    "transfer_data":null,"trial_end":null,"trial_settings":{"end_behavior":{
    "billing_cycle_anchor":null,"missing_payment_method":"create_invoice"}},"trial_start":null,
    "_debits":{}}
    """)
}
