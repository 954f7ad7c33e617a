import Basics
import BillingCore

/// How a sync went: `mode since events new_events objects changed deleted failed complete
/// continues_at`.
struct SyncReport: Report {
  private let isFull: Bool
  /// From when on events were taken in; of a full sync when it began.
  private let since: Timestamp?
  private var events = ReplayCounts()
  /// Objects that were read by themselves, since the events left them in doubt.
  var reread = 0
  private var objects = 0
  private var changed = 0
  private var deleted = 0
  private var failed = 0
  private var refused = 0
  private var stop: (error: CommandError, place: String?)?

  init(since: Timestamp) {
    isFull = false
    self.since = since
  }

  init(_ summary: FullSync.Summary) {
    isFull = true
    since = summary.started
    objects = summary.objects
    changed = summary.changed
    deleted = summary.deleted
    failed = summary.failures.count
    refused = summary.refusals.count
  }

  mutating func add(_ counts: ReplayCounts) {
    events = counts
    failed += counts.failed
  }

  /// - Parameters:
  ///   - place: where the next run goes on.
  ///   - isFull: whether that is a full one.
  mutating func stop(_ error: any Error, at place: String?, isFull: Bool) {
    var words =
      Task.isCancelled
      ? CommandError("interrupted", "interrupted", exit: .interrupted)
      : CommandError(explaining: error)
    words.message = "the sync was cut short: \(words.message)"
    let command = isFull ? "billing sync --full" : "billing sync"
    words.hint =
      place.map { "what was read is kept; \(command) goes on with \($0)" }
      ?? "nothing was read; run \(command) again"
    stop = (words, place)
  }

  var data: ReportData {
    .object([
      "mode": .string(isFull ? "full" : "events"), "since": JSON(since?.iso8601),
      "events": JSON(events.read), "new_events": JSON(events.processed),
      "objects": JSON(objects + reread), "changed": JSON(changed), "deleted": JSON(deleted),
      "failed": JSON(failed), "complete": .bool(stop == nil),
      "continues_at": JSON(stop?.place),
    ])
  }

  var human: HumanForm {
    var fields = [Field("Since", Cell(time: JSON(since?.iso8601)))]
    if isFull || reread > 0 { fields.append(Field("Objects read", JSON(objects + reread))) }
    if isFull {
      fields += [
        Field("Changed", JSON(changed)), Field("Deleted", JSON(deleted)),
      ]
    }
    fields += [
      Field("Events read", JSON(events.read)), Field("New events", JSON(events.processed)),
    ]
    if failed > 0 { fields.append(Field("Failed", Cell("\(failed)", .red))) }
    return .details(fields)
  }

  var outcome: Outcome {
    if let stop { return .failed(stop.error) }
    if failed > 0 {
      return .failed(
        .partial(
          failed == 1 ? "one thing could not be taken in" : "\(failed) could not be taken in",
          hint: "billing webhook list --status failed shows the events that are kept"))
    }
    guard refused > 0 else { return .done }
    return .failed(
      .partial(
        refused == 1 ? "one list could not be read" : "\(refused) lists could not be read",
        hint: "a restricted key needs the permission to read them"))
  }
}
