import Basics
import Stripe

/// What transitions of a subscription mean to those who hear of them.
extension Occurrence {
  /// What a change of a subscription is told as, and when it happened.
  static func kinds(
    of row: SubscriptionRow, after old: SubscriptionRow?, at moment: Timestamp
  ) -> [(kind: Kind, at: Timestamp)] {
    var kinds: [(Kind, Timestamp)] = old == nil ? [(.subscriptionCreated, row.created)] : []
    if let old, old.status == "trialing", row.status != "trialing" {
      kinds.append((.trialEnded, moment))
    }
    if row.status == "canceled", old?.status != "canceled" {
      kinds.append((.subscriptionCanceled, row.endedAt ?? row.canceledAt ?? moment))
    } else if old != nil {
      kinds.append((.subscriptionUpdated, moment))
    }
    return kinds
  }

  /// - Parameter transitions: what became different.
  init(_ kind: Kind, _ row: SubscriptionRow, _ transitions: [Transition], at moment: Timestamp) {
    var payload = JSONObject(row)
    // What is told once in a life, or once an end of a trial, needs no time to be known by.
    var cause = "\(kind.rawValue) \(row.id)"
    switch kind {
    case .subscriptionUpdated:
      let changes = transitions.map { "\($0.kind.rawValue)=\($0.to ?? "")" }
      cause += " \(moment.seconds) \(changes.joined(separator: " "))"
      payload["previous"] = Self.previous(transitions)
    case .trialEnded, .trialEnding: cause += " \(row.trialEnd?.seconds ?? 0)"
    default: break
    }
    self.init(kind, customerID: row.customerID, at: moment, cause: cause, payload: payload)
  }

  /// What was there before, as `previous_attributes` of Stripe's events.
  private static func previous(_ transitions: [Transition]) -> JSON {
    var previous: JSONObject = [:]
    for transition in transitions {
      let name = transition.kind == .cancellation ? "cancel_at" : transition.kind.rawValue
      let quantity = transition.kind == .quantity ? transition.from.flatMap { Int64($0) } : nil
      previous[name] = quantity.map { .integer($0) } ?? JSON(transition.from)
    }
    return .object(previous)
  }
}

extension JSONObject {
  /// A subscription as it is told.
  fileprivate init(_ row: SubscriptionRow) {
    self = [
      "id": .string(row.id), "status": .string(row.status), "plan": JSON(row.plan),
      "interval": JSON(row.interval), "interval_count": JSON(row.intervalCount),
      "quantity": JSON(row.quantity), "unit_amount": JSON(row.unitAmount),
      "currency": .string(row.currency),
    ]
    self["current_period_start"] = JSON(row.currentPeriodStart?.iso8601)
    self["current_period_end"] = JSON(row.currentPeriodEnd?.iso8601)
    self["trial_end"] = JSON(row.trialEnd?.iso8601)
    self["cancel_at"] = JSON(row.endsAt?.iso8601)
    self["ended_at"] = JSON(row.endedAt?.iso8601)
    self["pause"] = JSON(row.pauseBehavior)
    self["created"] = .string(row.created.iso8601)
  }
}
