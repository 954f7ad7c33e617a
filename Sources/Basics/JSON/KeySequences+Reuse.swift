private import Synchronization

/// Texts that are read one after another have the same keys: what was learned from one serves the
/// next. Each is used by one reader at a time.
extension KeySequences {
  private static let mostKept = 8
  private static let unused = Mutex<[KeySequences]>([])

  static func taken() -> KeySequences {
    unused.withLock { $0.popLast() } ?? KeySequences(forReading: ())
  }

  /// To be called with the only copy, since the next reader is going to change it.
  static func giveBack(_ sequences: consuming KeySequences) {
    guard !sequences.isUsedUp else { return }
    let returned = sequences
    unused.withLock { if $0.count < mostKept { $0.append(returned) } }
  }
}
