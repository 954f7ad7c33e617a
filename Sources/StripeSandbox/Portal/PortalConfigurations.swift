import Basics

/// What customers may do by themselves in the portal: `/v1/billing_portal/configurations`.
enum PortalConfigurations: Resource {
  static let types = [
    ResourceType(
      "billing_portal.configuration", idPrefix: "bpc", label: "configuration",
      indexed: ["active", "is_default"])
  ]

  static let operations: [Operation] = [
    .post("/v1/billing_portal/configurations", create),
    .get("/v1/billing_portal/configurations", list),
    .get("/v1/billing_portal/configurations/{id}", retrieve),
    .post("/v1/billing_portal/configurations/{id}", update),
  ]

  private static let template = JSONObject.template(
    """
    {"id":"","object":"billing_portal.configuration","active":true,"application":null,
    "business_profile":{"headline":null,"privacy_policy_url":null,"terms_of_service_url":null},
    "created":0,"default_return_url":null,"features":null,"is_default":false,"livemode":false,
    "login_page":{"enabled":false,"url":null},"metadata":{},"name":null,"updated":0}
    """)

  private static func create(_ call: Call) throws -> JSON {
    var configuration = made(call)
    configuration["metadata"] = try call.newMetadata()
    try apply(call, to: &configuration)
    return .object(try call.create(configuration, event: "billing_portal.configuration.created"))
  }

  private static func retrieve(_ call: Call) throws -> JSON {
    .object(try call.required("billing_portal.configuration"))
  }

  private static func list(_ call: Call) throws -> JSON {
    try call.list(
      "billing_portal.configuration",
      matching: ["active": call["active"], "is_default": call["is_default"]])
  }

  private static func update(_ call: Call) throws -> JSON {
    let configuration = try call.required("billing_portal.configuration")
    var changed = configuration
    changed["metadata"] = try call.mergedMetadata(of: configuration)
    if let active = call.bool("active") {
      guard active || configuration.bool("is_default") != true else {
        throw SandboxError.invalid(
          "You cannot deactivate the default configuration of your customer portal.",
          parameter: "active")
      }
      changed["active"] = .bool(active)
    }
    try apply(call, to: &changed)
    if changed != configuration { changed["updated"] = .time(call.now) }
    return .object(
      try call.update(configuration, to: changed, event: "billing_portal.configuration.updated"))
  }
}

// MARK: Making

extension PortalConfigurations {
  private static func made(_ call: Call) -> JSONObject {
    template.setting([
      "id": .string(call.newID("bpc", length: 24)), "created": .time(call.now),
      "features": .object(PortalFeatures.template), "updated": .time(call.now),
    ])
  }

  private static func apply(_ call: Call, to configuration: inout JSONObject) throws {
    if let url = call["default_return_url"] {
      let text = url.string.flatMap { $0.isEmpty ? nil : $0 }
      try CheckoutAddress.checkURL(text, parameter: "default_return_url")
      configuration["default_return_url"] = JSON(text)
    }
    if let name = call["name"] { configuration["name"] = name }
    for (key, value) in call.object("business_profile") ?? [:] {
      let name = "business_profile[\(key)]"
      let text = value.string.flatMap { $0.isEmpty ? nil : $0 }
      if key == "headline", let text, text.count > 60 {
        throw SandboxError.invalid(
          "Invalid string: \(text); must be at most 60 characters", parameter: name)
      }
      if key != "headline" { try CheckoutAddress.checkURL(text, parameter: name) }
      configuration = configuration.setting([key: JSON(text)], in: "business_profile")
    }
    if let enabled = call.object("login_page")?.bool("enabled") {
      let page = "https://billing.stripe.com/p/login/test_\(call.newToken(length: 18))"
      let old = configuration.object("login_page")?.string("url")
      configuration["login_page"] = [
        "enabled": .bool(enabled), "url": enabled ? .string(old ?? page) : .null,
      ]
    }
    if let features = call.object("features") {
      let old = configuration.object("features") ?? [:]
      configuration["features"] = .object(try PortalFeatures.merged(features, into: old, call))
    }
  }

  /// The configuration of sessions that name none. Stripe wants it saved in the Dashboard once; the
  /// sandbox, which has none, makes it when it is first needed: customers can cancel at the end of
  /// the period, change their card and their data and see their invoices, but not change plans.
  static func byDefault(_ call: Call) throws -> JSONObject {
    let found = try call.all("billing_portal.configuration", where: ["is_default": true])
    if let configuration = found.first { return configuration }
    let configuration = made(call).setting([
      "features": .object(PortalFeatures.usual), "is_default": true,
    ])
    return try call.create(configuration, event: "billing_portal.configuration.created")
  }
}
