import Basics

/// The items of a phase: as they are asked for, as they are stored, and as the change of a
/// subscription that brings it to them.
enum PhaseItems {
  /// Reads and checks `phases[0][items]`.
  ///
  /// - Parameter agreed: the ids of prices that may be out of use, since they stand there already.
  static func read(
    _ phase: JSONObject, at index: Int, agreed: Set<String>, _ call: Call
  ) throws -> [ItemRequest] {
    try named("items", at: index) {
      let given = phase.objects("items").map { item in
        let isAgreed = agreed.contains(item.string("price") ?? item.string("plan") ?? "")
        return JSON.object(isAgreed ? item.setting(["_agreed": true]) : item)
      }
      let items = call.calling(["items": .array(given)])
      let wanted = try ItemRequest.read(items)
      try ItemRequest.check(wanted.map { ["price": SubscriptionItems.embedded($0.price)] })
      return wanted
    }
  }

  /// Reads and checks `phases[0][add_invoice_items]`.
  static func added(_ phase: JSONObject, at index: Int, _ call: Call) throws -> [JSON] {
    let given = phase.objects("add_invoice_items")
    guard !given.isEmpty else { return [] }
    return try named("add_invoice_items", at: index) {
      let asked = call.calling(["add_invoice_items": .array(given.map { .object($0) })])
      return try AddedInvoiceItems.lines(asked, subscription: [:]).enumerated().map { place, line in
        [
          "discountable": given[place]["discountable"] ?? .null, "discounts": [],
          "metadata": .object(line.metadata),
          "period": [
            "end": ["timestamp": .null, "type": "min_item_period_end"],
            "start": ["timestamp": .null, "type": "max_item_period_start"],
          ], "price": .string(line.price.id), "quantity": .integer(line.quantity),
          "tax_rates": [],
        ]
      }
    }
  }

  /// Names a wrong parameter by its place in the phase.
  private static func named<Value>(
    _ list: String, at index: Int, _ body: () throws -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch var error as SandboxError {
      if let parameter = error.parameter, parameter.hasPrefix(list) {
        error.parameter = "phases[\(index)][\(list)]\(parameter.dropFirst(list.count))"
      }
      throw error
    }
  }

  static func stored(_ item: ItemRequest) throws -> JSON {
    [
      "billing_thresholds": .null, "discounts": [],
      "metadata": .object(
        try Metadata.merged([:], with: item.metadata, parameter: item.name("metadata"))
          .object ?? [:]),
      "plan": .string(item.price.id), "price": .string(item.price.id),
      "quantity": JSON(item.billedQuantity), "tax_rates": [],
    ]
  }

  /// The items of a subscription as those of a phase.
  static func stored(of subscription: JSONObject) -> JSON {
    .array(
      subscription.listed("items").map { item in
        let price = JSON.string(item.object("price")?.id ?? "")
        return [
          "billing_thresholds": .null, "discounts": [], "metadata": item["metadata"] ?? [:],
          "plan": price, "price": price, "quantity": item["quantity"] ?? .null, "tax_rates": [],
        ]
      })
  }

  /// The parameter `items` that brings a subscription to a phase.
  ///
  /// An item with the same price stays; a licensed one whose price is gone takes, in order, a price
  /// that is new; what is left is removed or added. Whether Stripe keeps items in this way is not
  /// known, nor whether it refuses a price that has gone out of use since the phase was planned:
  /// here what was agreed then is carried out.
  static func change(from current: [JSONObject], to phase: JSONObject) -> [JSON] {
    var wanted = phase.objects("items")
    var changes: [JSON] = []
    var left: [JSONObject] = []
    for item in current {
      let price = item.object("price")?.id ?? ""
      guard let index = wanted.firstIndex(where: { $0.string("price") == price }) else {
        left.append(item)
        continue
      }
      changes.append(request(wanted.remove(at: index), id: item.id))
    }
    for item in left {
      let isMetered = PriceAmount.isMetered(item.object("price") ?? [:])
      guard !isMetered, let index = wanted.firstIndex(where: { $0["quantity"]?.integer != nil })
      else {
        changes.append(["id": .string(item.id), "deleted": true])
        continue
      }
      changes.append(request(wanted.remove(at: index), id: item.id))
    }
    return changes + wanted.map { request($0, id: nil) }
  }

  private static func request(_ item: JSONObject, id: String?) -> JSON {
    var request: JSONObject = ["price": item["price"] ?? .null]
    if let id { request["id"] = .string(id) }
    request["_agreed"] = true
    if let quantity = item.integer("quantity") { request["quantity"] = .integer(quantity) }
    if let metadata = item.object("metadata"), !metadata.isEmpty {
      request["metadata"] = .object(metadata)
    }
    return .object(request)
  }
}
