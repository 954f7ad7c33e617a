import Basics
import BillingCore
import Testing

/// The limiter beside a plain model of what it promises, with a clock that goes forwards, stands and
/// is set back, and a plan whose limits change.
@Suite(.tags(.unit)) struct KeyLimitPropertyTests {
  /// The requests that were let through. Of a key those count that are less than a minute away, and
  /// each one makes the others forgotten; of a customer those of the month.
  private struct Model {
    var recent: [[Timestamp]] = [[], []]
    var all: [Timestamp] = []

    mutating func admit(_ key: Int, at now: Timestamp) {
      recent[key] = recent[key].filter { abs($0 - now) < 60 } + [now]
      all.append(now)
    }

    func hasRate(_ rate: Int64?, of key: Int, at now: Timestamp) -> Bool {
      let count = recent[key].filter { abs($0 - now) < 60 }.count
      return rate.map { count < $0 } ?? true
    }

    func hasQuota(_ quota: Int64?, at now: Timestamp) -> Bool {
      let month = CivilTime(now)
      let count = all.filter {
        let other = CivilTime($0)
        return other.year == month.year && other.month == month.month
      }.count
      return quota.map { count < $0 } ?? true
    }
  }

  private static func catalogue(_ rate: Int64?, _ quota: Int64?) throws -> Catalogue {
    let word = { (limit: Int64?) in limit.map { "\($0)" } ?? "unlimited" }
    return try Catalogue(
      yaml: """
        version: 1
        currency: usd
        default_plan: free
        plans:
          - id: free
            name: Free
            rank: 0
            api: { rate_limit_per_minute: \(word(rate)), monthly_quota: \(word(quota)) }
        """, file: "plans.yaml")
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func noMoreAndNoLessThanTheModel(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let limits: [(Int64?, Int64?)] = [(3, 500), (10, 60), (7, nil), (nil, 40), (nil, nil)]
    let catalogues = try limits.map { try Self.catalogue($0.0, $0.1) }
    let store = try Store.inMemory(now: { TestWorld.start })
    let keys = try (1...2).map { try Self.key($0, store) }
    var model = Model()
    var (now, plan) = (TestWorld.start, 0)
    for step in 0..<1500 {
      now = now + Self.step(&dice)
      if dice.below(60) == 0 { plan = dice.below(limits.count) }
      let key = dice.below(4) == 0 ? 1 : 0
      let (rate, quota) = limits[plan]
      let place = "seed \(seed), step \(step)"
      let expected = model.hasRate(rate, of: key, at: now) && model.hasQuota(quota, at: now)
      let decision = try store.write { try $0.admit(keys[key], in: catalogues[plan], at: now) }
      try #require(decision.isValid == expected, "\(place)")
      if decision.isValid {
        model.admit(key, at: now)
      } else {
        try expectWait(of: decision, at: now, model, key, limits[plan], place)
      }
    }
    #expect(model.all.count > 40 && model.all.count < 1500)
  }

  /// Mostly seconds, often none, sometimes a day, and sometimes backwards.
  private static func step(_ dice: inout Dice) -> Int64 {
    switch dice.below(100) {
    case 0: -Int64(dice.below(200))
    case 1: -Int64(dice.below(40))
    case 2: Int64(dice.below(20)) * 86_400
    case 3..<20: Int64(dice.below(90))
    case 20..<50: Int64(dice.below(6))
    default: 0
    }
  }

  private static func key(_ number: Int, _ store: BillingCore.Store) throws -> APIKeySecret {
    let secret = APIKeySecret(
      prefix: "cdt", mode: .test, random: String(repeating: "\(number)", count: 43))
    let request = APIKey.Request(
      customerID: "cus_1", name: nil, expiresAt: nil, actor: "ada",
      change: OwnChange("apikey create", meaning: "", key: nil))
    _ = try store.write {
      try $0.issue(
        request, as: APIKey.Fresh(id: "key_\(number)", secret: secret), at: TestWorld.start)
    }
    return secret
  }

  /// Who waits as long as it was told is let through, and a second earlier is not.
  private func expectWait(
    of decision: APIKeyDecision, at now: Timestamp, _ model: Model, _ key: Int,
    _ limits: (rate: Int64?, quota: Int64?), _ place: String
  ) throws {
    let seconds = try #require(decision.retryAfterSeconds, "\(place)")
    try #require(seconds > 0, "\(place)")
    switch decision.reason {
    case .rateLimited:
      // What was counted further ahead than a minute comes to count again while one waits.
      guard model.recent[key].allSatisfy({ $0 - now < 60 }) else { return }
      #expect(model.hasRate(limits.rate, of: key, at: now + seconds), "\(place)")
      #expect(!model.hasRate(limits.rate, of: key, at: now + (seconds - 1)), "\(place)")
    case .quotaExceeded:
      let next = CivilTime(now + seconds)
      #expect([next.day, next.hour, next.minute, next.second] == [1, 0, 0, 0], "\(place)")
      #expect(!model.hasQuota(limits.quota, at: now + (seconds - 1)), "\(place)")
    default: Issue.record("\(place): \(decision)")
    }
  }
}
