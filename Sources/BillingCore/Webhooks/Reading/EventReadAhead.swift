import Synchronization

/// Reads the batches of a source some steps ahead of whoever takes them.
final class EventReadAhead: Sendable {
  private let source: any EventSource
  private let betweenReads: @Sendable () -> Void
  private let (batches, feed) = AsyncThrowingStream.makeStream(of: EventBatch.self)
  private let (permits, permit) = AsyncStream.makeStream(of: Void.self)
  /// How many steps were read and not yet asked for, the end among them; below zero while one is
  /// waited for.
  private let ready = Atomic(0)

  /// - Parameter betweenReads: what else is done where the source is read.
  init(_ source: any EventSource, betweenReads: @escaping @Sendable () -> Void) {
    self.source = source
    self.betweenReads = betweenReads
    for _ in 0...source.aheadCount { permit.yield() }
  }

  /// Reads until the end, an error or cancellation: to be run beside who takes.
  func run() async {
    do {
      for await _ in permits {
        betweenReads()
        let batch = try await source.next()
        ready.add(1, ordering: .relaxed)
        guard let batch else { break }
        feed.yield(batch)
      }
      feed.finish()
    } catch {
      feed.finish(throwing: error)
    }
  }

  /// Whether the next step need not be waited for.
  var isNextThere: Bool { ready.load(ordering: .relaxed) > 0 }

  /// The next batch; nil at the end and where the task was cancelled. To be called by one task.
  func next() async throws -> EventBatch? {
    ready.subtract(1, ordering: .relaxed)
    for try await batch in batches {
      permit.yield()
      return batch
    }
    return nil
  }
}
