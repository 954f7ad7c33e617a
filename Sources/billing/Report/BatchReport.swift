import Basics
private import Synchronization

/// What a batch shows: a row for each line as soon as all lines before it have theirs, and how it
/// ended. The work is done while it is shown, so that what was done is seen whatever comes after.
final class BatchReport: Report {
  /// Does the work and tells how it ended; what it throws ends the batch, and the rows stay.
  typealias Work = @Sendable (_ show: (JSON) throws -> Void) async throws -> Outcome

  private let keys: [String]
  private let columns: [Column]
  private let empty: String
  private let work: Work
  private let ended = Mutex(Outcome.done)

  init(
    keys: [String] = LineResult.keys, columns: [Column], empty: String, work: @escaping Work
  ) {
    self.keys = keys
    self.columns = columns
    self.empty = empty
    self.work = work
  }

  var data: ReportData {
    .list(
      Rows(
        source: .work { show in
          let outcome: Outcome
          do {
            outcome = try await self.work(show)
          } catch {
            outcome = .failed(CommandError(explaining: error))
          }
          self.ended.withLock { $0 = outcome }
        }, keys: keys))
  }

  var human: HumanForm { .table(columns, empty: empty) }
  var outcome: Outcome { ended.withLock { $0 } }
}
