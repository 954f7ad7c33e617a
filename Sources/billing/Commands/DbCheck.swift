import Basics
import BillingCore

/// `billing db check`: every row of the database, held against what it must agree with.
struct DbCheck: Command {
  static let name = "db check"
  static let summary = "Look through the whole database: pages, rows, sums"
  static let discussion = """
    Reads every page and every row and changes nothing: whether the file is whole, whether what rows
    point at is there, whether tables and rules are those that billing makes, whether every balance
    of tokens is the sum of its entries, whether totals of usage and counts of levels are what their
    events come to, and whether the columns of the mirror are what Stripe said. billing doctor makes
    a part of it.

    A damaged file is exit 8 (invalid_database); where something does not add up, 10 (drift). The
    rows are those of doctor: check status message hint.
    """
  static let examples = ["db check", "db check --json"]

  init(parsing arguments: inout Arguments) throws(UsageError) {}

  /// So many differences are looked for in each table of the mirror; one is enough to know.
  private static let mostColumns = 1_000

  func run(_ context: Context) async throws -> FindingReport {
    let path = context.settings.databasePath
    let name = context.shown(path)
    guard Files.exists(path) else { throw StoreError.missing(path: name) }
    let store = try Store.open(at: path, now: context.world.now)
    let damage = try Self.damage(of: store, name)
    // Sums over rows that cannot be read say nothing.
    guard damage.isEmpty else { return FindingReport(findings: damage) }
    return FindingReport(
      findings: [.ok("database", "\(name) is whole")]
        + (try store.read { transaction in
          [
            try Doctor.ledgerFinding(transaction) ?? .ok("ledger", "there are no tokens"),
            try Self.usageFinding(transaction), try Self.mirrorFinding(transaction),
          ]
        }))
  }

  private static func damage(of store: Store, _ name: String) throws -> [Finding] {
    if let damage = try store.pageFaults().first {
      return [.fault(.damagedPages, "\(name) is damaged: \(damage)")]
    }
    var findings: [Finding] = []
    let references = try store.brokenReferences()
    if !references.isEmpty {
      findings.append(
        .fault(
          .brokenReferences, "rows point at others that are gone: \(list(references))"))
    }
    let tables = try store.schemaFaults()
    if !tables.isEmpty { findings.append(.fault(.otherTables, list(tables))) }
    return findings
  }

  private static func usageFinding(_ transaction: Transaction) throws -> Finding {
    let audit = try transaction.usageAudit()
    guard !audit.differences.isEmpty else {
      let events = audit.events == 1 ? "1 event" : "\(PlanWords.number(audit.events)) events"
      return .ok("usage", "\(events), and the totals are what they come to")
    }
    return .fault(
      .totalsOff,
      list(
        audit.differences.map {
          "\($0.meterID) of \($0.customerID) (\($0.span)) is \($0.found), not \($0.expected)"
        }))
  }

  private static func mirrorFinding(_ transaction: Transaction) throws -> Finding {
    let differences = try transaction.columnDifferences(limit: mostColumns)
    guard !differences.isEmpty else {
      let objects = try transaction.objectCounts().reduce(0) { $0 + $1.count }
      return .ok(
        "mirror", objects == 1 ? "1 object agrees" : "\(objects) objects agree with their columns")
    }
    return .fault(
      .columnsOff,
      list(
        differences.map { difference in
          difference.column.map { "\($0) of \(difference.objectID)" }
            ?? "\(difference.objectID) stands only in one of two places"
        }))
  }

  /// The first three, and how many more there are.
  private static func list(_ texts: [String]) -> String {
    let most = 3
    let first = texts.prefix(most).joined(separator: "; ")
    return texts.count > most ? "\(first); and \(texts.count - most) more" : first
  }
}
