private import Foundation

/// An error that has its words, hint and exit code. Each error type of the layers below gets them
/// in one extension here, by a switch without default, so that a new case cannot be forgotten.
protocol Explainable: Error {
  var explanation: CommandError { get }
}

extension CommandError: Explainable {
  var explanation: CommandError { self }
}

extension UsageError: Explainable {
  var explanation: CommandError { CommandError("usage", line, exit: .usage) }
}

extension CommandError {
  /// Any error, in words. What nobody explained is `internal`: a bug of ours or of the system.
  init(explaining error: any Error) {
    switch error {
    case let known as any Explainable: self = known.explanation
    case is CancellationError:
      self = CommandError("interrupted", "interrupted", exit: .interrupted)
    case let cocoa as CocoaError:
      self = .unexpected("storage", cocoa.localizedDescription)
    default:
      self = .unexpected("internal", "\(error)")
    }
  }
}
