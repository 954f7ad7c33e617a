import Basics
import BillingCore
private import Synchronization

/// `billing apply`: many operations from a file.
struct Apply: Command {
  static let name = "apply"
  static let summary = "Carry out one operation a line of a file"
  static let discussion = """
    The file is CSV, whose first line names the columns, or JSON lines with the same keys:
    operation, customer, plan, interval, quantity, payment_method, trial_days, coupon, reference.
    Operations are \(Arguments.list(ApplyOperation.names)).
    "cancel now" needs a yes.

    The whole file is checked first; a mistake in any line, and nothing is done. Lines of one
    customer are done in their order, and those after a failed one are not begun; a dry run looks
    at each line as things stand before the first. Every line has a result, in the order of the
    file; when some failed the exit code is 10.

    Run the same file again after an interruption or a failure: what is done is not done twice, also
    not months later. Another reference makes an equal line a new operation; a line that stands
    twice is two.
    """
  static let parameters: [Parameter] = [
    .required("FILE", "CSV or JSON lines; - is standard input")
  ]
  static let examples = [
    "apply changes.csv", "apply changes.csv --dry-run", "apply - --format jsonl",
  ]
  static let isBatch = true

  /// How many lines are worked on at once; the client keeps within Stripe's rate limit.
  private static let concurrency = 16

  var file: String

  init(parsing arguments: inout Arguments) throws(UsageError) {
    file = try arguments.positional("FILE")
  }

  func run(_ context: Context) async throws -> BatchReport {
    let table = try ApplyTable(
      parsing: try text(context), named: file, catalogue: context.catalogue)
    let lines = table.lines
    try context.requireWrite(
      lines.count == 1 ? "carry out 1 operation" : "carry out \(lines.count) operations",
      destroys: lines.contains { $0.operation.needsConfirmation })
    // Opened before the lines share it.
    _ = try await context.gateway()
    let applying = Applying(context: context, width: BatchWidth(Self.concurrency))
    let subjects = try lines.map { try applying.subject(of: $0) }
    let progress = context.progress("applying", total: Int64(lines.count))
    return BatchReport(columns: LineResult.columns, empty: "the file has no lines") { show in
      var counts: [LineResult.Status: Int] = [:]
      var unknown = 0
      defer { progress.finish() }
      try await Batch(subjects: subjects, width: applying.width).run { index in
        let result = try await applying.result(of: lines[index], about: subjects[index])
        progress.advance()
        return result
      } show: { result in
        counts[result.status, default: 0] += 1
        if result.error?.exit == .outcomeUnknown { unknown += 1 }
        try show(result.json)
      }
      progress.finish()
      return Self.outcome(counts, unknown: unknown, of: lines.count, context)
    }
  }

  private func text(_ context: Context) throws -> String {
    let bytes: [UInt8]
    if file == "-" {
      bytes = try context.readInput(for: "apply -")
    } else {
      let path = context.resolve(file)
      guard Files.exists(path) else { throw CommandError.notFound("\(file): no such file") }
      do {
        bytes = try Files.bytes(of: path)
      } catch {
        throw FileError(path: file, errno: error.errno)
      }
    }
    return try TableText.of(bytes, named: file)
  }

  /// The sum of it on standard error, and how the batch ended.
  private static func outcome(
    _ counts: [LineResult.Status: Int], unknown: Int, of total: Int, _ context: Context
  ) -> Outcome {
    let (done, before) = (counts[.done] ?? 0, counts[.alreadyDone] ?? 0)
    let failed = counts[.failed] ?? 0
    if context.settings.isDryRun {
      context.note("nothing was changed; this is what would be sent")
    } else {
      context.note(
        "\(total) \(total == 1 ? "line" : "lines"): \(done) done, \(before) already done, "
          + "\(failed) failed")
      if before > 0 {
        context.note(
          "\(before) done by an earlier run, of this file or of another with equal lines; "
            + "another reference makes a line a new operation")
      }
    }
    if Task.isCancelled {
      guard unknown == 0 else {
        return .failed(
          CommandError(
            "outcome_unknown", "stopped; of \(unknown) lines it is not known what became of them",
            hint: "billing recover settles them; run the file again for the rest",
            exit: .outcomeUnknown))
      }
      return .failed(
        CommandError("interrupted", "stopped; what is done is kept", exit: .interrupted))
    }
    guard failed > 0 else { return .done }
    return .failed(
      .partial(
        "\(failed) of \(total) lines failed",
        hint: unknown > 0
          ? "billing recover, or the same file again, settles those whose outcome is unknown"
          : "run the file again when they are mended: what is done is not done twice"))
  }
}
