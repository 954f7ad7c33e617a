import Basics
import BillingCore

struct GateList: Command {
  static let name = "gate list"
  static let summary = "Show everything that a customer may do now"
  static let discussion = """
    One decision, as of gate check, for each limit and feature that any plan names. Reads the mirror
    and plans.yaml, needs no key and consumes nothing.
    """
  static let parameters: [Parameter] = [.customer]
  static let examples = ["gate list ada@example.com", "gate list user-17 --json"]

  var reference: CustomerReference

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
  }

  func run(_ context: Context) async throws -> ListReport {
    let catalogue = try context.catalogue()
    let customer = try await context.localDirectory().customer(reference)
    let now = try context.now()
    let rows = try context.store().read { transaction in
      let gate = try transaction.gate(of: customer, in: catalogue, at: now)
      return try catalogue.rightIDs.compactMap { id -> JSON? in
        try transaction.decision(on: id, by: customer, through: gate, at: now)
          .map { .object(GateView.json($0, gate)) }
      }
    }
    return ListReport(
      rows, keys: GateView.keys, columns: GateView.columns,
      empty: "plans.yaml names no limits and no features")
  }
}
