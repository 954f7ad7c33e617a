import Basics
import BillingCore
import Stripe

struct ApikeyRevoke: Command {
  static let name = "apikey revoke"
  static let summary = "Revoke an API key for good"
  static let discussion = """
    The next apikey verify refuses it, and nothing brings it back. One that is revoked already stays
    as it is. Needs a yes.
    """
  static let parameters: [Parameter] = [.keyID]
  static let examples = ["apikey revoke key_AbCdEfGhIjKlMnOp --yes"]

  var id: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.keyID()
  }

  func run(_ context: Context) async throws -> ChangeReport {
    guard let known = try context.store().read({ try $0.apiKey(id) }) else {
      throw APIKeyConflict.unknown(id: id)
    }
    let called = known.name.map { " (\($0))" } ?? ""
    try context.requireOwnWrite("revoke the API key \(id)\(called) for good", destroys: true)
    let now = try context.now(ofCustomer: known.customerID)
    if context.settings.isDryRun { return .planned(APIKeyView.plan("revoke", known)) }
    let key = try context.store().write {
      try $0.revoke(
        id, by: context.settings.actor, idempotencyKey: context.settings.idempotencyKey?.text,
        at: now)
    }
    let view = try APIKeyView(context, try context.catalogueForNames())
    return .changed(
      view.report(try view.json(key), closing: "No request is let through with it any more."))
  }
}
