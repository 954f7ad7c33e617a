/// Whether a customer may, and why.
package struct GateDecision: Sendable, Hashable {
  package enum Reason: String, Sendable {
    case included, unlimited, tokens, grace
    case notInPlan = "not_in_plan"
    case limitReached = "limit_reached"
    case pastDue = "past_due"
  }

  package var isAllowed: Bool
  package var customerID: String
  package var featureID: String
  /// The plan whose rights hold.
  package var planID: String
  package var reason: Reason
  package var right: Right
  package var used: Int64
  /// How many more were asked for.
  package var asked: Int64 = 1
  /// The plan to take for it, where it is not allowed and one for sale allows it.
  package var upgradeTo: String?
  /// The token packages that pay for it, where it is not allowed.
  package var packageIDs: [String] = []
  /// How many of the units that were asked for tokens pay for, and how many tokens that takes.
  package var covered: Int64 = 0
  package var tokens: Int64 = 0

  package var limit: Limit? { if case .limit(let limit) = right { limit } else { nil } }

  package var remaining: Int64? { limit?.maximum.map { max(0, $0 - used) } }
}
