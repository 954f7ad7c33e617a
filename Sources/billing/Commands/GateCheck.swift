import Basics
import BillingCore

struct GateCheck: Command {
  static let name = "gate check"
  static let summary = "Ask whether a customer may use a feature or have one more of a limit"
  static let discussion = """
    Decides by the customer's plan, what it was granted of its own and what it holds, from the
    mirror and plans.yaml: without a key and without asking Stripe. Exit 0 when it may, 3 when it
    may not; either way the decision is on standard output.

    A feature is allowed when it is true or a text that is not empty, a limit when one more fits.
    --used tells how many of a level (a limit that is not metered: projects, seats) the customer has
    by your own count.
    """
  static let parameters: [Parameter] = [
    .customer,
    .required("FEATURE", "A limit or feature of plans.yaml"),
    .option("--used", "N", "How many of a level the customer has, by your own count"),
  ]
  static let examples = [
    "gate check ada@example.com sso", "gate check ada@example.com projects --used 9 --json",
  ]

  var reference: CustomerReference
  var featureID: String
  var used: Int64?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    featureID = try arguments.positional("FEATURE")
    used = try arguments.integer("--used")
  }

  func run(_ context: Context) async throws -> ObjectReport {
    let catalogue = try context.catalogue()
    try catalogue.requireRight(featureID)
    let customer = try await context.localDirectory().customer(reference)
    let now = try context.now()
    let (gate, known) = try context.store().read { transaction in
      let gate = try transaction.gate(of: customer, in: catalogue, at: now)
      return (
        gate, try transaction.used(of: featureID, by: customer, through: gate, at: now)
      )
    }
    if used != nil { try requireLevel(gate) }
    guard let decision = gate.decide(featureID, used: used ?? known) else {
      throw CommandError.notFound("no plan names \(featureID)")
    }
    return GateView.report(decision, gate)
  }

  private func requireLevel(_ gate: Gate) throws {
    if case .limit(let limit) = gate.right(featureID)?.right {
      guard limit.isFlow else { return }
      throw CommandError.usage(
        "--used is for levels, and \(featureID) is a flow, which is metered",
        hint: "leave --used out")
    }
    throw CommandError.usage(
      "--used is for levels, and \(featureID) is a feature", hint: "leave --used out")
  }
}
