import Basics

/// Endive: the billing cycle anchor of a change of a subscription became an object,
/// `{"type": "now"}`; it was a word, and in previews a word or a moment.
enum BillingCycleAnchorObject {
  static let change = VersionChange(
    since: .endive,
    requests: [
      RequestChange(
        "POST /v1/subscriptions/{id}", "POST /v1/subscriptions/{id}/resume",
        declared: ["billing_cycle_anchor": word],
        names: ["billing_cycle_anchor[type]": "billing_cycle_anchor"],
        translate: { parameters, _ in wrap(&parameters) }),
      RequestChange(
        "POST /v1/invoices/create_preview",
        declared: ["subscription_details.billing_cycle_anchor": .anyOf([word, .integer])],
        names: [
          "subscription_details[billing_cycle_anchor][type]":
            "subscription_details[billing_cycle_anchor]"
        ],
        translate: { parameters, _ in
          guard var details = parameters.object("subscription_details") else { return }
          wrap(&details)
          parameters["subscription_details"] = .object(details)
        }),
    ])

  private static let word = ParameterSchema.enumeration(["now", "unchanged"])

  private static func wrap(_ parameters: inout JSONObject) {
    guard let anchor = parameters["billing_cycle_anchor"] else { return }
    parameters["billing_cycle_anchor"] =
      anchor.integer == nil ? ["type": anchor] : ["type": "timestamp", "timestamp": anchor]
  }
}
