package import Basics

/// What the keys of a customer may do: the part of its plan that is about the API.
package struct APITier: Sendable, Hashable {
  package let planID: String
  package let allowance: APIAllowance

  /// A plan without a request a minute, or without any in a month, has no API.
  package var isIncluded: Bool {
    allowance.rateLimitPerMinute != 0 && allowance.monthlyQuota != 0
  }
}

extension Catalogue {
  /// What keys may do on a plan: what it says of `api`. A plan that says nothing while others do has
  /// no API; where no plan says anything, keys have no limits.
  func apiTier(of plan: Plan) -> APITier {
    let says = plans.contains { $0.api != nil }
    let silent = APIAllowance(
      rateLimitPerMinute: says ? 0 : nil, monthlyQuota: says ? 0 : nil)
    return APITier(planID: plan.id, allowance: plan.api ?? silent)
  }
}

extension Transaction {
  /// What the keys of a customer may do now: a change of plan counts from the next request on. One
  /// that the mirror does not know (before a `sync`) has the default plan's rights.
  package func apiTier(
    ofCustomer id: String, in catalogue: Catalogue, at clock: Timestamp
  ) throws -> APITier {
    let current = try customer(id).map { try currentPlan(of: $0, in: catalogue, at: clock) }
    let planID = current?.planID ?? catalogue.defaultPlanID
    guard let plan = catalogue.plan(planID) else {
      throw VanishedPlan(planID: planID, customerID: id)
    }
    return catalogue.apiTier(of: plan)
  }
}
