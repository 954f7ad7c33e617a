import BillingCore

extension VanishedPlan: Explainable {
  var explanation: CommandError {
    .configuration(
      "invalid_plans",
      "\(customerID) is on the plan \(planID), which the plan catalogue does not have",
      hint: VanishedPlanWords.hint)
  }
}

/// What is said of a plan that left the catalogue while customers are on it.
enum VanishedPlanWords {
  static let hint =
    "put the plan back (available: false keeps it from being sold), or change its customers' plan"

  static func of(_ planID: String, customers: Int) -> String {
    let who = customers == 1 ? "1 customer is" : "\(customers) customers are"
    return "\(who) on the plan \(planID), which the plan catalogue does not have"
  }
}

extension NothingGranted: Explainable {
  var explanation: CommandError {
    .conflict(
      "invalid_state", "\(customerID) has no \(featureID) of its own: nothing to take back",
      hint: "billing entitlement list tells what was granted, and until when")
  }
}
