import Basics
import BillingCore

struct EntitlementUnset: Command {
  static let name = "entitlement unset"
  static let summary = "Take back what one customer was granted of its own"
  static let discussion = """
    From now on the plan's value counts again. The history keeps the grant and who took it back. A
    customer that was granted nothing, or whose grant has lapsed, is a conflict (exit 5).
    """
  static let parameters: [Parameter] = [
    .customer,
    .required("FEATURE", "A limit or feature that was granted"),
    .option("--note", "N", "Why, for those who look later"),
  ]
  static let examples = ["entitlement unset ada@example.com projects --note 'the trial is over'"]

  var reference: CustomerReference
  var featureID: String
  var note: String?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    featureID = try arguments.positional("FEATURE")
    note = try arguments.note()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireOwnWrite("take back \(featureID) from \(reference.text)")
    let change = EntitlementChange(
      command: Self.name, reference: reference, featureID: featureID, value: nil, until: nil,
      note: note)
    return try await change.run(context) { _ in
      "\(reference.text) has \(featureID) by its plan alone."
    }
  }
}
