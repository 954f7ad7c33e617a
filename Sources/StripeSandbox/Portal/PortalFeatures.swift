import Basics

/// The features of a portal configuration: what is taken, and what goes together.
enum PortalFeatures {
  static let template = JSONObject.template(
    """
    {"customer_update":{"allowed_updates":[],"enabled":false},
    "invoice_history":{"enabled":false},
    "payment_method_update":{"enabled":false,"payment_method_configuration":null},
    "subscription_cancel":{"cancellation_reason":{"enabled":false,"feedback_options":null,
    "options":[]},"enabled":false,"mode":"at_period_end","proration_behavior":"none"},
    "subscription_pause":{"duration":{"interval_options":[],"type":"indefinite"},
    "enabled":false},
    "subscription_update":{"billing_cycle_anchor":null,"default_allowed_updates":[],
    "enabled":false,"products":null,"proration_behavior":"none",
    "schedule_at_period_end":{"conditions":[]},"trial_update_behavior":"end_trial"}}
    """)

  /// Those of the default configuration.
  static let usual: JSONObject = template.setting([
    "customer_update": [
      "allowed_updates": ["name", "email", "address", "phone"], "enabled": true,
    ],
    "invoice_history": ["enabled": true],
    "payment_method_update": ["enabled": true, "payment_method_configuration": .null],
  ]).setting(
    [
      "cancellation_reason": [
        "enabled": true, "feedback_options": .null,
        "options": [
          "too_expensive", "missing_features", "switched_service", "unused", "customer_service",
          "too_complex", "low_quality", "other",
        ],
      ], "enabled": true,
    ], in: "subscription_cancel")

  /// The features after a request, which says nothing of what stays.
  static func merged(
    _ given: JSONObject, into old: JSONObject, _ call: Call
  ) throws -> JSONObject {
    var features = old
    for (name, value) in given {
      let members = value.object ?? [:]
      switch name {
      case "subscription_cancel": try applyCancel(members, to: &features)
      case "subscription_update":
        features[name] = .object(
          try PortalProducts.merged(members, into: features.object(name) ?? [:], call))
      case "subscription_pause":
        guard members.bool("enabled") != true else {
          throw CheckoutRules.unbuilt("features[subscription_pause][enabled]")
        }
      default: try applyPlain(members, name, to: &features)
      }
    }
    try check(features)
    return features
  }

  private static func applyPlain(
    _ members: JSONObject, _ name: String, to features: inout JSONObject
  ) throws {
    if members["payment_method_configuration"]?.string?.isEmpty == false {
      throw CheckoutRules.unbuilt("features[\(name)][payment_method_configuration]")
    }
    for (key, value) in members where key != "payment_method_configuration" {
      features = features.setting([key: value == "" ? [] : value], in: name)
    }
  }

  private static func applyCancel(_ members: JSONObject, to features: inout JSONObject) throws {
    for (key, value) in members where key != "cancellation_reason" {
      features = features.setting([key: value], in: "subscription_cancel")
    }
    guard let reason = members.object("cancellation_reason") else { return }
    if reason["feedback_options"]?.array?.isEmpty == false {
      throw CheckoutRules.unbuilt(
        "features[subscription_cancel][cancellation_reason][feedback_options]")
    }
    var changed = features.object("subscription_cancel")?.object("cancellation_reason") ?? [:]
    if let enabled = reason["enabled"] { changed["enabled"] = enabled }
    if let options = reason["options"] { changed["options"] = options == "" ? [] : options }
    features = features.setting(
      ["cancellation_reason": .object(changed)], in: "subscription_cancel")
  }

  private static func check(_ features: JSONObject) throws {
    let isUpdatable = isOn("subscription_update", features)
    guard !isUpdatable || isOn("payment_method_update", features) else {
      throw SandboxError.invalid(
        "Cannot enable subscription updates while payment method update is disabled.")
    }
    let update = features.object("customer_update")
    if update?.bool("enabled") == true, update?.strings("allowed_updates").isEmpty ?? true {
      throw SandboxError.missingParameter("features[customer_update][allowed_updates]")
    }
    // Stripe's reference: prorations go with an immediate end only, and are never invoiced at once.
    let cancel = features.object("subscription_cancel")
    let behavior = cancel?.string("proration_behavior") ?? "none"
    let isImmediate = cancel?.string("mode") == "immediately"
    guard behavior == "none" || behavior == "create_prorations" && isImmediate else {
      throw SandboxError.invalid(
        behavior == "none" || behavior == "always_invoice"
          ? "`proration_behavior` of `subscription_cancel` cannot be `always_invoice`."
          : """
          `proration_behavior: create_prorations` of `subscription_cancel` can only be used with \
          `mode: immediately`.
          """, parameter: "features[subscription_cancel][proration_behavior]")
    }
  }

  static func isOn(_ name: String, _ features: JSONObject) -> Bool {
    features.object(name)?.bool("enabled") == true
  }
}
