import Basics
import BillingCore
private import Foundation
import StripeSandbox

/// `billing sandbox reset`: an empty sandbox, with the state that belongs to it.
struct SandboxReset: Command {
  static let name = "sandbox reset"
  static let summary = "Remove the sandbox's objects and its state database together"
  static let discussion = """
    Removes the sandbox's own file and the state database that mirrors it; the next command starts
    both anew. A state database that belongs to Stripe itself is never removed. Needs a yes.
    """
  static let examples = ["sandbox reset --yes"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  func run(_ context: Context) async throws -> ObjectReport {
    let sandbox = context.settings.sandboxDatabasePath
    // Without --sandbox the settings name the database of a key, which is none of ours.
    let state =
      context.settings.isSandbox
      ? context.settings.databasePath : context.resolve("billing.sandbox.db")
    let removed = [sandbox, state].filter { Files.exists($0) }
    if Files.exists(state) { try requireSandbox(state, context) }
    let object: JSONObject = [
      "dry_run": .bool(context.settings.isDryRun),
      "removed": .array(removed.map { .string($0) }),
    ]
    let isDryRun = context.settings.isDryRun
    let report = ObjectReport(
      object: object,
      fields: [Field(isDryRun ? "Would remove" : "Removed", object["removed"])],
      closing: isDryRun ? "A dry run: nothing was removed." : nil)
    guard !isDryRun else { return report }
    try context.confirm("remove \(sandbox) and \(state)")
    try Sandbox.reset(path: sandbox)
    for suffix in ["-wal", "-shm", "-journal", ""] where Files.exists(state + suffix) {
      try FileManager.default.removeItem(atPath: state + suffix)
    }
    return report
  }

  /// Throws for a database of another program, and for one of a key.
  private func requireSandbox(_ path: String, _ context: Context) throws {
    let mode = try Store.open(at: path, now: context.world.now).mode()
    guard let mode, mode != .sandbox else { return }
    throw CommandError.configuration(
      "wrong_mode", "\(path) belongs to \(mode.rawValue) mode, not to the sandbox",
      hint: "name the sandbox's database with --db")
  }
}
