import Basics

extension Notification {
  /// What goes into the outbox.
  static let occurrences: Set<Occurrence.Kind> = [.usageThresholdReached, .usageOverage]

  /// Nil for what nobody is notified of.
  init?(_ occurrence: Occurrence) {
    let kind: Kind? =
      switch occurrence.kind {
      case .usageThresholdReached: .usageThreshold
      case .usageOverage: .usageOverage
      default: nil
      }
    guard let kind else { return nil }
    self.init(
      kind, customerID: occurrence.customerID, cause: occurrence.cause,
      payload: occurrence.payload)
  }
}

extension Transaction {
  /// Puts an occurrence into the outbox where somebody is notified of it; whether it was not there
  /// before.
  func notify(of occurrence: Occurrence) throws -> Bool {
    try Notification(occurrence).map { try enqueue($0) } ?? false
  }
}
