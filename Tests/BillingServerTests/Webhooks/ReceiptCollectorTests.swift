import Basics
import BillingCore
import Stripe
import Synchronization
import Testing

@testable import BillingServer

@Suite(.tags(.unit)) struct ReceiptCollectorTests {
  /// A queue that runs when it is told to, and a disk that notes what it is given.
  private final class Bench: Sendable {
    struct State {
      var queue: [@Sendable () -> Void] = []
      var batches: [[String]] = []
    }

    let state = Mutex(State())
    var batches: [[String]] { state.withLock { $0.batches } }
    let unacceptable: Set<String>

    init(unacceptable: Set<String> = []) { self.unacceptable = unacceptable }

    var collector: ReceiptCollector {
      ReceiptCollector { work in
        self.state.withLock { $0.queue.append(work) }
      } keep: { events in
        let ids = events.map { $0.event.id }
        self.state.withLock { $0.batches.append(ids) }
        guard self.unacceptable.isDisjoint(with: ids) else {
          throw StoreError.failed(path: "x.db", detail: "unacceptable")
        }
        return ids.map { $0 == "evt_2" ? .again : .kept }
      }
    }

    func runQueue() {
      let queue = state.withLock { state in
        defer { state.queue = [] }
        return state.queue
      }
      for work in queue { work() }
    }
  }

  private func event(_ number: Int) throws -> IncomingEvent {
    try IncomingEvent(ListenerBench.event("evt_\(number)"), verdict: .verified)
  }

  /// Each task has come to its wait when it is returned.
  private func keep(
    _ numbers: ClosedRange<Int>, _ collector: ReceiptCollector
  ) throws -> [Task<String, Never>] {
    try numbers.map { number in
      let event = try event(number)
      return Task.immediate {
        do { return "\(try await collector.keep(event))" } catch { return "failed" }
      }
    }
  }

  private func values(_ tasks: [Task<String, Never>]) async -> [String] {
    var values: [String] = []
    for task in tasks { values.append(await task.value) }
    return values
  }

  @Test func whoWaitsTogetherIsWrittenTogether() async throws {
    let bench = Bench()
    let collector = bench.collector
    let first = try keep(1...3, collector)
    #expect(bench.batches == [])
    bench.runQueue()
    let second = try keep(4...5, collector)
    bench.runQueue()
    #expect(bench.batches == [["evt_1", "evt_2", "evt_3"], ["evt_4", "evt_5"]])
    #expect(await values(first) == ["kept", "again", "kept"])
    #expect(await values(second) == ["kept", "kept"])
  }

  @Test func oneThatCannotBeKeptDoesNotTakeTheOthersAlong() async throws {
    let bench = Bench(unacceptable: ["evt_1"])
    let tasks = try keep(1...3, bench.collector)
    bench.runQueue()
    #expect(await values(tasks) == ["failed", "again", "kept"])
    #expect(bench.batches == [["evt_1", "evt_2", "evt_3"], ["evt_1"], ["evt_2"], ["evt_3"]])
  }
}
