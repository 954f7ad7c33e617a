import Basics

/// The feature `subscription_update`: which prices customers may choose, in what quantities, and
/// how the change is billed.
enum PortalProducts {
  /// The most products that a configuration names.
  static let maximumCount = 10

  static func merged(
    _ given: JSONObject, into old: JSONObject, _ call: Call
  ) throws -> JSONObject {
    var feature = old
    for (key, value) in given where key != "products" && key != "schedule_at_period_end" {
      feature[key] = key == "default_allowed_updates" && value == "" ? [] : value
    }
    if let schedule = given.object("schedule_at_period_end") {
      feature["schedule_at_period_end"] = [
        "conditions": .array(try conditions(of: schedule))
      ]
    }
    if let products = given["products"] {
      let isByDefault = feature.strings("default_allowed_updates").contains("quantity")
      feature["products"] =
        products == "" ? .null : try read(products, isQuantityFree: isByDefault, call)
    }
    try check(feature)
    return feature
  }

  private static func check(_ feature: JSONObject) throws {
    guard feature.bool("enabled") == true else { return }
    for name in ["default_allowed_updates", "products"]
    where feature[name]?.array?.isEmpty ?? true {
      throw SandboxError.missingParameter("features[subscription_update][\(name)]")
    }
  }

  private static func conditions(of schedule: JSONObject) throws -> [JSON] {
    let conditions = schedule["conditions"]?.array ?? []
    guard conditions.isEmpty else {
      throw CheckoutRules.unbuilt(
        "features[subscription_update][schedule_at_period_end][conditions]")
    }
    return conditions
  }

  private static func read(
    _ products: JSON, isQuantityFree: Bool, _ call: Call
  ) throws -> JSON {
    let name = "features[subscription_update][products]"
    let given = products.array?.compactMap { $0.object } ?? []
    guard given.count <= maximumCount else {
      throw SandboxError.invalid(
        "Array \(name) exceeded maximum \(maximumCount) allowed elements.", parameter: name)
    }
    return .array(
      try given.enumerated().map { index, entry in
        try read(entry, at: "\(name)[\(index)]", isQuantityFree: isQuantityFree, call)
      })
  }

  private static func read(
    _ entry: JSONObject, at name: String, isQuantityFree: Bool, _ call: Call
  ) throws -> JSON {
    let product = try call.referenced(
      "product", entry.string("product") ?? "", parameter: "\(name)[product]")
    let prices = entry.strings("prices")
    guard !prices.isEmpty else { throw SandboxError.missingParameter("\(name)[prices]") }
    for (index, id) in prices.enumerated() {
      let price = try call.referenced("price", id, parameter: "\(name)[prices][\(index)]")
      guard price.string("product") == product.id, BillingInterval(price: price) != nil else {
        throw SandboxError.invalid(
          "The price `\(id)` is no recurring price of the product `\(product.id)`.",
          parameter: "\(name)[prices][\(index)]")
      }
    }
    return [
      "adjustable_quantity": try quantity(
        entry.object("adjustable_quantity"), at: "\(name)[adjustable_quantity]",
        isFree: isQuantityFree),
      "prices": entry["prices"] ?? [], "product": .string(product.id),
    ]
  }

  /// Without a word on it, the quantity is free where `default_allowed_updates` names it.
  private static func quantity(
    _ given: JSONObject?, at name: String, isFree: Bool
  ) throws -> JSON {
    guard let given else {
      return ["enabled": .bool(isFree), "maximum": .null, "minimum": 1]
    }
    let minimum = given.integer("minimum") ?? 1
    try Call.checkRange(minimum, 0...999_999, parameter: "\(name)[minimum]")
    if let maximum = given.integer("maximum") {
      try Call.checkRange(maximum, max(1, minimum)...999_999, parameter: "\(name)[maximum]")
    }
    return [
      "enabled": given["enabled"] ?? false, "maximum": given["maximum"] ?? .null,
      "minimum": .integer(minimum),
    ]
  }
}
