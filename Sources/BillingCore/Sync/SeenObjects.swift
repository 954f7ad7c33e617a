import Basics
import Stripe
private import Synchronization

/// What a full reading has come across, told by many readers at once.
final class SeenObjects: Sendable {
  private struct State {
    var ids: Set<String> = []
    var customers: Set<String> = []
    var clockCustomers: Set<String> = []
    var clocks: Set<String> = []
    var latest: Timestamp?
    /// Why a list could not be read, by its name.
    var refused: [String: (type: String, reason: String)] = [:]
  }

  private let state = Mutex(State())

  func note(_ snapshots: [Snapshot]) {
    state.withLock { state in
      for snapshot in snapshots {
        state.ids.insert(snapshot.id)
        state.latest = max(state.latest ?? snapshot.asOf, snapshot.asOf)
        let isDeleted = snapshot.isDeletion
        switch snapshot.type {
        case "customer" where !isDeleted:
          state.customers.insert(snapshot.id)
          if snapshot.object["test_clock"]?.string != nil {
            state.clockCustomers.insert(snapshot.id)
          }
        case "test_helpers.test_clock" where !isDeleted: state.clocks.insert(snapshot.id)
        default: break
        }
      }
    }
  }

  func note(refused list: SyncList, because reason: String) {
    state.withLock { $0.refused[list.name] = (list.type, reason) }
  }

  func has(_ id: String) -> Bool { state.withLock { $0.ids.contains(id) } }
  var customers: Set<String> { state.withLock { $0.customers } }
  var clockCustomers: Set<String> { state.withLock { $0.clockCustomers } }
  var clocks: Set<String> { state.withLock { $0.clocks } }
  /// The newest moment that Stripe's answers bore.
  var latest: Timestamp? { state.withLock { $0.latest } }
  var refusedTypes: Set<String> { state.withLock { Set($0.refused.values.map { $0.type }) } }

  /// `coupons: the key may not read them`, sorted.
  var refusals: [String] {
    state.withLock { state in state.refused.map { "\($0.key): \($0.value.reason)" }.sorted() }
  }
}
