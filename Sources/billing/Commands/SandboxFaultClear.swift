import Basics
import Stripe

/// `billing sandbox fault clear`: everything works again.
struct SandboxFaultClear: Command {
  static let name = "sandbox fault clear"
  static let summary = "Take all faults of the sandbox away"
  static let discussion = """
    From now on requests are answered as they should be.
    """
  static let examples = ["sandbox fault clear"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> ObjectReport {
    let removed = try await context.sandboxAnswer(.delete, "faults")
    let count = JSON.integer(Int64(removed["data"]?.array?.count ?? 0))
    return ObjectReport(object: ["cleared": count], fields: [Field("Cleared", count)])
  }
}
