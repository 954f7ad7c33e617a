import Basics

/// 2023-08-16: an intent takes the payment methods that the Dashboard offers where nothing is said;
/// before, cards.
enum DashboardMethods {
  static let change = VersionChange(
    since: .dashboardMethods,
    requests: [
      RequestChange(
        "POST /v1/payment_intents", "POST /v1/setup_intents", declared: [:],
        translate: { parameters, _ in
          if parameters["automatic_payment_methods"] == nil {
            parameters["automatic_payment_methods"] = ["enabled": false]
          }
        })
    ])
}
