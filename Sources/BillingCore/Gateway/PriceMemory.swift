private import Synchronization

/// The price ids that a run has looked up by their lookup keys, so that a thousand subscriptions to
/// one plan ask once.
package final class PriceMemory: Sendable {
  private let ids = Mutex<[String: String]>([:])

  package init() {}

  /// Those of the keys that are known.
  func ids(of keys: [String]) -> [String: String] {
    ids.withLock { ids in ids.filter { keys.contains($0.key) } }
  }

  func remember(_ found: [String: String]) {
    ids.withLock { $0.merge(found) { $1 } }
  }
}
