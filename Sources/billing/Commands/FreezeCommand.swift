import Basics
import BillingCore

struct FreezeCommand: Command {
  static let name = "freeze"
  static let summary = "Stop selling at once"
  static let discussion = """
    For the day on which nothing more may be sold: with subscriptions frozen there is no subscribe,
    upgrade, checkout or portal --flow update, with tokens frozen no purchase of tokens (exit 5,
    frozen). Everything else goes on: cancelling and downgrading, renewals, webhooks, usage, recover.
    Pages that are open already stay open. It holds for every run with this database, until billing
    unfreeze; billing doctor tells of it. What is frozen already stays so, for the reason that it
    has. Needs no key and no network.
    """
  static let parameters: [Parameter] = [
    .required("SCOPE", "What is not to be sold", choices: ["subscriptions", "tokens", "all"]),
    .option("--reason", "R", "Why, for those who meet it"),
  ]
  static let examples = ["freeze subscriptions --reason 'Wrong prices on the page'"]

  var scopes: [Freeze.Scope]
  var reason: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    scopes = try arguments.freezeScopes()
    let text = try arguments.option("--reason")
    guard let reason = text, !reason.allSatisfy(\.isWhitespace) else {
      throw arguments.error("--reason is \(text == nil ? "missing" : "empty")")
    }
    self.reason = reason
  }

  func run(_ context: Context) async throws -> FreezeReport {
    let order = Freeze.Order(
      at: try context.now(), actor: context.settings.actor, reason: reason)
    if context.settings.isDryRun {
      return .planned(scopes.map { Freeze(scope: $0, frozen: order) })
    }
    return .changed(
      try context.store().write { transaction in
        try scopes.map { try transaction.freeze($0, by: order) }
      })
  }
}

extension Arguments {
  /// `subscriptions`, `tokens`, or both as `all`.
  mutating func freezeScopes() throws(UsageError) -> [Freeze.Scope] {
    let word = try positional("SCOPE")
    if word == "all" { return Freeze.Scope.allCases }
    if let scope = Freeze.Scope(rawValue: word) { return [scope] }
    let known = Freeze.Scope.allCases.map { $0.rawValue } + ["all"]
    throw UsageError(
      "SCOPE must be \(Self.list(known)), not \(Self.quoted(word))",
      suggestion: NearestName.of(word, among: known), command: command)
  }
}
