import Basics
import BillingCore
import Stripe

/// The way that a level is set and given back: find the customer in the mirror, change what is held,
/// show it beside the limit.
struct LevelSetting {
  let command: String
  let reference: CustomerReference
  let levelID: String
  let kind: LevelChange.Kind
  let units: Int64

  func run(_ context: Context) async throws -> ChangeReport {
    let customer = try await context.localDirectory().customer(reference)
    let (catalogue, clock) = (try context.catalogue(), try context.now())
    let now = try context.store().read { try $0.time(of: customer, at: clock) }
    let change = LevelChange(
      customerID: customer.id, levelID: levelID, kind: kind, units: units,
      actor: context.settings.actor, at: now)
    if context.settings.isDryRun { return try planned(change, context) }
    let answer = try context.store().write { transaction in
      try transaction.once(context.ownChange(command, meaning: meaning(customer.id))) {
        let held = try transaction.change(change)
        let gate = try transaction.gate(of: customer, in: catalogue, at: clock)
        return .object(LevelView.json(levelID, held: held, gate))
      }
    }
    return .changed(LevelView.report(answer.object ?? [:]))
  }

  /// What would be held, checked as it will be.
  private func planned(_ change: LevelChange, _ context: Context) throws -> ChangeReport {
    let held = try context.store().read {
      try $0.held(of: levelID, by: change.customerID, at: change.at)
    }
    if kind == .released, units > held { throw NotHeld(change: change, held: held) }
    return .planned(
      DryRunReport(changes: [
        [
          "object": "level", "customer": .string(change.customerID), "level": .string(levelID),
          "from": .integer(held), "to": .integer(kind == .released ? held - units : units),
        ]
      ]))
  }

  private func meaning(_ customerID: String) -> String {
    let words: JSON = [
      "customer": .string(customerID), "level": .string(levelID), "units": .integer(units),
    ]
    return words.compact
  }
}
