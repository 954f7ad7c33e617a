import Basics

/// Clover: a new subscription bills in the flexible mode where nothing is said; before, in the
/// classic one.
enum ClassicBilling {
  static let change = VersionChange(
    since: .clover,
    requests: [
      RequestChange(
        "POST /v1/subscriptions", declared: [:],
        translate: { parameters, _ in
          if parameters["billing_mode"] == nil { parameters["billing_mode"] = ["type": "classic"] }
        }),
      RequestChange(
        "POST /v1/checkout/sessions", declared: [:],
        translate: { parameters, _ in
          guard parameters.string("mode") == "subscription" else { return }
          var data = parameters.object("subscription_data") ?? [:]
          if data["billing_mode"] == nil { data["billing_mode"] = ["type": "classic"] }
          parameters["subscription_data"] = .object(data)
        }),
    ])
}
