import Basics
import Stripe

extension StripeMirror {
  /// What waits for the end of a subscription's period is part of its history: that it was planned,
  /// and that it came or was taken back.
  func writeSchedule(
    _ json: JSON, before: JSON?, of snapshot: Snapshot, in transaction: Transaction
  ) throws -> [Transition] {
    let old = try before.flatMap { try pendingChange($0, in: transaction) }
    let new = try pendingChange(json, in: transaction)
    let subscription =
      SubscriptionSchedule.subscriptionID(in: json) ?? before?["subscription"]?.string
    guard old != new, let subscription, let customer = json["customer"]?.string else { return [] }
    let transition = Transition(
      subscriptionID: subscription, customerID: customer, kind: .pendingChange, from: old, to: new,
      at: snapshot.asOf, cause: snapshot.cause)
    try transaction.append(transition)
    try tell(transition, in: transaction)
    return [transition]
  }

  /// `team year, from 2026-12-20T10:00:00Z on`; nil where nothing waits.
  private func pendingChange(_ json: JSON, in transaction: Transaction) throws -> String? {
    let schedule = try SubscriptionSchedule(json.withPrices { try transaction.objectJSON($0) })
    guard let phase = schedule.upcomingPhase else { return nil }
    let item =
      phase.items.first { $0.price?.recurring?.usageType != "metered" } ?? phase.items.first
    let plan = item?.price.flatMap { planOfPrice($0) } ?? phase.metadata[Catalogue.planMetadataKey]
    var words = [plan ?? item?.priceID, item?.price?.interval?.words].compactMap { $0 }
    if let quantity = item?.quantity, quantity != 1 { words.append("times \(quantity)") }
    return "\(words.joined(separator: " ")), from \(phase.start.iso8601) on"
  }
}
