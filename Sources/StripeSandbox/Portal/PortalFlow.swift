import Basics

/// A visit with one purpose: `flow_data` of a new portal session.
enum PortalFlow {
  /// The flows, each with the feature that it needs.
  private static let features: [String: String] = [
    "customer_update": "customer_update", "payment_method_update": "payment_method_update",
    "subscription_cancel": "subscription_cancel", "subscription_update": "subscription_update",
    "subscription_update_confirm": "subscription_update",
  ]

  private static let template = JSONObject.template(
    """
    {"after_completion":{"hosted_confirmation":null,"redirect":null,"type":"portal_homepage"},
    "customer_update":null,"subscription_cancel":null,"subscription_pause":null,
    "subscription_update":null,"subscription_update_confirm":null,"type":""}
    """)

  static func read(
    _ call: Call, customer: JSONObject, _ configuration: JSONObject
  ) throws -> JSON {
    guard let data = call.object("flow_data"), let type = data.string("type") else { return .null }
    guard let feature = features[type] else {
      throw CheckoutRules.unbuilt("flow_data[subscription_pause]")
    }
    try refuseOthers(data, type: type)
    try PortalRules.require(feature, configuration)
    var flow = template.setting([
      "after_completion": try afterCompletion(data.object("after_completion")),
      "type": .string(type),
    ])
    switch type {
    case "customer_update": flow[type] = [:]
    case "payment_method_update": break
    default:
      flow[type] = try subscription(data, type, customer: customer, configuration, call)
    }
    return .object(flow)
  }

  /// The parameters of another flow would do nothing.
  private static func refuseOthers(_ data: JSONObject, type: String) throws {
    for name in data.keys
    where !["type", "after_completion", type].contains(name) {
      throw SandboxError.invalid(
        "You can not pass `\(name)` with `type: \(type)`.", parameter: "flow_data[\(name)]")
    }
  }

  private static func afterCompletion(_ given: JSONObject?) throws -> JSON {
    let type = given?.string("type") ?? "portal_homepage"
    let name = "flow_data[after_completion]"
    if type == "redirect" {
      guard let url = given?.object("redirect")?.string("return_url") else {
        throw SandboxError.missingParameter("\(name)[redirect]")
      }
      try CheckoutAddress.checkURL(url, parameter: "\(name)[redirect][return_url]")
    }
    let message = given?.object("hosted_confirmation")?["custom_message"] ?? .null
    let isHosted = type == "hosted_confirmation"
    return [
      "hosted_confirmation": isHosted ? ["custom_message": message] : .null,
      "redirect": type == "redirect" ? given?["redirect"] ?? .null : .null,
      "type": .string(type),
    ]
  }
}

// MARK: Flows about a subscription

extension PortalFlow {
  private static func subscription(
    _ data: JSONObject, _ type: String, customer: JSONObject, _ configuration: JSONObject,
    _ call: Call
  ) throws -> JSON {
    let name = "flow_data[\(type)]"
    guard let given = data.object(type) else { throw SandboxError.missingParameter(name) }
    let id = given.string("subscription") ?? ""
    let subscription = try call.referenced("subscription", id, parameter: "\(name)[subscription]")
    guard subscription.string("customer") == customer.id else {
      throw SandboxError.missing(
        "subscription", id: id, parameter: "\(name)[subscription]", status: 400)
    }
    guard type == "subscription_cancel" else {
      try PortalRules.checkUpdatable(subscription)
      guard type == "subscription_update_confirm" else {
        return ["subscription": .string(id)]
      }
      return try confirm(given, subscription, configuration, call)
    }
    try PortalRules.checkCancelable(subscription, parameter: "\(name)[subscription]")
    return [
      "retention": try retention(given.object("retention"), call), "subscription": .string(id),
    ]
  }

  /// A coupon that the page offers to who wants to leave. The customer of the sandbox leaves.
  private static func retention(_ given: JSONObject?, _ call: Call) throws -> JSON {
    guard let given else { return .null }
    let id = given.object("coupon_offer")?.string("coupon") ?? ""
    _ = try call.referenced(
      "coupon", id,
      parameter: "flow_data[subscription_cancel][retention][coupon_offer][coupon]")
    return ["coupon_offer": ["coupon": .string(id)], "type": "coupon_offer"]
  }

  private static func confirm(
    _ given: JSONObject, _ subscription: JSONObject, _ configuration: JSONObject, _ call: Call
  ) throws -> JSON {
    let name = "flow_data[subscription_update_confirm]"
    let items = given.objects("items")
    guard let wanted = items.first, items.count == 1 else {
      throw SandboxError.invalid(
        "Array \(name)[items] must have exactly 1 element.", parameter: "\(name)[items]")
    }
    let own = subscription.listed("items").first { $0.id == wanted.string("id") }
    guard let own else {
      throw SandboxError.missing(
        "subscription_item", id: wanted.string("id") ?? "", parameter: "\(name)[items][0][id]",
        status: 400)
    }
    let change = PortalChange(
      item: own, price: wanted.string("price"), quantity: wanted.integer("quantity"))
    let discounts = try discounts(given, name, call)
    guard change.isChange || !discounts.isEmpty else {
      throw SandboxError.invalid(
        "Cannot update the subscription because there are no changes to confirm.",
        parameter: "\(name)[items]")
    }
    try PortalRules.check(change, configuration, at: "\(name)[items][0]")
    return [
      "discounts": given["discounts"] == nil ? .null : .array(discounts),
      "items": [
        [
          "id": .string(own.id), "price": JSON(change.price),
          "quantity": JSON(change.quantity ?? own.integer("quantity")),
        ]
      ], "subscription": .string(subscription.id),
    ]
  }

  private static func discounts(
    _ given: JSONObject, _ name: String, _ call: Call
  ) throws -> [JSON] {
    let discounts = given.objects("discounts")
    guard discounts.count <= 1 else {
      throw SandboxError.invalid(
        "Array \(name)[discounts] exceeded maximum 1 allowed elements.",
        parameter: "\(name)[discounts]")
    }
    return try discounts.map { entry in
      let (coupon, code) = (entry.string("coupon"), entry.string("promotion_code"))
      guard (coupon == nil) != (code == nil) else {
        throw SandboxError.invalid(
          "You must specify one of these parameters: coupon, promotion_code.",
          parameter: "\(name)[discounts][0]")
      }
      _ = try coupon.map {
        try call.referenced("coupon", $0, parameter: "\(name)[discounts][0][coupon]")
      }
      _ = try code.map {
        try call.referenced(
          "promotion_code", $0, parameter: "\(name)[discounts][0][promotion_code]")
      }
      return ["coupon": JSON(coupon), "promotion_code": JSON(code)]
    }
  }
}
