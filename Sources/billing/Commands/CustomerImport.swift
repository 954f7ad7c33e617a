import Basics
import BillingCore
import Stripe

struct CustomerImport: Command {
  static let name = "customer import"
  static let summary = "Make and update customers from a CSV file, by your own ids"
  static let discussion = """
    The first line names the columns: external_id (required), email, name, description, and
    metadata.KEY for metadata. A customer with the id is updated, where it differs; one without is
    made. Nobody is ever deleted: customers with an id that the file does not have are listed as
    gone. Running it again does nothing twice.
    """
  static let parameters: [Parameter] = [.required("FILE", "A CSV file")]
  static let examples = [
    "customer import customers.csv", "customer import customers.csv --dry-run",
  ]
  static let isBatch = true

  /// How many lines are worked on at once; the client keeps within Stripe's rate limit.
  private static let concurrency = 8

  var file: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    file = try arguments.positional("FILE")
  }

  func run(_ context: Context) async throws -> ListReport {
    let table = try CustomerTable(reading: context.resolve(file), named: file)
    try context.requireWrite("import \(table.lines.count) customers")
    let known = try context.store().read { try $0.customersWithExternalID() }
    let progress = context.progress("importing", total: Int64(table.lines.count))
    let importing = CustomerImporting(
      context: context, externalIDKey: try context.externalIDKey())
    var rows: [JSON] = []
    let lines = table.lines
    try await Batch(subjects: lines.indices.map { "\($0)" }, width: BatchWidth(Self.concurrency))
      .run { index in
        try await importing.result(of: lines[index])
      } show: { result in
        progress.advance()
        rows.append(result.json)
      }
    progress.finish()
    try Task.checkCancellation()
    if context.settings.isDryRun { context.note("nothing was changed; this is what would be done") }
    let ids = Set(table.lines.compactMap { try? $0.fields.get().externalID })
    let gone = known.filter { !ids.contains($0.externalID ?? "") }.map(CustomerImporting.gone)
    return report(rows + gone.map { $0.json })
  }

  private func report(_ rows: [JSON]) -> ListReport {
    let lines = rows.filter { $0["line"] != .null }.count
    let failed = rows.filter { $0["status"] == "failed" }.count
    return ListReport(
      rows, keys: LineResult.keys, columns: LineResult.columns, empty: "the file has no lines",
      outcome: failed == 0
        ? .done : .failed(.partial("\(failed) of \(lines) lines failed")))
  }
}
