private import Dispatch
private import Foundation
private import Synchronization

/// Whether someone asked the program to stop, and how.
final class Interruption: Sendable {
  enum Signal: Int32, Sendable {
    case interrupt = 2
    case terminate = 15

    var exit: ExitCode {
      switch self {
      case .interrupt: .interrupted
      case .terminate: .terminated
      }
    }

    var words: String {
      switch self {
      case .interrupt: "interrupted"
      case .terminate: "terminated"
      }
    }
  }

  private let state = Mutex<Signal?>(nil)

  var signal: Signal? { state.withLock { $0 } }

  /// Notes a signal; false when there was one before.
  func note(_ signal: Signal) -> Bool {
    state.withLock { state in
      guard state == nil else { return false }
      state = signal
      return true
    }
  }
}

/// The signals of the process: the first SIGINT or SIGTERM cancels the work, which then ends by
/// itself; a second one ends the process at once. A closed pipe is no reason to stop.
final class Signals {
  private let interruption: Interruption
  private var sources: [any DispatchSourceSignal] = []

  init(_ interruption: Interruption) {
    self.interruption = interruption
    signal(SIGPIPE, SIG_IGN)
  }

  func onFirst(_ cancel: @escaping @Sendable () -> Void) {
    for kind in [Interruption.Signal.interrupt, .terminate] {
      signal(kind.rawValue, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: kind.rawValue, queue: .global())
      let interruption = interruption
      source.setEventHandler {
        guard interruption.note(kind) else { _exit(kind.exit.rawValue) }
        cancel()
      }
      source.activate()
      sources.append(source)
    }
  }
}
