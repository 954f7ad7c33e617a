import Basics

/// Changing one item of a subscription by itself: `POST /v1/subscription_items`, `POST` and
/// `DELETE /v1/subscription_items/{id}`. Each is a change of the subscription.
enum SubscriptionItemChange {
  /// How a change is billed, which the subscription takes as it is given.
  private static let terms = ["payment_behavior", "proration_behavior", "proration_date"]

  static func create(_ call: Call) throws -> JSON {
    try call.accept(
      only: "subscription", "price", "plan", "price_data", "quantity", "metadata",
      "payment_behavior", "proration_behavior", "proration_date")
    let owner = try call.referenced(
      "subscription", call.string("subscription") ?? "", parameter: "subscription")
    let changed = try change(owner, fields(call), call)
    let known = Set(owner.listed("items").map { $0.id })
    guard let added = items(of: changed).first(where: { !known.contains($0.id) }) else {
      throw SandboxError.unexpected
    }
    return .object(added)
  }

  static func update(_ call: Call) throws -> JSON {
    try call.accept(
      only: "price", "plan", "price_data", "quantity", "metadata", "off_session",
      "payment_behavior", "proration_behavior", "proration_date")
    let (item, owner) = try SubscriptionItems.required(call)
    let changed = try change(owner, fields(call).setting(["id": .string(item.id)]), call)
    return .object(changed.listed("items").first { $0.id == item.id } ?? item)
  }

  static func delete(_ call: Call) throws -> JSON {
    try call.accept(
      only: "clear_usage", "payment_behavior", "proration_behavior", "proration_date")
    let (item, owner) = try SubscriptionItems.required(call)
    var entry: JSONObject = ["id": .string(item.id), "deleted": true]
    if let clears = call["clear_usage"] { entry["clear_usage"] = clears }
    _ = try change(owner, entry, call)
    return ["id": .string(item.id), "object": "subscription_item", "deleted": true]
  }

  private static func fields(_ call: Call) -> JSONObject {
    call.parameters.removing("subscription").removing("expand").removing("off_session")
      .removing(terms[0]).removing(terms[1]).removing(terms[2])
  }

  private static func change(
    _ owner: JSONObject, _ entry: JSONObject, _ call: Call
  ) throws -> JSONObject {
    var parameters: JSONObject = ["items": [.object(entry)]]
    for name in terms {
      if let value = call.parameters[name] { parameters[name] = value }
    }
    let failure: SandboxError
    do {
      let update = call.calling(parameters, on: owner.id)
      return try SubscriptionUpdate.run(update).object ?? [:]
    } catch let error as SandboxError {
      failure = error
    }
    // `items[0][price]` is `price` here.
    throw failure.renamed { name in
      guard name.hasPrefix("items[0][") else { return name }
      let parts = name.dropFirst("items[0][".count).split(separator: "]", maxSplits: 1)
      return parts.joined()
    }
  }

  /// The items that a subscription has, or will have when a change that waits is paid.
  private static func items(of subscription: JSONObject) -> [JSONObject] {
    subscription.listed("items")
      + (subscription.object("pending_update")?.objects("subscription_items") ?? [])
  }
}
