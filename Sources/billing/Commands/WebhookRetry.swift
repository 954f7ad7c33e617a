import Basics
import BillingCore

struct WebhookRetry: Command {
  static let name = "webhook retry"
  static let summary = "Run failed events of the inbox again"
  static let discussion = """
    One event, or without an id all that failed, those included that were given up; in the order in
    which things happened. What they say is applied as if they had just come in: older news never
    overwrites newer. An event that fails again keeps the new reason, and the exit code is 10.

    With --dry-run it is shown what each would change, and nothing is done.
    """
  static let parameters: [Parameter] = [
    .optional("EVT", "The event's id (evt_…); all that failed without it")
  ]
  static let examples = ["webhook retry", "webhook retry evt_1MtHbELkdIwHu7ixl4OzzPMv"]
  static let isBatch = true

  /// How many are run in one transaction.
  private static let batchSize = 100

  var id: String?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    id = arguments.optionalPositional("EVT")
    guard id != "" else { throw arguments.error("EVT is empty") }
  }

  func run(_ context: Context) async throws -> RetryReport {
    let events = try wanted(context)
    if context.settings.isDryRun {
      return .planned(try await preview(events.map { $0.id }, context))
    }
    if let id {
      try context.requireOwnWrite("run \(id) again")
      return .one(try await one(id, context))
    }
    if !events.isEmpty { try context.requireOwnWrite("run \(events.count) events again") }
    let thin = events.filter { HandledEvents.tellsMeterErrors($0.type) }.map { $0.id }
    if !thin.isEmpty { try await context.meterErrorEvents()?.settle(thin) }
    return .all(all(events.map { $0.id }, context))
  }

  private func wanted(_ context: Context) throws -> [InboxEvent] {
    try context.store().read { transaction in
      guard let id else {
        var filter = EventFilter()
        filter.status = .failed
        return try transaction.events(matching: filter, oldestFirst: true)
      }
      guard let event = try transaction.event(id) else { throw CommandError.noEvent(id) }
      if event.isSettled { throw Self.settled(event) }
      return [event]
    }
  }

  private static func settled(_ event: InboxEvent) -> CommandError {
    event.status == .processed
      ? .conflict(
        "invalid_state", "\(event.id) is processed already",
        hint: "billing webhook replay --id \(event.id) --force applies it again")
      : .conflict(
        "invalid_state", "\(event.id) is ignored: nothing here has to do with it",
        hint: "billing webhook show \(event.id) shows what it says")
  }

  private func preview(_ ids: [String], _ context: Context) async throws -> ReplayReport {
    guard !ids.isEmpty else { return ReplayReport(preview: [], outcome: .done) }
    let store = try context.store()
    var filter = EventFilter()
    filter.ids = ids
    var rows: [JSON] = []
    try await ReplayPreview(onCopy: try store.copy(), mirror: context.mirror()).run(
      InboxEventList(filter, store: store)
    ) { rows.append(PreviewedEventView.json($0)) }
    return ReplayReport(preview: rows, outcome: .done)
  }

  private func one(_ id: String, _ context: Context) async throws -> ObjectReport {
    let (store, inbox) = (try context.store(), try context.inbox())
    let isThin = try store.read { try $0.event(id) }.map { HandledEvents.tellsMeterErrors($0.type) }
    let whole = isThin == true ? try await context.meterErrorEvents()?.whole(id) : nil
    let outcome = try whole.map { try inbox.take([$0]) }?[0] ?? inbox.run([id])[0]
    guard let event = try store.read({ try $0.event(id) }) else { throw CommandError.noEvent(id) }
    return EventView.report(event, outcome)
  }

  private func all(_ ids: [String], _ context: Context) -> BatchReport {
    BatchReport(
      keys: EventView.keys, columns: EventView.columns, empty: "no event failed"
    ) { show in
      let (store, inbox) = (try context.store(), try context.inbox())
      let progress = context.progress("running", total: Int64(ids.count))
      defer { progress.finish() }
      var failed = 0
      for start in stride(from: 0, to: ids.count, by: Self.batchSize) {
        try Task.checkCancellation()
        let batch = Array(ids[start..<min(start + Self.batchSize, ids.count)])
        _ = try inbox.run(batch)
        for event in try store.read({ store in try batch.compactMap { try store.event($0) } }) {
          if event.status == .failed { failed += 1 }
          try show(.object(EventView.json(event)))
        }
        progress.advance(by: Int64(batch.count))
      }
      return failed == 0 ? .done : .failed(.failedAgain(failed, of: ids.count))
    }
  }
}

/// What `webhook retry` shows: the event that was named, or each that failed before.
enum RetryReport: ReportChoice {
  case one(ObjectReport)
  case all(BatchReport)
  case planned(ReplayReport)

  var report: any Report {
    switch self {
    case .one(let report): report
    case .all(let report): report
    case .planned(let report): report
    }
  }
}

extension Context {
  /// The inbox of this run's store.
  func inbox() throws -> Inbox { Inbox(store: try store(), mirror: mirror()) }
}

extension CommandError {
  fileprivate static func failedAgain(_ count: Int, of total: Int) -> CommandError {
    .partial(
      total == 1 ? "the only event failed again" : "\(count) of \(total) events failed again",
      hint: "billing webhook show EVT tells why")
  }
}
