import Basics
import BillingCore
import Stripe

struct ApikeyRotate: Command {
  static let name = "apikey rotate"
  static let summary = "Issue a key in the place of another one, which ends a little later"
  static let discussion = """
    The new key is shown once. It has the name of the old one and, where that expires, as long to
    live as that was given. Through the overlap both are good, under one rate limit; --overlap 0s
    ends the old one at once. A key is rotated once: after that its successor is.
    """
  static let parameters: [Parameter] = [
    .keyID,
    .option("--overlap", "D", "How long the old key stays good (default 24h)"),
    .option("--expires", "T", "When the new key ends: a time, or a span from now (90d)"),
  ]
  static let examples = [
    "apikey rotate key_AbCdEfGhIjKlMnOp", "apikey rotate key_AbCdEfGhIjKlMnOp --overlap 0s --json",
  ]

  var id: String
  var overlap: TimeSpan
  var expires: TimeArgument?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = try arguments.keyID()
    overlap = try arguments.span("--overlap") ?? TimeSpan(seconds: 86_400)
    expires = try arguments.time("--expires")
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let catalogue = try context.catalogue()
    try context.requireOwnWrite("rotate the API key \(id)")
    guard let known = try context.store().read({ try $0.apiKey(id) }) else {
      throw APIKeyConflict.unknown(id: id)
    }
    let now = try context.now(ofCustomer: known.customerID)
    let request = APIKey.Request(
      customerID: known.customerID, name: known.name,
      expiresAt: try expires.map { try $0.ahead(of: now, called: "--expires") },
      actor: context.settings.actor,
      change: context.ownChange(
        Self.name,
        [
          "id": .string(id), "overlap": OwnMeaning.word(overlap),
          "expires": OwnMeaning.word(expires),
        ]))
    if context.settings.isDryRun {
      let key = try context.store().read { try $0.requireRotatable(id, at: now) }
      return .planned(APIKeyView.plan("rotate", key))
    }
    let fresh = try context.freshKey(catalogue)
    let (old, new) = try context.store().write {
      try $0.rotate(id, overlap: overlap, request, as: fresh, at: now)
    }
    let view = try APIKeyView(context, catalogue)
    return .changed(
      view.report(
        try view.json(new), closing: "\(APIKeyView.closing(new)) \(Self.ending(of: old, at: now))"))
  }

  private static func ending(of old: APIKey, at now: Timestamp) -> String {
    guard old.isActive(at: now), let end = old.expiresAt else { return "\(old.id) has ended." }
    return "\(old.id) stays good until \(Cell(time: JSON(end)).text)."
  }
}
