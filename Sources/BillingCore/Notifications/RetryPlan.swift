import Basics

/// What becomes of a message after an attempt. Pure: a table of tests stands behind it.
enum RetryPlan {
  /// The waits after the first refusal, the second and so on; then it is given up.
  static let pausesSeconds: [Int64] = [60, 300, 900, 3_600, 14_400, 43_200, 86_400]
  /// Nobody is waited for longer, whatever it says.
  static let longestPauseSeconds: Int64 = 86_400
  /// A channel that does not work is tried again at least so often; that costs no message its life.
  static let longestOutagePauseSeconds: Int64 = 3_600

  struct Verdict: Sendable, Hashable {
    var status: OutboxMessage.Status
    var nextAttemptAt: Timestamp?
    var error: String?
  }

  /// - Parameter attempt: how many there were; 1 for the first.
  static func verdict(
    _ outcome: DeliveryOutcome, attempt: Int, at now: Timestamp
  ) -> Verdict {
    switch outcome {
    case .sent: return Verdict(status: .sent)
    case .refused(let reason, isFinal: true): return Verdict(status: .dead, error: reason)
    case .refused(let reason, isFinal: false):
      guard pausesSeconds.indices.contains(attempt - 1) else {
        return Verdict(status: .dead, error: reason)
      }
      return Verdict(
        status: .failed, nextAttemptAt: now + pausesSeconds[attempt - 1], error: reason)
    case .unavailable(let reason, let asked):
      let usual = pausesSeconds[min(max(attempt, 1), pausesSeconds.count) - 1]
      let pause = max(
        min(usual, longestOutagePauseSeconds), min(asked ?? 0, longestPauseSeconds))
      return Verdict(status: .failed, nextAttemptAt: now + pause, error: reason)
    }
  }
}
