import Basics

/// `GET /v1/invoices/upcoming` and its lines: what `create_preview` was called until basil.
enum UpcomingInvoice {
  static let operation = Operation.own(
    "GET", "/v1/invoices/upcoming", parameters: parameters, returns: "invoice"
  ) { call in .object(try invoice(call)) }
  .writing().until(.basil)

  static let lines = Operation.own(
    "GET", "/v1/invoices/upcoming/lines",
    parameters: parameters.merging(page) { given, _ in given },
    returns: "list:line_item"
  ) { call in try call.page(of: try invoice(call).listed("lines")) }
  .writing().until(.basil)

  /// The fields of the subscription to look at, which also stand at the top: `subscription_items`.
  private static let flat = [
    "billing_cycle_anchor", "cancel_at", "cancel_at_period_end", "cancel_now", "items",
    "proration_behavior", "proration_date", "resume_at", "start_date", "trial_end",
  ]

  private static let page: [String: ParameterSchema] = [
    "ending_before": .string, "limit": .integer, "starting_after": .string,
  ]

  /// As the preview declares them, with the older names beside.
  private static let parameters: [String: ParameterSchema] = {
    let facts = APIFacts.operation(method: "POST", path: "/v1/invoices/create_preview")
    guard case .object(var fields, _)? = facts?.parameters,
      case .object(var details, _)? = fields["subscription_details"]
    else { return [:] }
    details["billing_cycle_anchor"] = .anyOf([.enumeration(["now", "unchanged"]), .integer])
    fields["subscription_details"] = .object(details, required: [])
    for name in flat { fields["subscription_\(name)"] = details[name] }
    fields["coupon"] = .string
    return fields
  }()

  private static func invoice(_ call: Call) throws -> JSONObject {
    var parameters = call.parameters
    for name in page.keys { parameters[name] = nil }
    var details = call.object("subscription_details") ?? [:]
    for name in flat {
      guard let value = parameters["subscription_\(name)"] else { continue }
      details[name] = value
      parameters["subscription_\(name)"] = nil
    }
    if let anchor = details["billing_cycle_anchor"] {
      details["billing_cycle_anchor"] =
        anchor.integer == nil ? ["type": anchor] : ["type": "timestamp", "timestamp": anchor]
    }
    if !details.isEmpty { parameters["subscription_details"] = .object(details) }
    if let coupon = call.string("coupon") {
      parameters["discounts"] = [["coupon": .string(coupon)]]
      parameters["coupon"] = nil
    }
    return try InvoicePreview.run(call.calling(parameters)).object ?? [:]
  }
}
