import Basics
import Stripe
import Testing

@testable import BillingCore
@testable import billing

/// The figures against a model that is too simple to be wrong: random lives of subscriptions, kept
/// as a list of what was told of each, and every figure worked out by looking through all of them.
@Suite(.tags(.integration)) struct MetricsPropertyTests {
  @Test(arguments: Array(1...10) as [UInt64]) func theFiguresAreAsTheModels(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let lives = (0..<60).map { Life.random($0, &dice) }
    let store = try BillingCore.Store.inMemory(now: { Timestamp(0) })
    try store.write { transaction in
      for life in lives {
        for telling in life.tellings {
          try transaction.recordRevenue(
            of: life.subscription(telling), planID: telling.price.plan, toldAt: telling.at)
        }
      }
    }
    for _ in 0..<20 {
      let start = Life.epoch + Int64(dice.below(300)) * 86_400
      let end = start + Int64(1 + dice.below(120)) * 86_400
      let period = BillingCore.Metrics.Period(start: start, end: end)
      let metrics = try store.read { try $0.metrics(over: period, currency: "usd") }
      let model = Model(lives: lives, period: period)
      try #require(metrics.movements == model.movements, "seed \(seed), \(period)")
      try #require(metrics.trials == model.trials, "seed \(seed), \(period)")
      try #require(Set(metrics.plans) == Set(model.plans), "seed \(seed), \(period)")
      let moves =
        metrics.newMRR + metrics.expansionMRR + metrics.reactivationMRR - metrics.contractionMRR
        - metrics.churnMRR
      try #require(metrics.startMRR + moves == metrics.mrr, "seed \(seed), \(period)")
      try #require(metrics.planMRR.reduce(0, +) == metrics.mrr, "seed \(seed), \(period)")
      let months = try store.read { try $0.monthlyRevenue(at: [start, end], currency: "usd") }
      try #require(months == [metrics.startMRR, metrics.mrr], "seed \(seed), \(period)")
    }
  }
}

/// A subscription, and what was told of it.
private struct Life {
  struct Price {
    let plan: String
    let amount: Int64
    let interval: String
    let count: Int64
    /// How many bills a year has.
    let bills: Int64
  }

  struct Telling {
    let at: Timestamp
    let status: String
    let price: Price
    let quantity: Int64

    var yearly: Int64 {
      ["active", "past_due"].contains(status) ? price.amount * quantity * price.bills : 0
    }
  }

  static let epoch = Timestamp(1_795_000_000)
  static let prices = [
    Price(plan: "starter", amount: 1900, interval: "month", count: 1, bills: 12),
    Price(plan: "pro", amount: 5400, interval: "month", count: 3, bills: 4),
    Price(plan: "pro", amount: 19_000, interval: "year", count: 1, bills: 1),
  ]

  let id: String
  let customer: String
  let tellings: [Telling]

  /// Two in three share their customer with another.
  static func random(_ number: Int, _ dice: inout Dice) -> Life {
    var at = epoch + Int64(dice.below(250)) * 86_400
    var status = dice.one(of: ["trialing", "active", "incomplete"])
    var tellings: [Telling] = []
    for _ in 0..<(1 + dice.below(8)) {
      tellings.append(
        Telling(
          at: at, status: status, price: dice.one(of: prices), quantity: Int64(1 + dice.below(3))))
      if status == "canceled" { break }
      // Now and then two tellings are of one second.
      at = at + Int64(dice.one(of: [0, 3600, 86_400, 20 * 86_400, 60 * 86_400]))
      status = dice.one(
        of: ["trialing", "active", "active", "active", "past_due", "unpaid", "paused", "canceled"])
    }
    return Life(id: "sub_\(number)", customer: "cus_\(number / 3 * 2 % 31)", tellings: tellings)
  }

