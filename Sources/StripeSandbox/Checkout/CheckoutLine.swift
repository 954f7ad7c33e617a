import Basics

/// One thing that a page sells.
struct CheckoutLine {
  var price: JSONObject
  /// nil where usage decides.
  var quantity: Int64?
  var adjustable: JSON
  var metadata: JSON

  var isRecurring: Bool { BillingInterval(price: price) != nil }

  /// Reads the parameter `line_items`.
  static func read(_ call: Call, _ mode: CheckoutMode) throws -> [CheckoutLine] {
    let given = call.array("line_items")?.compactMap { $0.object } ?? []
    try call.checkCount("line_items", atMost: 100)
    let lines = try given.enumerated().map { try read($0.element, at: $0.offset, call) }
    try check(lines, mode)
    return lines
  }

  private static func read(
    _ entry: JSONObject, at index: Int, _ call: Call
  ) throws -> CheckoutLine {
    let name = { (field: String) in "line_items[\(index)][\(field)]" }
    if entry["tax_rates"] != nil { throw CheckoutRules.unbuilt(name("tax_rates")) }
    let price = try price(entry, name, call)
    try checkQuantity(entry.integer("quantity"), of: price, at: "line_items[\(index)]")
    let metadata = try Metadata.merged(
      [:], with: entry["metadata"], parameter: name("metadata"))
    return CheckoutLine(
      price: price, quantity: entry.integer("quantity"),
      adjustable: try adjustable(entry, name("adjustable_quantity")),
      metadata: metadata)
  }

  private static func checkQuantity(
    _ quantity: Int64?, of price: JSONObject, at place: String
  ) throws {
    guard PriceAmount.isMetered(price) else {
      guard let quantity else {
        throw SandboxError.invalid(
          "Quantity is required. Add `quantity` to `\(place)`", parameter: "\(place)[quantity]")
      }
      return try Call.checkRange(quantity, 1...999_999, parameter: "\(place)[quantity]")
    }
    guard quantity == nil else {
      throw SandboxError.invalid(
        """
        Quantity should not be specified where usage_type is `metered`. Remove quantity from \
        `\(place)`.
        """, parameter: "\(place)[quantity]")
    }
  }

  /// Within which bounds the customer may change the quantity on the page.
  private static func adjustable(_ entry: JSONObject, _ name: String) throws -> JSON {
    guard let given = entry.object("adjustable_quantity") else { return .null }
    let minimum = given.integer("minimum") ?? 0
    let maximum = given.integer("maximum") ?? 99
    try Call.checkRange(minimum, 0...999_999, parameter: "\(name)[minimum]")
    try Call.checkRange(maximum, max(1, minimum)...999_999, parameter: "\(name)[maximum]")
    guard given.bool("enabled") == true else {
      return ["enabled": false, "maximum": .null, "minimum": .null]
    }
    return ["enabled": true, "maximum": .integer(maximum), "minimum": .integer(minimum)]
  }
}

// MARK: Prices

extension CheckoutLine {
  private static func price(
    _ entry: JSONObject, _ name: @escaping (String) -> String, _ call: Call
  ) throws -> JSONObject {
    if let data = entry.object("price_data") {
      guard entry["price"] == nil else {
        throw SandboxError.invalid(
          "You may only specify one of these parameters: price, price_data.",
          code: "parameters_exclusive", parameter: name("price"))
      }
      return try made(data, { name("price_data][\($0)") }, call)
    }
    guard let id = entry.string("price") else {
      throw SandboxError.missingParameter(name("price"))
    }
    return try price(id, name("price"), call)
  }

  private static func price(_ id: String, _ name: String, _ call: Call) throws -> JSONObject {
    let price = try call.referenced("price", id, parameter: name)
    guard price.bool("active") == true else {
      throw SandboxError.invalid(
        "The price specified is inactive. This field only accepts active prices.",
        parameter: name)
    }
    guard price.object("custom_unit_amount") == nil else {
      throw SandboxError.invalid(
        "The sandbox does not offer prices that the customer chooses on a Checkout Session yet.",
        code: "parameter_unsupported", parameter: name)
    }
    return price
  }

