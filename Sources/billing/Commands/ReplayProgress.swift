import BillingCore
private import Synchronization

/// How far a replay is, how fast it goes and how long it will take.
final class ReplayProgress: Sendable {
  private struct State {
    var events: Int64 = 0
    var done: Int64 = 0
  }

  private let progress: Progress
  private let length: Int64?
  private let uptimeMilliseconds: @Sendable () -> Int64
  private let start: Int64
  private let state = Mutex(State())

  init(_ context: Context, length: Int64?) {
    progress = context.progress("replaying", total: length)
    self.length = length
    uptimeMilliseconds = context.world.uptimeMilliseconds
    start = context.world.uptimeMilliseconds()
  }

  var milliseconds: Int64 { uptimeMilliseconds() - start }

  func advance(_ batch: ReplayedBatch) {
    let state = state.withLock { state in
      state.events += Int64(batch.events.count)
      state.done += batch.length
      return state
    }
    progress.advance(
      by: batch.length,
      figures: Self.figures(
        events: state.events, done: state.done, of: length, milliseconds: milliseconds))
  }

  func finish() { progress.finish() }

  /// `42% (21000 events, 20100/s, 12 s left)`.
  static func figures(
    events: Int64, done: Int64, of length: Int64?, milliseconds: Int64
  ) -> String {
    let rate = milliseconds > 0 ? events * 1000 / milliseconds : 0
    let speed = "\(events) events, \(rate)/s"
    guard let length, length > 0 else { return "(\(speed))" }
    let done = min(done, length)
    let share = "\(done * 100 / length)%"
    guard done > 0 else { return "\(share) (\(speed))" }
    // Rounded up: what is not done yet takes a moment.
    let seconds = (milliseconds / 1000 * (length - done) + done - 1) / done
    return "\(share) (\(speed), \(seconds) s left)"
  }
}
