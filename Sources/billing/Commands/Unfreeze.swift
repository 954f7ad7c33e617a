import Basics
import BillingCore

struct Unfreeze: Command {
  static let name = "unfreeze"
  static let summary = "Sell again"
  static let discussion = """
    Ends what billing freeze began. Of all, what is frozen is lifted; where nothing of it is, that
    is a conflict (exit 5). Needs no key and no network.
    """
  static let parameters: [Parameter] = [
    .required("SCOPE", "What is to be sold again", choices: ["subscriptions", "tokens", "all"]),
    .option("--reason", "R", "Why it may be sold again"),
  ]
  static let examples = ["unfreeze subscriptions", "unfreeze all --reason 'The page is right now'"]

  var scopes: [Freeze.Scope]
  var reason: String?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    scopes = try arguments.freezeScopes()
    reason = try arguments.option("--reason")
  }

  func run(_ context: Context) async throws -> FreezeReport {
    let order = Freeze.Order(
      at: try context.now(), actor: context.settings.actor, reason: reason)
    let store = try context.store()
    let lifted =
      try context.settings.isDryRun
      ? store.read { transaction in
        try scopes.compactMap { try transaction.freeze(of: $0) }.map {
          Freeze(scope: $0.scope, frozen: $0.frozen, lifted: order)
        }
      }
      : store.write { transaction in
        try scopes.compactMap { try transaction.unfreeze($0, by: order) }
      }
    guard !lifted.isEmpty else {
      let names = Arguments.list(scopes.map { $0.rawValue })
      throw CommandError.conflict(
        "invalid_state", "nothing of \(names) is frozen", hint: "billing doctor tells what is")
    }
    return context.settings.isDryRun ? .planned(lifted) : .changed(lifted)
  }
}
