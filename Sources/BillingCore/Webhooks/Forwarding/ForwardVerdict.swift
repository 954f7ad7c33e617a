package import Stripe

/// What is done after an attempt to hand an event on. Pure: a table of tests stands behind it.
package enum ForwardVerdict: Sendable, Hashable {
  case delivered
  case tryAgain(afterMilliseconds: Int64)
  case giveUp

  /// What came of an attempt.
  package enum Outcome: Sendable, Hashable {
    /// - Parameter retryAfter: the header, where the answer had it.
    case answered(status: Int, retryAfter: String?)
    case failed(TransportError)

    init(_ response: HTTPResponse) {
      self = .answered(status: response.status, retryAfter: response.headers["Retry-After"])
    }
  }

  /// The waits after the first attempt, the second and so on; then it is given up.
  static let pausesMilliseconds: [Int64] = [500, 2_000, 5_000]
  /// Nobody is waited for longer, whatever it says.
  static let longestPauseSeconds: Int64 = 30

  /// Answers that another attempt may change; all others but 2xx, redirects among them, are final.
  private static let passing: Set<Int> = [408, 409, 425, 429]

  /// - Parameter attempt: how many there were in this run; 1 for the first.
  package static func of(_ outcome: Outcome, attempt: Int) -> ForwardVerdict {
    var asked: Int64?
    switch outcome {
    case .answered(200..<300, _): return .delivered
    case .answered(let status, let retryAfter):
      guard status >= 500 || passing.contains(status) else { return .giveUp }
      asked = retryAfter.flatMap { Int64($0) }.map { min(max($0, 0), longestPauseSeconds) * 1_000 }
    case .failed(let error):
      guard error.kind != .badURL, error.kind != .tls, error.kind != .canceled else {
        return .giveUp
      }
    }
    guard pausesMilliseconds.indices.contains(attempt - 1) else { return .giveUp }
    return .tryAgain(afterMilliseconds: max(asked ?? 0, pausesMilliseconds[attempt - 1]))
  }
}

extension ForwardVerdict.Outcome {
  var status: Int? { if case .answered(let status, _) = self { status } else { nil } }

  /// Why it was not taken, in words.
  package var words: String {
    switch self {
    case .answered(300..<400, _): "redirects are not followed"
    case .answered(let status, _): "answered \(status)"
    case .failed(let error): error.detail
    }
  }
}