  func subscription(_ telling: Telling) throws -> Subscription {
    let isOver = telling.status == "canceled"
    let created = tellings[0].at.seconds
    let price: JSON = [
      "id": "price_1", "object": "price", "active": true, "currency": "usd", "created": 1,
      "livemode": false, "metadata": [:], "product": .string(telling.price.plan),
      "unit_amount": .integer(telling.price.amount), "billing_scheme": "per_unit",
      "recurring": [
        "interval": .string(telling.price.interval),
        "interval_count": .integer(telling.price.count), "usage_type": "licensed",
      ],
    ]
    return try Subscription([
      "id": .string(id), "object": "subscription", "customer": .string(customer),
      "status": .string(telling.status), "created": .integer(created), "currency": "usd",
      "livemode": false, "metadata": [:],
      "ended_at": isOver ? .integer(telling.at.seconds) : .null,
      "items": [
        "data": [
          [
            "id": .string("si_\(id)"), "object": "subscription_item", "price": price,
            "quantity": .integer(telling.quantity), "metadata": [:],
          ]
        ]
      ],
    ])
  }

  /// What held at a moment: the last that was told by then.
  func telling(at moment: Timestamp) -> Telling? { tellings.last { $0.at <= moment } }

  /// Whether it ever brought something for longer than no time, from a moment not after this one on.
  func hasPaid(by moment: Timestamp) -> Bool {
    tellings.indices.contains { index in
      let lasts = index + 1 == tellings.count || tellings[index + 1].at > tellings[index].at
      return lasts && tellings[index].at <= moment && tellings[index].yearly > 0
    }
  }

  /// When its last trial was over, as known at a moment at which it is in none.
  func trialEnd(by moment: Timestamp) -> Timestamp? {
    let told = tellings.filter { $0.at <= moment }
    guard let last = told.last, last.status != "trialing",
      let trial = told.lastIndex(where: { $0.status == "trialing" })
    else { return nil }
    return told[trial + 1].at
  }
}

private struct Model {
  let lives: [Life]
  let period: BillingCore.Metrics.Period

  var movements: RevenueMovements {
    var result = RevenueMovements()
    for (_, lives) in Dictionary(grouping: lives, by: { $0.customer }) {
      let brings = { (moment: Timestamp) in
        lives.reduce(Int64(0)) { $0 + ($1.telling(at: moment)?.yearly ?? 0) }
      }
      let (old, new) = (brings(period.start), brings(period.end))
      let isKnown = lives.contains { $0.hasPaid(by: period.start) }
      result.start += old
      result.end += new
      if old > 0 { result.customersAtStart += 1 }
      if new > 0 { result.customersAtEnd += 1 }
      if brings(period.end - 30 * 86_400) > 0, new == 0 { result.churnedInThirtyDays += 1 }
      switch (old, new) {
      case (0, _) where isKnown: result.reactivation += new
      case (0, _): result.new += new
      case (_, 0):
        result.churn += old
        result.churnedCustomers += 1
      case (_, _) where new > old: result.expansion += new - old
      default: result.contraction += old - new
      }
      if old > 0 { result.retained += new }
    }
    return result
  }

  var trials: Ratio {
    let ended = lives.filter { life in
      life.trialEnd(by: period.end).map { $0 > period.start && $0 <= period.end } ?? false
    }
    let active = ended.filter { $0.telling(at: period.end)?.status == "active" }
    return Ratio(part: Int64(active.count), whole: Int64(ended.count))
  }

  var plans: [PlanRevenue] {
    var plans: [String: PlanRevenue] = [:]
    for telling in lives.compactMap({ $0.telling(at: period.end) }) {
      let name = telling.price.plan
      var plan = plans[name] ?? PlanRevenue(planID: name)
      switch telling.status {
      case "active": plan.active += 1
      case "trialing": plan.trialing += 1
      case "past_due": plan.pastDue += 1
      default: continue
      }
      plan.yearlyAmount += telling.yearly
      plans[name] = plan
    }
    return Array(plans.values)
  }
}
