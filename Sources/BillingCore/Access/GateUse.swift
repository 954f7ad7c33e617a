package import Basics

/// That a customer is to use so many units of a limit, if it may.
package struct GateUse: Sendable, Hashable {
  package var featureID: String
  /// Above zero.
  package var units: Int64
  /// For how long units of a level are held; nil for until they are given back.
  package var lease: TimeSpan?
  /// The id of the event that a flow is counted with.
  package var eventID: String
  /// Who asks.
  package var actor: String

  package init(
    featureID: String, units: Int64, lease: TimeSpan? = nil, eventID: String, actor: String
  ) {
    self.featureID = featureID
    self.units = units
    self.lease = lease
    self.eventID = eventID
    self.actor = actor
  }
}

extension Transaction {
  /// Whether a customer may have so many more as things stand; nil for what no plan names.
  ///
  /// - Parameter used: how many it has by somebody else's count; nil for what is known here.
  package func decision(
    on id: String, asked: Int64 = 1, used: Int64? = nil, by customer: CustomerRow,
    through gate: Gate, at now: Timestamp
  ) throws -> GateDecision? {
    let used = try used ?? self.used(of: id, by: customer, through: gate, at: now)
    var tokens: Int64 = 0
    if gate.cover(of: id) != nil {
      tokens = try tokenBalance(
        ofCustomer: customer.id, at: try time(of: customer, at: now)
      ).balance
    }
    return gate.decide(id, used: used, asked: asked, tokens: tokens)
  }

  /// Decides whether a customer may, and counts it in the same transaction where it may, with the
  /// tokens that pay for it: of many who ask at once none is let through too many. Nil for what no plan names. Throws `UsageOverflow`
  /// and `LevelOverflow`.
  package func consume(
    _ use: GateUse, by customer: CustomerRow, through gate: Gate, at now: Timestamp
  ) throws -> GateDecision? {
    guard
      var decision = try decision(
        on: use.featureID, asked: use.units, by: customer, through: gate, at: now)
    else { return nil }
    guard decision.isAllowed, case .limit(let limit) = decision.right else { return decision }
    let moment = try time(of: customer, at: now)
    if limit.isFlow, let meter = gate.catalogue.meter(limit.id) {
      try count(use, decision, on: meter, at: moment)
      decision.used = try used(of: limit.id, by: customer, through: gate, at: now)
    } else {
      decision.used = try change(
        LevelChange(
          customerID: customer.id, levelID: limit.id,
          kind: use.lease.map { .leased(until: moment + $0) } ?? .taken, units: use.units,
          actor: use.actor, at: moment))
    }
    return decision
  }

  private func count(
    _ use: GateUse, _ decision: GateDecision, on meter: MeterDefinition, at moment: Timestamp
  ) throws {
    let (following, overflow) = decision.used.addingReportingOverflow(use.units)
    guard !overflow else {
      throw UsageOverflow(customerID: decision.customerID, meterID: meter.id)
    }
    // What is used from now on, where a meter keeps the last that it is told.
    let quantity = meter.aggregation == .last ? following : use.units
    let event = UsageEvent(
      id: use.eventID, customerID: decision.customerID, meterID: meter.id, quantity: quantity,
      at: moment, covered: decision.covered)
    _ = try recordUsage(event).recorded(event)
    guard decision.tokens > 0 else { return }
    _ = try consumeTokens(
      TokenRequest(
        customerID: decision.customerID, amount: decision.tokens, reference: event.id,
        note: "\(decision.covered) of \(meter.id)", actor: use.actor), at: moment)
  }
}
