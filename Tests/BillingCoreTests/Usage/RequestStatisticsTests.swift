import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct RequestStatisticsTests {
  /// What is asked of the store, of events that are at hand, one group at a time.
  private struct Model {
    var events: [UsageEvent]

    func statistics(by grouping: RequestGrouping) -> [RequestStatistics] {
      let groups = Dictionary(grouping: events) { event in
        switch grouping {
        case .key: event.request.keyID
        case .endpoint: event.request.endpoint
        case .method: event.request.method
        case .status: event.request.statusCode.map { "\($0)" }
        case .day: event.at.iso8601Date
        }
      }
      return groups.map { value, events in
        let times = events.compactMap { $0.request.responseTimeMilliseconds }.sorted()
        return RequestStatistics(
          value: value, count: Int64(events.count),
          answered: Int64(events.count { $0.request.statusCode != nil }),
          errors: Int64(events.count { ($0.request.statusCode ?? 0) >= 400 }),
          median: Self.nearestRank(50, times), percentile95: Self.nearestRank(95, times))
      }
    }

    /// The smallest time that so many of 100 do not exceed.
    private static func nearestRank(_ percent: Int, _ times: [Int64]) -> Int64? {
      times.first { time in times.count { $0 <= time } * 100 >= percent * times.count }
    }
  }

  private func store(_ events: [UsageEvent]) throws -> Store {
    let store = try Store.inMemory(now: { noon })
    try store.write { transaction in
      for event in events { _ = try transaction.recordUsage(event) }
    }
    return store
  }

  private func randomEvents(_ dice: inout Numbers) -> [UsageEvent] {
    (0..<(1 + dice.below(120))).map { number in
      let isTimed = dice.below(4) > 0
      return UsageEvent(
        id: "e\(number)", customerID: "cus_\(dice.below(2))", meterID: "ai", quantity: 1,
        at: noon - Int64(dice.below(5 * 86_400)),
        request: UsageEvent.Request(
          keyID: ["k1", "k2", nil][dice.below(3)], endpoint: ["/a", "/b", "", nil][dice.below(4)],
          method: ["GET", "POST"][dice.below(2)],
          statusCode: [200, 204, 399, 400, 503, nil][dice.below(6)],
          responseTimeMilliseconds: isTimed ? Int64(dice.below(40)) : nil))
    }
  }

  @Test(arguments: 1...25 as ClosedRange<UInt64>)
  func itAgreesWithCountingByHand(_ seed: UInt64) throws {
    var dice = Numbers(seed: seed)
    let events = randomEvents(&dice)
    let store = try store(events)
    let start = noon - 2 * 86_400
    for grouping in RequestGrouping.allCases {
      let all = try store.read {
        try $0.requestStatistics(by: grouping, ofCustomer: nil, since: nil, limit: nil)
      }
      #expect(Set(all) == Set(Model(events: events).statistics(by: grouping)), "\(seed)")
      #expect(all.count == Set(all.map { $0.value }).count)
      let some = try store.read {
        try $0.requestStatistics(by: grouping, ofCustomer: "cus_1", since: start, limit: nil)
      }
      let chosen = events.filter { $0.customerID == "cus_1" && $0.at >= start }
      #expect(Set(some) == Set(Model(events: chosen).statistics(by: grouping)), "\(seed)")
    }
  }

  private func timed(_ times: [Int64]) -> [UsageEvent] {
    times.enumerated().map { number, time in
      UsageEvent(
        id: "e\(number)", customerID: "cus_1", meterID: "ai", quantity: 1, at: noon,
        request: UsageEvent.Request(responseTimeMilliseconds: time))
    }
  }

  /// Ranks at the edges: 95 of 20 is the 19th, of 21 the 20th.
  @Test(
    arguments: [
      ([7], 7, 7), ([1, 2], 1, 2), ([3, 1, 2], 2, 3), (Array(1...20), 10, 19),
      (Array(1...21), 11, 20), (Array(1...100), 50, 95), ([5, 5, 5, 5, 900], 5, 900),
      ([0, Int64.max], 0, Int64.max),
    ] as [([Int64], Int64, Int64)])
  func percentilesAreOfNearestRank(_ times: [Int64], _ median: Int64, _ high: Int64) throws {
    let all = try store(timed(times)).read {
      try $0.requestStatistics(by: .endpoint, ofCustomer: nil, since: nil, limit: nil)
    }
    #expect(all.map { $0.median } == [median] && all.map { $0.percentile95 } == [high])
  }

  @Test func theMostFrequentComeFirst() throws {
    var dice = Numbers(seed: 7)
    let store = try store(randomEvents(&dice))
    let all = try store.read {
      try $0.requestStatistics(by: .status, ofCustomer: nil, since: nil, limit: nil)
    }
    #expect(all.map { $0.count } == all.map { $0.count }.sorted(by: >))
    let first = try store.read {
      try $0.requestStatistics(by: .status, ofCustomer: nil, since: nil, limit: 2)
    }
    #expect(first == Array(all.prefix(2)))
    let days = try store.read {
      try $0.requestStatistics(by: .day, ofCustomer: nil, since: nil, limit: nil)
    }
    #expect(days.map { $0.value ?? "" } == days.map { $0.value ?? "" }.sorted(by: >))
  }

  @Test(
    arguments: [(0, 0, nil), (3, 1, 3333), (3, 2, 6667), (8, 1, 1250), (1_000_000, 1, 0)]
      as [(Int64, Int64, Int64?)])
  func theShareOfErrors(_ answered: Int64, _ errors: Int64, _ basisPoints: Int64?) {
    let statistics = RequestStatistics(
      value: nil, count: answered, answered: answered, errors: errors, median: nil,
      percentile95: nil)
    #expect(statistics.errorBasisPoints == basisPoints)
  }
}

/// Random numbers that are the same for the same seed: SplitMix64
/// (https://prng.di.unimi.it/splitmix64.c).
private struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
