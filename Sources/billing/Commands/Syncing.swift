import Basics
import BillingCore
import Stripe

/// One sync: reads events or everything, and tells how it went.
struct Syncing: Sendable {
  /// How many places that failed are told one by one.
  private static let toldFailures = 20

  let context: Context
  /// By Stripe's clock, which is what cursors and ages are by.
  let now: Timestamp
  private let gateway: StripeGateway

  init(_ context: Context) async throws {
    self.context = context
    let gateway = try await context.gateway()
    self.gateway = gateway
    now = try await Self.time(of: gateway) ?? context.now()
  }

  /// By Stripe's clock; nil where the key may not even ask.
  private static func time(of gateway: StripeGateway) async throws -> Timestamp? {
    do {
      let request = StripeRequest(.get, StripePath("customers"), ["limit": 1])
      return try await gateway.client.send(request).date
    } catch StripeError.refused(let refusal) where refusal.status == 403 {
      return nil
    }
  }

  var store: Store { gateway.store }

  /// Changes nothing.
  func compare() async throws -> MirrorComparison.Result {
    let progress = context.progress("comparing")
    defer { progress.finish() }
    let comparison = MirrorComparison(client: gateway.client, store: store, mirror: gateway.mirror)
    return try await comparison.run(at: now) { progress.advance(by: Int64($0)) }
  }

  /// Everything, and then what happened while it was read.
  func full() async throws -> SyncReport {
    if let place = try store.read({ try FullSync.place(in: $0) }) {
      context.note("an earlier run was stopped; going on where it was: \(place)")
    }
    let progress = context.progress("reading")
    let summary = try await store.inBulk {
      await FullSync(gateway: gateway, now: now).run { progress.advance(by: Int64($0)) }
    }
    progress.finish()
    tell(summary.failures + summary.refusals)
    var report = SyncReport(summary)
    if let error = summary.error {
      report.stop(error, at: try store.read { try FullSync.place(in: $0) }, isFull: true)
      return report
    }
    guard let started = summary.started else { return report }
    try store.write { try EventSync.setKnown(started, in: $0) }
    try await events(since: started, &report)
    return report
  }

  /// What happened since, and what the events left in doubt.
  func events(since: Timestamp) async throws -> SyncReport {
    var report = SyncReport(since: since)
    if let taken = try store.read({ try EventSync.place(in: $0) }) {
      context.note("going on where a run was stopped: all before \(taken.iso8601) is taken")
    }
    try await events(since: since, &report)
    return report
  }

  private func events(since: Timestamp, _ report: inout SyncReport) async throws {
    let progress = context.progress("taking events")
    defer { progress.finish() }
    var (counts, failures) = (ReplayCounts(), [String]())
    do {
      try await store.inBulk {
        try await EventSync(gateway: gateway, now: now).run(since: since) { batch in
          for event in batch.events {
            counts.add(event)
            if let reason = event.failure { failures.append("\(event.reading.name): \(reason)") }
          }
          progress.advance(by: Int64(batch.events.count))
        }
      }
      report.reread = try await settleDoubts()
    } catch {
      let taken = try store.read { try EventSync.place(in: $0) } ?? since
      report.stop(error, at: "the events since \(taken.iso8601)", isFull: false)
    }
    tell(failures)
    report.add(counts)
  }

  private func settleDoubts() async throws -> Int {
    let refetch = Refetch(gateway: gateway)
    var count = 0
    while true {
      try Task.checkCancellation()
      let settled = try await refetch.settleDoubts()
      guard settled > 0 else { return count }
      count += settled
    }
  }

  private func tell(_ failures: [String]) {
    for failure in failures.prefix(Self.toldFailures) { context.warn(failure) }
    let rest = failures.count - Self.toldFailures
    if rest > 0 { context.warn("and \(rest) more") }
  }
}
