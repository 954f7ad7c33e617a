import Basics
import BillingCore
import Stripe

struct UsageSet: Command {
  static let name = "usage set"
  static let summary = "Tell how many of a level a customer holds"
  static let discussion = """
    A level is a limit that is not metered: projects, seats, runs at the same time. From now on the
    customer holds N, and nothing on lease; gate check decides by it, gate check --consume and gate
    release count on from it. What is metered is told with usage record.
    """
  static let parameters: [Parameter] = [
    .customer,
    .required("LIMIT", "A level of plans.yaml: projects, seats"),
    .required("N", "How many are held"),
  ]
  static let examples = ["usage set ada@example.com projects 9"]

  var reference: CustomerReference
  var levelID: String
  var units: Int64

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    levelID = try arguments.positional("LIMIT")
    units = try arguments.positionalInteger("N")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.catalogue().requireLevel(
      levelID, for: Self.name, hint: "billing usage record counts what is metered")
    try context.requireOwnWrite("set \(levelID) of \(reference.text) to \(units)")
    return try await LevelSetting(
      command: Self.name, reference: reference, levelID: levelID, kind: .set, units: units
    ).run(context)
  }
}
