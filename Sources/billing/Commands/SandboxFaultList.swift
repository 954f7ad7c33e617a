import Basics
import Stripe

/// `billing sandbox fault list`: the faults that wait, and how often each has struck.
struct SandboxFaultList: Command {
  static let name = "sandbox fault list"
  static let summary = "List the sandbox's faults, and how often each has struck"
  static let discussion = """
    Those that wait for requests to strike, and those that are over.
    """
  static let examples = ["sandbox fault list"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> ListReport {
    let faults = try await context.sandboxAnswer(.get, "faults")
    return ListReport(
      (faults["data"]?.array ?? []).map { .object(SandboxFaultView.json($0)) },
      keys: SandboxFaultView.keys, columns: SandboxFaultView.columns,
      empty: "no faults")
  }
}