  /// A price, and perhaps a product, that are made in passing and cannot be used again.
  private static func made(
    _ data: JSONObject, _ name: @escaping (String) -> String, _ call: Call
  ) throws -> JSONObject {
    guard data["product"] != nil || data["product_data"] != nil else {
      throw SandboxError.missingParameter(name("product_data"))
    }
    return try OneTimePrice.made(data, call, name: name)
  }
}

// MARK: What goes together

extension CheckoutLine {
  private static func check(_ lines: [CheckoutLine], _ mode: CheckoutMode) throws {
    guard mode == .subscription else {
      guard let index = lines.firstIndex(where: { $0.isRecurring }) else { return }
      throw SandboxError.invalid(
        """
        You specified `payment` mode but passed a recurring price. Either switch to \
        `subscription` mode or use only one-time prices.
        """, parameter: "line_items[\(index)][price]")
    }
    let recurring = lines.filter { $0.isRecurring }
    guard let first = recurring.first else {
      throw SandboxError.invalid(
        "You must provide at least one recurring price in `subscription` mode when using prices.",
        parameter: "line_items")
    }
    guard recurring.count <= 20, lines.count - recurring.count <= 20 else {
      throw SandboxError.invalid(
        """
        A Checkout Session in `subscription` mode can have up to 20 line items with recurring \
        prices and 20 with one-time prices.
        """, parameter: "line_items")
    }
    let interval = BillingInterval(price: first.price)
    guard recurring.allSatisfy({ BillingInterval(price: $0.price) == interval }) else {
      throw SandboxError.invalid(
        "Checkout does not support multiple prices with different billing intervals.",
        parameter: "line_items")
    }
    var seen: Set<String> = []
    for line in recurring where !seen.insert(line.price.id).inserted {
      throw SandboxError.invalid(
        "Cannot add multiple subscription items with the same plan: \(line.price.id)",
        parameter: "line_items")
    }
  }

  /// `optional_items`: shown on the page. The customer of the sandbox takes none of them.
  static func optional(
    _ call: Call, _ mode: CheckoutMode, currency: String
  ) throws -> JSON {
    guard let given = call.array("optional_items")?.compactMap({ $0.object }) else { return .null }
    return .array(
      try given.enumerated().map { index, entry in
        let name = "optional_items[\(index)]"
        let price = try price(entry.string("price") ?? "", "\(name)[price]", call)
        let isRecurring = BillingInterval(price: price) != nil
        guard mode == .subscription || !isRecurring, price.string("currency") == currency else {
          throw SandboxError.invalid(
            "The price `\(price.id)` does not fit the line items of this Checkout Session.",
            parameter: "\(name)[price]")
        }
        let quantity = entry.integer("quantity") ?? 1
        try Call.checkRange(quantity, 1...999_999, parameter: "\(name)[quantity]")
        return [
          "adjustable_quantity": try adjustable(entry, "\(name)[adjustable_quantity]"),
          "price": .string(price.id), "quantity": .integer(quantity),
        ]
      })
  }
}

// MARK: The object

extension CheckoutLine {
  /// The line as Stripe shows it. What is due later, by usage or after a trial, costs nothing
  /// today.
  func item(isTrial: Bool, _ call: Call) throws -> JSONObject {
    let isLater = isRecurring && isTrial || PriceAmount.isMetered(price)
    let amount = isLater ? 0 : try PriceAmount.amount(of: price, quantity: quantity ?? 1)
    let product = try SubscriptionItems.product(of: price, call)
    return [
      "id": .string(call.newID("li", length: 24)), "object": "item",
      "adjustable_quantity": adjustable, "amount_discount": 0,
      "amount_subtotal": .integer(amount), "amount_tax": 0, "amount_total": .integer(amount),
      "currency": price["currency"] ?? .null, "description": product["name"] ?? .null,
      "discounts": [], "metadata": metadata, "price": SubscriptionItems.embedded(price),
      "quantity": JSON(quantity), "taxes": [],
    ]
  }
}
