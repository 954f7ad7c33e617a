import Basics

/// What a request wants of one subscription item.
struct ItemRequest {
  /// The item that is changed; nil to add one.
  var id: String?
  /// The price, whole; for a change of something else the item's own.
  var price: JSONObject
  var quantity: Int64?
  var isDeleted = false
  /// Whether what was used until it is deleted is forgotten instead of billed.
  var clearsUsage = false
  var metadata: JSON?
  /// Its place in the request.
  var index: Int

  /// `items[0][price]`.
  func name(_ field: String) -> String { "items[\(index)][\(field)]" }

  /// nil where usage decides.
  var billedQuantity: Int64? { PriceAmount.isMetered(price) ? nil : quantity ?? 1 }

  /// Reads the parameter `items`.
  ///
  /// - Parameter current: the items that the subscription has.
  static func read(_ call: Call, current: [JSONObject] = []) throws -> [ItemRequest] {
    let given = call.array("items")?.compactMap { $0.object } ?? []
    return try given.enumerated().map { index, entry in
      try read(entry, at: index, current: current, call)
    }
  }

  private static func read(
    _ entry: JSONObject, at index: Int, current: [JSONObject], _ call: Call
  ) throws -> ItemRequest {
    let name = { (field: String) in "items[\(index)][\(field)]" }
    for field in ["billing_thresholds", "current_trial", "discounts", "tax_rates"]
    where entry[field] != nil {
      throw SandboxError.invalid(
        "The sandbox does not offer the parameter \(name(field)) of this operation yet.",
        code: "parameter_unsupported", parameter: name(field))
    }
    var old: JSONObject?
    if let id = entry.string("id") {
      guard let found = current.first(where: { $0.id == id }) else {
        throw SandboxError.missing(
          "subscription_item", id: id, parameter: name("id"), status: 400)
      }
      old = found
    }
    let price =
      try price(entry, name, call) ?? old.map { try SubscriptionItems.price(of: $0, call) }
    guard let price else { throw SandboxError.missingParameter(name("price")) }
    let request = ItemRequest(
      id: old?.id, price: price, quantity: entry.integer("quantity"),
      isDeleted: entry.bool("deleted") ?? false,
      clearsUsage: entry.bool("clear_usage") ?? false, metadata: entry["metadata"], index: index)
    let isAgreed = entry.bool("_agreed") == true || old?.object("price")?.id == price.id
    try request.checkPrice(mayBeInactive: isAgreed)
    try request.checkQuantity()
    guard !request.clearsUsage || request.isDeleted && PriceAmount.isMetered(price) else {
      throw SandboxError.invalid(
        "`clear_usage` can only be used to delete an item whose price is metered.",
        parameter: name("clear_usage"))
    }
    return request
  }

  private static func price(
    _ entry: JSONObject, _ name: @escaping (String) -> String, _ call: Call
  ) throws -> JSONObject? {
    if let data = entry.object("price_data") {
      let product = data.string("product") ?? ""
      _ = try call.referenced("product", product, parameter: name("price_data][product"))
      // A price that is made in passing cannot be used again.
      let price = try Prices.made(data, call) { name("price_data][\($0)") }
      try call.insert(price.setting(["active": false]))
      return price
    }
    let field = entry["price"] == nil ? "plan" : "price"
    return try entry.string(field).map { id in
      guard let price = try call.find("price", id) else {
        throw SandboxError.missing(field, id: id, parameter: name(field), status: 400)
      }
      return price
    }
  }

  /// - Parameter mayBeInactive: whether it is what the item has, or what a page has sold.
  private func checkPrice(mayBeInactive: Bool) throws {
    guard BillingInterval(price: price) != nil else {
      throw SandboxError.invalid(
        """
        The price specified is set to `type=one_time` but this field only accepts prices with \
        `type=recurring`.
        """, parameter: name("price"))
    }
    guard mayBeInactive || price.bool("active") == true else {
      throw SandboxError.invalid(
        "The price specified is inactive. This field only accepts active prices.",
        parameter: name("price"))
    }
  }

  private func checkQuantity() throws {
    guard let quantity else { return }
    guard !PriceAmount.isMetered(price) else {
      throw SandboxError.invalid(
        """
        Quantity should not be specified where usage_type is `metered`. Remove quantity from \
        `items[\(index)]`.
        """, parameter: name("quantity"))
    }
    try Call.checkRange(quantity, 0...999_999_999, parameter: name("quantity"))
  }

  /// Refuses items that cannot stand on one subscription.
  static func check(_ items: [JSONObject]) throws {
    guard items.count <= SubscriptionItems.maximumCount else {
      throw SandboxError.invalid(
        "Array items exceeded maximum \(SubscriptionItems.maximumCount) allowed elements.",
        parameter: "items")
    }
    guard let first = items.first?.object("price") else {
      throw SandboxError.invalid(
        "A subscription must have at least one active plan. To cancel it, delete it.",
        parameter: "items")
    }
    var seen: Set<String> = []
    for price in items.compactMap({ $0.object("price") }) {
      for (field, isSame) in [
        ("interval", BillingInterval(price: price) == BillingInterval(price: first)),
        ("currency", price["currency"] == first["currency"]),
      ] where !isSame {
        throw SandboxError.invalid(
          """
          Currency and interval fields must match across all plans on this subscription. Found \
          mismatch in \(field) field.
          """, parameter: "items")
      }
      guard seen.insert(price.id).inserted else {
        throw SandboxError.invalid(
          "Cannot add multiple subscription items with the same plan: \(price.id)",
          parameter: "items")
      }
    }
  }
}
