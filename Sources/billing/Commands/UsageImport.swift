import Basics
import BillingCore
private import Foundation

struct UsageImport: Command {
  static let name = "usage import"
  static let summary = "Write usage down from JSON lines or CSV"
  static let discussion = """
    A line has id, customer, meter and quantity, and may have timestamp, key_id, endpoint, method,
    status_code and response_time_ms; without a timestamp it is of now. CSV names them in its first
    line. FILE may be - for standard input, whose first character tells which it is.

    Each id is written down once: read again, it is a duplicate, and with something else a conflict.
    So a file whose import was stopped is simply imported again. Lines of an unknown customer or
    meter, with a wrong number, or of a time that Stripe does not take (more than 35 days back, or 5
    minutes ahead) are rejected; --rejects keeps these and the conflicts, as they were read and with
    why, to be mended and imported again. A line with a card number or a whole API key is kept nowhere.

    Exit 10 when some lines were rejected or in conflict.
    """
  static let parameters: [Parameter] = [
    .required("FILE", "A file (.jsonl or .csv), or - for standard input"),
    .option("--rejects", "FILE", "Where to put the lines that were not taken"),
  ]
  static let examples = [
    "usage import usage.jsonl", "usage import usage.csv --rejects rejects.csv",
  ]
  static let isBatch = true

  /// How many lines that were not taken are told one by one.
  private static let toldLines = 20

  var file: String
  var rejects: String?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    file = try arguments.positional("FILE")
    rejects = try arguments.option("--rejects")
  }

  func run(_ context: Context) async throws -> UsageImportReport {
    let catalogue = try context.catalogue()
    try context.requireOwnWrite("write down the usage in \(file)")
    let (input, length) = try input(context)
    let rejectFile = try rejects.map { try RejectFile($0, besides: file, context) }
    let isDryRun = context.settings.isDryRun
    let store = try isDryRun ? context.store().copy() : context.store()
    if isDryRun { context.note("nothing is written down; this is what would be") }
    var work = UsageImporting(store: store, catalogue: catalogue, now: try context.now())
    let start = context.world.uptimeMilliseconds()
    let progress = context.progress("importing", total: length)
    var (told, isStopped) = ([String](), false)
    do {
      defer { progress.finish() }
      // Each piece goes through the whole index of ids, which are random.
      try await store.inBulk(cache: 65_536) {
        try await work.run(input) { length, refused, header in
          progress.advance(by: Int64(length))
          for line in refused.prefix(Self.toldLines - told.count) {
            told.append("\(input.name):\(line.line): \(line.refusal.reason)")
          }
          try rejectFile?.append(refused, header: header)
        }
      }
    } catch is CancellationError {
      isStopped = true
    }
    try rejectFile?.place()
    let counts = work.counts
    for line in told { context.warn(line) }
    let refused = counts.rejected + counts.conflicts
    if refused > told.count { context.warn("and \(refused - told.count) more") }
    return UsageImportReport(
      counts, milliseconds: context.world.uptimeMilliseconds() - start, isStopped: isStopped)
  }

  private func input(_ context: Context) throws -> (UsageFile, length: Int64?) {
    let isForbidden: @Sendable (String) -> Bool = { CardNumber.stands(in: $0) }
    guard file != "-" else {
      try context.inputClaim.take(for: "usage import -")
      let input = InputBytes(
        input: context.world.input, interruption: context.world.interruption)
      return (
        UsageFile(name: "standard input", format: nil, isForbidden: isForbidden) { input }, nil
      )
    }
    let path = context.resolve(file)
    guard Files.exists(path) else { throw FileError(path: file, errno: ENOENT) }
    guard !Files.isDirectory(path) else { throw FileError(path: file, errno: EISDIR) }
    let format: UsageFile.Format? =
      file.hasSuffix(".csv") ? .csv : file.hasSuffix(".jsonl") ? .lines : nil
    return (
      UsageFile(name: file, format: format, isForbidden: isForbidden) { [file] in
        try FileBytes(path: path, name: file)
      }, Files.length(of: path)
    )
  }
}
