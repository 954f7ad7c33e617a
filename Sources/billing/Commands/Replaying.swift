import Basics
import BillingCore
import Stripe

/// Replays a source of events and tells how it went.
struct Replaying: Sendable {
  /// How many places that failed are told one by one.
  private static let toldFailures = 20

  let context: Context
  let choice: EventChoice
  let isForced: Bool
  /// Whether the events are handed on, also those that were applied before.
  let forwards: Bool
  /// How long the source is, as its batches count; nil where that is not known.
  let length: Int64?

  /// - Parameter after: called with each batch once it is durable.
  func report(
    _ source: some EventSource, after: (ReplayedBatch) async throws -> Void = { _ in }
  ) async throws -> ReplayReport {
    if context.settings.isDryRun { return try await preview(source) }
    try context.requireOwnWrite("replay events")
    let store = try context.store()
    let replay = Replay(
      inbox: Inbox(store: store, mirror: context.mirror()),
      filter: try await choice.filter(context), isForced: isForced, countsSettled: forwards)
    let progress = ReplayProgress(context, length: length)
    var (counts, failures, foreign) = (ReplayCounts(), [String](), 0)
    do {
      defer { progress.finish() }
      try await store.inBulk {
        try await replay.run(source) { batch in
          for event in batch.events {
            counts.add(event)
            if event.fate == .taken(.otherMode) { foreign += 1 }
            guard failures.count < Self.toldFailures, let reason = event.failure else { continue }
            failures.append("\(event.reading.name): \(reason)")
          }
          progress.advance(batch)
          try await after(batch)
        }
      }
    } catch is CancellationError {
      tellOfOtherMode(foreign)
      return report(counts, progress, failures, isStopped: true)
    }
    tellOfOtherMode(foreign)
    return report(counts, progress, failures, isStopped: false)
  }

  private func tellOfOtherMode(_ count: Int) {
    guard count > 0 else { return }
    context.note(
      (count == 1 ? "1 event is" : "\(count) events are")
        + " of the other mode, live or test, and passed over")
  }

  private func report(
    _ counts: ReplayCounts, _ progress: ReplayProgress, _ failures: [String], isStopped: Bool
  ) -> ReplayReport {
    tell(failures, of: counts.failed)
    if counts.read == 0, !isStopped { context.note("no events were found") }
    return ReplayReport(
      summary: ReplaySummary(counts, milliseconds: progress.milliseconds),
      outcome: Self.outcome(counts, isStopped: isStopped))
  }

  private func tell(_ failures: [String], of total: Int) {
    for failure in failures { context.warn(failure) }
    if total > failures.count { context.warn("and \(total - failures.count) more failed") }
  }

  private static func outcome(_ counts: ReplayCounts, isStopped: Bool) -> Outcome {
    if isStopped {
      return .failed(
        CommandError("interrupted", "stopped; what is done is kept", exit: .interrupted))
    }
    guard counts.failed > 0 else { return .done }
    if counts.unsigned > 0, counts.verified == 0 {
      return .failed(
        CommandError(
          "signature", "no signature was verified; nothing was applied", hint: secretHint,
          exit: .signature))
    }
    let all = counts.read == 1 ? "the only event" : "\(counts.failed) of \(counts.read) events"
    return .failed(.partial("\(all) failed", hint: hint(counts)))
  }

  /// What the inbox has can be looked at there; the rest is in the source alone.
  private static func hint(_ counts: ReplayCounts) -> String? {
    if counts.keptFailed > 0 {
      return "billing webhook list --status failed shows those that are kept"
    }
    return counts.unsigned > 0 ? secretHint : nil
  }

  private static let secretHint =
    "STRIPE_WEBHOOK_SECRET must be the secret of the endpoint that got the events"

  // MARK: Dry runs

  private func preview(_ source: some EventSource) async throws -> ReplayReport {
    let known = Files.exists(context.settings.databasePath) || context.settings.isSandbox
    let copy = try known ? context.store().copy() : Store.inMemory(now: context.world.now)
    let preview = ReplayPreview(
      onCopy: copy, mirror: context.mirror(), filter: try await choice.filter(context),
      isForced: isForced, countsSettled: forwards)
    var (counts, rows) = (ReplayCounts(), [JSON]())
    try await preview.run(source) { event in
      counts.add(event.event)
      rows.append(PreviewedEventView.json(event))
    }
    return ReplayReport(preview: rows, outcome: Self.outcome(counts, isStopped: false))
  }
}

extension ReplayedEvent {
  /// Why it failed; nil where it did not.
  var failure: String? {
    switch (fate, reading) {
    case (.taken(.failed(let reason)), _): reason
    case (.taken(.conflict(let field)), _):
      "an event of this id is here, with another \(field); this one is kept aside"
    case (.unreadable, .unreadable(let unreadable)): unreadable.reason
    default: nil
    }
  }
}
