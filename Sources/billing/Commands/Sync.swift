import Basics
import BillingCore

/// `billing sync`: the mirror is made as Stripe is, or compared with it.
struct Sync: Command {
  static let name = "sync"
  static let summary = "Pull what the mirror missed, or tell where it differs from Stripe"
  static let discussion = """
    Takes in the events since the last sync, as if the webhooks that were lost came now: what was
    delivered has no second effect. Stripe lists the events of 30 days. The first sync, and one that
    comes later than that, reads everything instead, as --full does.

    --full reads every product, price, coupon, customer, payment method, subscription, schedule,
    invoice, payment and checkout page, at the rate limit, page by page; what the mirror has and
    Stripe no longer lists is read by its id, and what is gone is deleted. Stopped, it goes on where
    it was. A database that was lost is rebuilt so, but for what Stripe does not hold: usage, API
    keys, the journal, what was granted or consumed of tokens.

    --check and --dry-run read everything and change nothing. --check exits 10 where the mirror
    differs: object type field here there, an object a field. A field that is null means that the
    whole object is not here. Columns that the catalogue decides (plan, external_id) are compared
    too; --full makes them anew. Operators are told of it where plans.yaml has notifications.

    Nothing is changed at Stripe, so that a live key needs no --live. Exit 10 when something could
    not be read or taken in. A sync that was cut short ends with the code of what stopped it, and
    tells where it goes on (continues_at).
    """
  static let parameters: [Parameter] = [
    .flag("--full", "Read everything, not only the events since the last sync"),
    .option("--since", "T", "Take in the events since then: 2027-01-01, 3d"),
    .flag("--check", "Change nothing; exit 10 where the mirror differs from Stripe"),
  ]
  static let examples = ["sync", "sync --full", "sync --since 3d", "sync --check --json"]
  static let isBatch = true

  var isFull: Bool
  var since: TimeArgument?
  var checks: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    isFull = arguments.flag("--full")
    since = try arguments.time("--since")
    checks = arguments.flag("--check")
    guard since == nil || !isFull && !checks else {
      throw arguments.error("--since is for events; --full and --check read everything")
    }
  }

  func run(_ context: Context) async throws -> SyncOutput {
    guard !context.settings.readsLocally else {
      throw CommandError.usage("--local reads the mirror, and sync reads Stripe")
    }
    let syncing = try await Syncing(context)
    guard !checks, !context.settings.isDryRun else {
      let drift = try await syncing.compare()
      if checks { context.alertOperators(of: drift) }
      return .drift(DriftReport(drift, isDryRun: !checks))
    }
    if syncing.store.isReadOnly { throw StoreError.readOnly(path: context.settings.databasePath) }
    if isFull { return .synced(try await syncing.full()) }
    guard let start = try start(syncing) else { return .synced(try await syncing.full()) }
    return .synced(try await syncing.events(since: start))
  }

  /// From when on events are taken in; nil where events are not enough.
  private func start(_ syncing: Syncing) throws -> Timestamp? {
    let context = syncing.context
    let oldest = syncing.now - StripeEventQuery.keptSeconds
    if let since {
      let since = since.before(syncing.now)
      guard since < oldest else { return since }
      context.note("Stripe lists the events of the last 30 days; reading everything instead")
      return nil
    }
    guard let known = try syncing.store.read({ try EventSync.known(in: $0) }) else {
      context.note("this is the first sync: reading everything")
      return nil
    }
    guard known < oldest else { return known }
    context.note(
      "the last sync was \(known.iso8601), and Stripe lists the events of 30 days; reading "
        + "everything instead")
    return nil
  }
}

/// What a sync shows: how it went, or where the mirror differs.
enum SyncOutput: ReportChoice {
  case synced(SyncReport)
  case drift(DriftReport)

  var report: any Report {
    switch self {
    case .synced(let report): report
    case .drift(let report): report
    }
  }
}
