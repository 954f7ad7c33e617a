import Basics
import BillingCore
import ServiceLifecycle

/// Applies the events that are kept, behind the answers: those that wait, and those that failed and
/// are due again.
struct InboxWorker: Service {
  let access: InboxAccess
  let metrics: ListenerMetrics
  let now: @Sendable () -> Timestamp
  let onFailure: @Sendable (String, String) -> Void
  /// Something was kept.
  let wakes: AsyncStream<Void>
  let wake: AsyncStream<Void>.Continuation

  /// How often it looks for what other processes kept and for what is due again.
  static let pauseMilliseconds: Int64 = 1000

  func run() async throws {
    await countWaiting()
    await withDiscardingTaskGroup { group in
      group.addTask { await tick() }
      var size = BatchSize()
      for await _ in wakes {
        while !Task.isCancelled, await runBatch(&size) {}
        if Task.isShuttingDownGracefully { break }
      }
      group.cancelAll()
    }
  }

  /// What was left by who ran before; a database that fails is told of by what comes next.
  private func countWaiting() async {
    try? await access.perform { store, _ in
      let counts = try store.read { try $0.eventCounts() }
      metrics.count { $0.waiting = counts[InboxEvent.Status.pending.rawValue] ?? 0 }
    }
  }

  /// Says when to look; once more when the server stops.
  private func tick() async {
    await ListenerChore {
      wake.yield()
      return Self.pauseMilliseconds
    }.run()
    wake.yield()
  }

  /// Whether there may be more to do. A database that fails is left alone until the next look.
  private func runBatch(_ size: inout BatchSize) async -> Bool {
    let (count, now, start) = (size.count, now(), ContinuousClock.now)
    do {
      let outcomes = try await access.perform { store, inbox in
        let pending = try store.read { try $0.pendingEventIDs(limit: count) }
        let due =
          pending.isEmpty ? try store.read { try $0.dueEventIDs(at: now, limit: count) } : []
        let outcomes = try inbox.runDue(pending + due, at: now)
        metrics.ran(outcomes, pending: pending.count, isAll: pending.count < count)
        return Array(zip(pending + due, outcomes))
      }
      size.note(outcomes.count, milliseconds: (ContinuousClock.now - start).milliseconds)
      for case (let id, .failed(let reason)) in outcomes { onFailure(id, reason) }
      return !outcomes.isEmpty
    } catch {
      return false
    }
  }
}

extension Duration {
  var milliseconds: Int64 { microseconds / 1000 }

  var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
