import Basics
import BillingCore
import Stripe

struct FreezeCommand: Command {
  static let name = "freeze"
  static let summary = "Stop selling at once"
  static let discussion = """
    For the day on which nothing more may be sold: with subscriptions frozen there is no subscribe,
    upgrade, checkout or portal --flow update, with tokens frozen no purchase of tokens (exit 5,
    frozen). Everything else goes on: cancelling and downgrading, renewals, webhooks, usage, recover.
    It holds for every run with this database, until billing unfreeze; billing doctor tells of it.
    What is frozen already stays so, for the reason that it has. Needs no key and no network.

    Checkout pages that are open already stay payable at Stripe. How many the mirror knows is told;
    --expire-pages asks Stripe for all of them and expires them, whoever made them, so that selling
    stops at once. That is a write: it needs a key, and with a live one --live and a yes.
    """
  static let parameters: [Parameter] = [
    .required("SCOPE", "What is not to be sold", choices: ["subscriptions", "tokens", "all"]),
    .option("--reason", "R", "Why, for those who meet it"),
    .flag("--expire-pages", "Expire the open checkout pages that sell it, too"),
  ]
  static let examples = [
    "freeze subscriptions --reason 'Wrong prices on the page'",
    "freeze all --reason 'Wrong prices on the page' --expire-pages",
  ]

  var scopes: [Freeze.Scope]
  var reason: String
  var expiresPages: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    scopes = try arguments.freezeScopes()
    let text = try arguments.option("--reason")
    guard let reason = text, !reason.allSatisfy(\.isWhitespace) else {
      throw arguments.error("--reason is \(text == nil ? "missing" : "empty")")
    }
    self.reason = reason
    expiresPages = arguments.flag("--expire-pages")
  }

  func run(_ context: Context) async throws -> FreezeReport {
    if expiresPages { try context.requireWrite("expire the open checkout pages") }
    let order = Freeze.Order(
      at: try context.now(), actor: context.settings.actor, reason: reason)
    if context.settings.isDryRun {
      let pages = expiresPages ? try await OpenPages(context: context).all(selling: scopes) : []
      return .planned(
        scopes.map { Freeze(scope: $0, frozen: order) },
        requests: pages.flatMap { CheckoutPlanning.expiry(of: $0).requests })
    }
    let freezes = try context.store().write { transaction in
      try scopes.map { try transaction.freeze($0, by: order) }
    }
    // Only now: what is made meanwhile is refused already.
    let pages = OpenPages(context: context)
    if expiresPages {
      try await pages.expire(selling: scopes)
    } else {
      try pages.warn(selling: scopes, at: order.at)
    }
    return .changed(freezes)
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
