import Basics
private import Foundation
import Stripe
import StripeSandbox

/// `billing sandbox fault add`: the next requests go wrong in a way of your choice.
struct SandboxFaultAdd: Command {
  static let name = "sandbox fault add"
  static let summary = "Let the next requests to the sandbox go wrong"
  static let discussion = """
    A fault strikes requests whose path fits, as often as --count says, and then is over.

    rate_limit, lock_timeout and api_error refuse before anything is done; api_error_after answers
    500 though all is done. timeout, drop_before and drop_after lose the answer, the last after all
    is done. slow delays it, html and truncated spoil it, idempotency_conflict says that the key is
    in use. duplicate_event, reorder_events and drop_event strike webhook deliveries.
    """
  static let kinds = FaultKind.allCases.map { $0.rawValue }
  static let parameters: [Parameter] = [
    .required("KIND", "What goes wrong", choices: kinds),
    .option("--path", "GLOB", "Only requests to such paths: /v1/subscriptions*"),
    .option("--count", "N", "How many times (default 1)"),
    .option("--probability", "P", "Strike with this probability, 0 to 1 (default 1)"),
    .option("--delay", "SECONDS", "How long slow takes (default 5)"),
  ]
  static let examples = [
    "sandbox fault add drop_after --path \"/v1/subscriptions*\"",
    "sandbox fault add rate_limit --count 20 --probability 0.3",
  ]

  var fault: JSONObject

  init(parsing arguments: inout Arguments) throws(UsageError) {
    let kind = try arguments.positional("KIND")
    guard Self.kinds.contains(kind) else {
      throw UsageError(
        "KIND must be \(Arguments.list(Self.kinds)), not \(Arguments.quoted(kind))",
        suggestion: NearestName.of(kind, among: Self.kinds), command: Self.name)
    }
    fault = ["kind": .string(kind)]
    if let path = try arguments.option("--path") { fault["path"] = .string(path) }
    if let count = try arguments.integer("--count", in: 1...1_000_000) {
      fault["count"] = .integer(count)
    }
    if let text = try arguments.option("--probability") {
      guard let value = try? JSON(parsing: text).decimal, (0...1).contains(value) else {
        throw arguments.error(
          "--probability must be a number from 0 to 1, not \(Arguments.quoted(text))")
      }
      fault["probability"] = .string(text)
    }
    if let delay = try arguments.integer("--delay", in: 0...3_600) {
      fault["delay_seconds"] = .integer(delay)
    }
  }

  func run(_ context: Context) async throws -> ObjectReport {
    SandboxFaultView.report(
      try await context.sandboxAnswer(.post, "faults", parameters: fault))
  }
}
