import Basics

/// Visits of customers to the portal: `/v1/billing_portal/sessions`.
enum PortalSessions: Resource {
  static let types = [
    ResourceType(
      "billing_portal.session", idPrefix: "bps", indexed: ["customer"],
      expandable: ["configuration": .reference("billing_portal.configuration")])
  ]

  static let operations: [Operation] = [
    .post("/v1/billing_portal/sessions", create),
    .own(
      "POST", "/sandbox/billing_portal/sessions/{id}/update",
      parameters: [
        "price": .string, "promotion_code": .string, "quantity": .integer,
        "subscription": .string,
      ], returns: "billing_portal.session", PortalUpdate.run),
    .own(
      "POST", "/sandbox/billing_portal/sessions/{id}/cancel",
      parameters: ["comment": .string, "feedback": .string, "subscription": .string],
      returns: "billing_portal.session", PortalCancel.cancel),
    .own(
      "POST", "/sandbox/billing_portal/sessions/{id}/resume",
      parameters: ["subscription": .string], returns: "billing_portal.session",
      PortalCancel.resume),
    .own(
      "POST", "/sandbox/billing_portal/sessions/{id}/payment_method",
      parameters: ["card": .string], returns: "billing_portal.session", PortalPaymentMethod.run),
  ]

  private static let template = JSONObject.template(
    """
    {"id":"","object":"billing_portal.session","after_expiration":null,"configuration":"",
    "created":0,"customer":"","customer_account":null,"flow":null,"livemode":false,
    "locale":null,"on_behalf_of":null,"return_url":null,"url":""}
    """)

  private static func create(_ call: Call) throws -> JSON {
    try call.accept(only: "configuration", "customer", "flow_data", "locale", "return_url")
    guard let id = call.string("customer") else { throw SandboxError.missingParameter("customer") }
    let customer = try Customers.referenced(id, call)
    try CheckoutAddress.checkURL(call.parameters.string("return_url"), parameter: "return_url")
    let configuration = try configuration(call)
    var session = made(for: customer, configuration, call)
    if let url = call["return_url"] { session["return_url"] = url }
    session["locale"] = call["locale"] ?? .null
    session["flow"] = try PortalFlow.read(call, customer: customer, configuration)
    return .object(try call.create(session, event: "billing_portal.session.created"))
  }

  private static func configuration(_ call: Call) throws -> JSONObject {
    guard let id = call.string("configuration") else {
      return try PortalConfigurations.byDefault(call)
    }
    let configuration = try call.referenced(
      "billing_portal.configuration", id, parameter: "configuration")
    guard configuration.bool("active") == true else {
      throw SandboxError.invalid(
        "The configuration `\(id)` is inactive and cannot be used to create portal sessions.",
        parameter: "configuration")
    }
    return configuration
  }

  private static func made(
    for customer: JSONObject, _ configuration: JSONObject, _ call: Call
  ) -> JSONObject {
    template.setting([
      "id": .string(call.newID("bps", length: 24)),
      "configuration": .string(configuration.id), "created": .time(call.now),
      "customer": .string(customer.id),
      "return_url": configuration["default_return_url"] ?? .null,
      "url": .string(
        "https://billing.stripe.com/p/session/test_\(call.newToken(length: 80))"),
      "_open_until": .time(call.now + PortalVisit.secondsToOpen),
    ])
  }

  /// A session with the default configuration, for a customer who comes without one.
  static func opened(for customer: JSONObject, _ call: Call) throws -> JSONObject {
    let configuration = try PortalConfigurations.byDefault(call)
    return try call.create(
      made(for: customer, configuration, call), event: "billing_portal.session.created")
  }
}
