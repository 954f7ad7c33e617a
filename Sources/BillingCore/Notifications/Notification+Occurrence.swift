import Basics

extension Notification {
  /// What goes into the outbox even where plans.yaml tells nobody: it is put there on purpose.
  static let alwaysHeard: Set<Occurrence.Kind> = [.usageThresholdReached, .usageOverage]

  /// What goes into the outbox where plans.yaml has `notifications`.
  package static let occurrences: Set<Occurrence.Kind> = alwaysHeard.union([
    .subscriptionCreated, .subscriptionUpdated, .subscriptionCanceled, .trialEnding, .trialEnded,
    .paymentFailed, .paymentRecovered, .tokensPurchased,
  ])

  /// Nil for what nobody is notified of.
  init?(_ occurrence: Occurrence) {
    guard let kind = Self.kind(of: occurrence) else { return nil }
    self.init(
      kind, customerID: occurrence.customerID, cause: occurrence.cause, at: occurrence.at,
      payload: occurrence.payload)
  }

  private static func kind(of occurrence: Occurrence) -> Kind? {
    let status = occurrence.payload["status"]?.string
    return switch occurrence.kind {
    case .paymentFailed: .paymentFailed
    case .paymentRecovered: .paymentRecovered
    case .trialEnding: .trialEnding
    // That it is canceled is told by itself.
    case .trialEnded: status == "canceled" ? nil : .trialEnded
    case .subscriptionCreated: isRunning(status) ? .subscriptionStarted : nil
    case .subscriptionUpdated: update(JSON.object(occurrence.payload))
    // One that never ran was no subscription to whoever wanted it.
    case .subscriptionCanceled: .subscriptionCanceled
    case .usageThresholdReached: .usageThreshold
    case .usageOverage: .usageOverage
    case .tokensPurchased: .tokensPurchased
    case .invoiceCreated, .invoiceUpcoming, .invoicePaid, .paymentMethodAttached,
      .paymentMethodDetached, .paymentIntentSucceeded, .paymentIntentFailed:
      nil
    }
  }

  private static func isRunning(_ status: String?) -> Bool {
    status == "active" || status == "trialing"
  }

  /// Nil for a change that a customer does not see as one, and for what is told by itself: the end of
  /// a trial, a payment that failed.
  private static func update(_ payload: JSON) -> Kind? {
    let previous = payload["previous"]?.object ?? [:]
    if previous["status"] == "incomplete" {
      return isRunning(payload["status"]?.string) ? .subscriptionStarted : nil
    }
    if previous["cancel_at"] != nil {
      return payload["cancel_at"]?.string == nil ? .subscriptionChanged : .subscriptionCanceled
    }
    let isPlanned = payload["pending_change"]?.string != nil
    let seen = ["plan", "interval", "quantity"].contains { previous[$0] != nil }
    return seen || isPlanned ? .subscriptionChanged : nil
  }
}

extension Transaction {
  /// Puts an occurrence into the outbox where somebody is notified of it; whether it was not there
  /// before.
  func notify(of occurrence: Occurrence) throws -> Bool {
    guard try audience.known(in: self).outbox.contains(occurrence.kind) else { return false }
    return try Notification(occurrence).map { try enqueue($0) } ?? false
  }
}
