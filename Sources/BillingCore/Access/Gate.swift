package import Basics

/// What decides whether a customer may: its plan, what it was granted apart from that, and the
/// catalogue.
package struct Gate: Sendable {
  package let catalogue: Catalogue
  package let customerID: String
  package let current: CurrentPlan
  /// The plan whose rights hold.
  package let plan: Plan
  /// What was granted to the customer alone and holds now, by limit or feature.
  package let own: [String: OwnEntitlement]

  /// Throws `VanishedPlan` where the customer is on a plan that the catalogue no longer has: nobody
  /// can say what it may.
  package init(
    catalogue: Catalogue, customerID: String, current: CurrentPlan, own: [OwnEntitlement],
    at now: Timestamp
  ) throws(VanishedPlan) {
    let planID = current.planID ?? catalogue.defaultPlanID
    guard let plan = catalogue.plan(planID) else {
      throw VanishedPlan(planID: planID, customerID: customerID)
    }
    self.catalogue = catalogue
    self.customerID = customerID
    self.current = current
    self.plan = plan
    self.own = Dictionary(
      own.filter { $0.isInForce(at: now) }.map { ($0.featureID, $0) }, uniquingKeysWith: { $1 })
  }

  /// What the customer may have of a limit or feature, and whether that is its own; nil for what no
  /// plan names.
  package func right(_ id: String) -> (right: Right, isOwn: Bool)? {
    guard let planned = catalogue.right(id, on: plan) else { return nil }
    if let value = own[id]?.value, let right = catalogue.right(planned, replacedBy: value) {
      return (right, true)
    }
    return (planned, false)
  }

  /// Whether the customer may have so many more of a limit of which it has `used`, or use a feature;
  /// nil for what no plan names.
  ///
  /// - Parameter tokens: how many tokens are at hand, which may pay for what a limit does not allow.
  package func decide(
    _ id: String, used: Int64, asked: Int64 = 1, tokens: Int64 = 0
  ) -> GateDecision? {
    guard let (right, isOwn) = right(id) else { return nil }
    let isAllowed = right.allows(asked, moreThan: used)
    var decision = GateDecision(
      isAllowed: isAllowed, customerID: customerID, featureID: id, planID: plan.id,
      reason: reason(right, isAllowed, used), right: right, used: used, asked: asked)
    if isAllowed {
      if !isOwn, current.graceUntil != nil { decision.reason = .grace }
    } else if cover(&decision, with: tokens) {
      decision.reason = .tokens
    } else if !isOwn, unpaidPlanAllows(id, used, asked) {
      decision.reason = .pastDue
    } else {
      decision.upgradeTo = upgrade(for: id, used: used, asked: asked)?.id
      if cover(of: id) != nil { decision.packageIDs = catalogue.packages.map { $0.id } }
    }
    return decision
  }

  /// How tokens pay for a limit; nil where they do not. What was used last is not paid for unit by
  /// unit.
  package func cover(of id: String) -> TokenCover? {
    guard let meter = catalogue.meter(id), meter.aggregation != .last else { return nil }
    return catalogue.tokensCover.first { $0.meterID == id }
  }

  /// Lets tokens pay for the units that the limit does not allow, where there are enough.
  private func cover(_ decision: inout GateDecision, with tokens: Int64) -> Bool {
    guard let cover = cover(of: decision.featureID), let maximum = decision.limit?.maximum else {
      return false
    }
    let missing = decision.asked - min(decision.asked, max(0, maximum - decision.used))
    let (price, overflow) = missing.multipliedReportingOverflow(by: cover.tokensPerUnit)
    guard !overflow, price <= tokens else { return false }
    (decision.isAllowed, decision.covered, decision.tokens) = (true, missing, price)
    return true
  }

  private func reason(
    _ right: Right, _ isAllowed: Bool, _ used: Int64
  ) -> GateDecision.Reason {
    switch right {
    case .limit(let limit) where limit.maximum == nil: .unlimited
    case .limit(let limit) where !isAllowed && limit.maximum != 0: .limitReached
    default: isAllowed ? .included : .notInPlan
    }
  }

  private func unpaidPlanAllows(_ id: String, _ used: Int64, _ asked: Int64) -> Bool {
    guard let plan = current.unpaidPlanID.flatMap({ catalogue.plan($0) }) else { return false }
    return catalogue.right(id, on: plan)?.allows(asked, moreThan: used) ?? false
  }

  /// The lowest of the higher plans for sale that allows it.
  private func upgrade(for id: String, used: Int64, asked: Int64) -> Plan? {
    catalogue.plans.filter { $0.isForSale && $0.id != plan.id && $0.rank >= plan.rank }
      .sorted { $0.rank < $1.rank }
      .first { catalogue.right(id, on: $0)?.allows(asked, moreThan: used) ?? false }
  }
}

/// A customer is on a plan that the catalogue no longer has.
package struct VanishedPlan: Error, Sendable, Hashable {
  package let planID: String
  package let customerID: String
}

extension Transaction {
  /// The gate of a customer by what the mirror knows.
  package func gate(
    of customer: CustomerRow, in catalogue: Catalogue, at now: Timestamp
  ) throws -> Gate {
    try Gate(
      catalogue: catalogue, customerID: customer.id,
      current: try currentPlan(of: customer, in: catalogue, at: now),
      own: try newestOwnEntitlements(ofCustomer: customer.id),
      at: try time(of: customer, at: now))
  }

  /// How much a customer has used of a limit in its window, or holds of it: the one place where
  /// gates learn it. Of a feature nothing is used.
  package func used(
    of id: String, by customer: CustomerRow, through gate: Gate, at now: Timestamp
  ) throws -> Int64 {
    guard case .limit(let limit) = gate.right(id)?.right else { return 0 }
    let moment = try time(of: customer, at: now)
    guard let window = limit.window, let meter = gate.catalogue.meter(id) else {
      return try held(of: id, by: customer.id, at: moment)
    }
    return try usage(of: id, by: customer.id, in: window, at: moment).used(meter.aggregation)
  }

  /// How many customers run on each plan that the catalogue does not have, sorted by plan.
  package func vanishedPlans(
    _ catalogue: Catalogue
  ) throws -> [(planID: String, customers: Int)] {
    let statuses = Entitlement.grantingStatuses + ["unpaid", "paused"]
    var customers: [String: Set<String>] = [:]
    for row in try statuses.flatMap({ try subscriptions(status: $0, limit: nil) }) {
      guard let planID = catalogue.planID(of: row), catalogue.plan(planID) == nil else { continue }
      customers[planID, default: []].insert(row.customerID)
    }
    return customers.sorted { $0.key < $1.key }.map { ($0.key, $0.value.count) }
  }
}
