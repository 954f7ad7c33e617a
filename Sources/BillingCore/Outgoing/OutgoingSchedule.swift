import Basics
import Stripe

/// When a delivery that was not taken is sent again. Pure: a table of tests stands behind it.
enum OutgoingSchedule {
  /// The waits after the first attempt, the second and so on, as Standard Webhooks recommends them;
  /// then, after more than three days, it is given up.
  static let pausesSeconds: [Int64] = [
    5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
  ]

  static var mostAttempts: Int { pausesSeconds.count + 1 }

  /// Nil where it is given up: after the last attempt, or where the service says that it is gone for
  /// good (410). All else but 2xx may pass, redirects among them, which are not followed.
  ///
  /// - Parameter attempts: how many there were; 1 after the first.
  static func next(
    after attempts: Int, _ outcome: ForwardVerdict.Outcome, at now: Timestamp
  ) -> Timestamp? {
    var asked: Int64 = 0
    if case .answered(let status, let retryAfter) = outcome {
      guard status != 410 else { return nil }
      asked = min(retryAfter.flatMap { Int64($0) } ?? 0, pausesSeconds.last ?? 0)
    }
    guard pausesSeconds.indices.contains(attempts - 1) else { return nil }
    return now + max(asked, pausesSeconds[attempts - 1])
  }
}
