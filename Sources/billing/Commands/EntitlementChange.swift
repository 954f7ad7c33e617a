import Basics
import BillingCore
import Stripe

/// The way that a grant and its taking back go: find the customer in the mirror, and write one row.
struct EntitlementChange {
  let command: String
  let reference: CustomerReference
  let featureID: String
  let value: JSON?
  let until: TimeArgument?
  let note: String?

  func run(
    _ context: Context, closing: (OwnEntitlement) -> String
  ) async throws -> ChangeReport {
    let customer = try await context.localDirectory().customer(reference)
    let clock = try context.now()
    let now = try context.store().read { try $0.time(of: customer, at: clock) }
    let end = until?.after(now)
    let request = OwnEntitlement.Request(
      customerID: customer.id, featureID: featureID, value: value, until: end, note: note,
      actor: context.settings.actor,
      change: context.ownChange(command, words(customer.id)))
    // What was granted under a key may have lapsed by the time at which it is asked for again.
    let earlier = try context.store().read { try $0.earlierRecord(request) }
    if earlier == nil, let end, end <= now {
      throw CommandError.usage("--until must lie ahead, and it is \(Cell(time: JSON(now)).text)")
    }
    if context.settings.isDryRun { return try planned(request, now, context) }
    let entitlement = try context.store().write { try $0.record(request, at: now) }
    let newest = try context.store().read {
      try $0.newestOwnEntitlements(ofCustomer: customer.id).map { $0.id }
    }
    let json = EntitlementView.json(
      entitlement, isNewest: newest.contains(entitlement.id), at: now)
    return .changed(EntitlementView.report(json, closing: closing(entitlement)))
  }

  /// The row that would be written, checked as it will be.
  private func planned(
    _ request: OwnEntitlement.Request, _ now: Timestamp, _ context: Context
  ) throws -> ChangeReport {
    let newest = try context.store().read {
      try $0.newestOwnEntitlements(ofCustomer: request.customerID)
    }.first { $0.featureID == featureID }
    if value == nil, newest?.isInForce(at: now) != true {
      throw NothingGranted(customerID: request.customerID, featureID: featureID)
    }
    return .planned(
      DryRunReport(changes: [
        [
          "object": "entitlement", "customer": .string(request.customerID),
          "feature": .string(featureID), "value": value ?? .null, "until": JSON(request.until),
          "note": JSON(note),
        ]
      ]))
  }

  private func words(_ customerID: String) -> JSONObject {
    [
      "customer": .string(customerID), "feature": .string(featureID), "value": value ?? .null,
      "until": OwnMeaning.word(until), "note": JSON(note),
    ]
  }
}
