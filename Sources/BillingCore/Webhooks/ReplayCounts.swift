/// How a replay went, in numbers.
package struct ReplayCounts: Sendable, Hashable {
  package private(set) var processed = 0
  package private(set) var duplicates = 0
  package private(set) var ignored = 0
  /// What could not be read or believed, what could not be applied, and what contradicts an event
  /// of the same id.
  package private(set) var failed = 0
  /// Filtered out, or of the other mode.
  package private(set) var skipped = 0
  /// How many one of our secrets signed, whatever became of them.
  package private(set) var verified = 0
  /// How many of the failed ones were not believed.
  package private(set) var unsigned = 0
  /// How many of the failed ones the inbox has, and could not apply.
  package private(set) var keptFailed = 0

  package var read: Int { processed + duplicates + ignored + failed + skipped }

  package init() {}

  package mutating func add(_ event: ReplayedEvent) {
    switch event.reading {
    case .event(let incoming) where incoming.verdict == .verified: verified += 1
    case .kept(let kept) where kept.verdict == .verified: verified += 1
    case .unreadable(let unreadable) where unreadable.isUnsigned: unsigned += 1
    default: break
    }
    if case .taken(.failed) = event.fate { keptFailed += 1 }
    switch event.fate {
    case .taken(.processed): processed += 1
    case .taken(.ignored): ignored += 1
    case .taken(.duplicate): duplicates += 1
    case .taken(.conflict), .taken(.failed), .unreadable: failed += 1
    case .taken(.otherMode), .filteredOut: skipped += 1
    }
  }
}
