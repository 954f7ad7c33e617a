import Basics
import BillingCore
import Stripe

struct GateRelease: Command {
  static let name = "gate release"
  static let summary = "Give back what a customer holds of a level"
  static let discussion = """
    Gives back one, or N, of a level that gate check --consume took or usage set told. What is on
    lease goes first, the lease first that would end first. More than is held cannot be given back
    (exit 5). Usage is counted and never given back.
    """
  static let parameters: [Parameter] = [
    .customer,
    .required("FEATURE", "A level of plans.yaml: projects, seats"),
    .optional("N", "How many (default 1)"),
  ]
  static let examples = ["gate release user-17 concurrent_runs", "gate release user-17 projects 3"]

  var reference: CustomerReference
  var levelID: String
  var units: Int64

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    levelID = try arguments.positional("FEATURE")
    units = try arguments.optionalPositionalInteger("N", in: 1...Int64.max) ?? 1
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.catalogue().requireLevel(
      levelID, for: Self.name, hint: "only what is held can be given back")
    try context.requireOwnWrite("give back \(units) of \(levelID) of \(reference.text)")
    return try await LevelSetting(
      command: Self.name, reference: reference, levelID: levelID, kind: .released, units: units
    ).run(context)
  }
}
