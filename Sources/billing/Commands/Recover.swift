import Basics
import BillingCore
import Stripe

struct Recover: Command {
  static let name = "recover"
  static let summary = "Settle operations whose outcome is not known, and resume unfinished ones"
  static let discussion = """
    After a crash or a lost answer an operation stands in the journal with its idempotency key. Within
    23 hours it is sent again under that key, so Stripe does it once; after that, and where Stripe
    has saved a failure under the key, recover reads Stripe and tells what became of it. Nothing is
    ever sent under a new key.

    What stays unknown (Stripe cannot be asked) is exit 11.
    """
  static let examples = ["recover", "recover --json"]
  static let isBatch = true

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> ListReport {
    let unsettled = try context.store().read { try $0.unsettledOperations() }
    guard !unsettled.isEmpty else { return report([]) }
    if context.settings.isDryRun { return report(unsettled) }
    try context.requireWrite("settle \(unsettled.count) operations")
    return report(try await Recovery(runner: context.runner()).settleAll())
  }

  private func report(_ operations: [BillingOperation]) -> ListReport {
    let unknown = operations.filter { !$0.isSettled }.count
    let outcome: Outcome =
      unknown == 0
      ? .done
      : .failed(
        CommandError(
          "outcome_unknown", "\(unknown) of \(operations.count) operations stay unsettled",
          hint: "run billing recover again when Stripe answers", exit: .outcomeUnknown))
    return ListReport(
      operations.map { operation in
        [
          "id": .string(operation.id), "command": .string(operation.command),
          "customer": JSON(operation.customerID), "status": .string(operation.state.rawValue),
          "object_id": JSON(operation.objectID),
          "error": operation.error.map {
            ["code": .string($0.code), "message": .string($0.message)]
          } ?? .null,
          "created": JSON(operation.created),
        ]
      },
      keys: ["id", "command", "customer", "status", "object_id", "error", "created"],
      columns: [
        Column.id("ID", "id"), Column("COMMAND", "command"), Column.id("CUSTOMER", "customer"),
        .status("STATUS"), Column.id("OBJECT", "object_id").leaving(2),
        Column("ERROR", "error", "message"), Column.time("CREATED", "created").leaving(1),
      ], empty: "nothing to settle", outcome: outcome)
  }
}
