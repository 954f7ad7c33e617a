import Basics
import Foundation
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct RecurringRevenueTests {
  private static let created: Int64 = 1_795_000_000

  private func subscription(
    _ price: JSON = Sample.price(), quantity: Int64 = 1, status: String = "active",
    changing changes: JSONObject = [:]
  ) throws -> Subscription {
    try Subscription(
      Sample.subscription(status: status, price: price, quantity: quantity, changing: changes))
  }

  private func price(_ amount: Int64, every count: Int64, _ unit: String) -> JSON {
    var price = Sample.price(amount: amount).object ?? [:]
    price["recurring"] = [
      "interval": .string(unit), "interval_count": .integer(count), "usage_type": "licensed",
      "meter": .null,
    ]
    return .object(price)
  }

  @Test(
    arguments: [
      (1900, 1, "month", 22_800), (5400, 3, "month", 21_600), (19_000, 1, "year", 19_000),
      (500, 1, "week", 26_000), (10, 1, "day", 3_650), (100, 7, "month", 171),
      (19_000, 3, "year", 6_333), (100, 1, "fortnight", 0),
    ] as [(Int64, Int64, String, Int64)])
  func aPriceOfAnyIntervalIsWhatItComesToInAYear(
    _ amount: Int64, _ count: Int64, _ unit: String, _ yearly: Int64
  ) throws {
    let revenue = RecurringRevenue(
      subscription: try subscription(price(amount, every: count, unit)), reductions: [])
    #expect(revenue.yearlyAmount(at: noon) == yearly)
  }

  @Test func usageIsLeftOutAndQuantityCounts() throws {
    let metered = try subscription(Sample.price(metered: true))
    #expect(
      RecurringRevenue(subscription: metered, reductions: []).yearlyAmount(at: noon) == 0)
    let three = try subscription(quantity: 3)
    #expect(
      RecurringRevenue(subscription: three, reductions: []).yearlyAmount(at: noon) == 68_400)
  }

  /// A third off $19.00 is $6.33 off each bill; what is left of $5.00 off is not less than nothing.
  @Test(
    arguments: [
      (.init(percentOff: Decimal(string: "33.33")), 15_204), (.init(percentOff: 100), 0),
      (.init(amountOff: 500), 16_800), (.init(amountOff: 5000), 0),
      (.init(itemID: "si_2", percentOff: 50), 22_800),
      (.init(itemID: "si_1", amountOff: 900), 12_000),
      (.init(percentOff: 50, end: noon), 22_800), (.init(percentOff: 50, end: noon + 1), 11_400),
    ] as [(RecurringRevenue.Reduction, Int64)])
  func discountsAreTakenOffEachBill(_ reduction: RecurringRevenue.Reduction, _ yearly: Int64) throws
  {
    let revenue = RecurringRevenue(subscription: try subscription(), reductions: [reduction])
    #expect(revenue.yearlyAmount(at: noon) == yearly)
  }

  // MARK: Stretches

  /// `from..until status amount trial-ended` of each, in seconds after the subscription was made.
  private func words(_ stretches: [RevenueStretch]?) -> [String] {
    (stretches ?? []).map { stretch in
      let until = stretch.until == .latest ? "" : "\(stretch.until.seconds - Self.created)"
      let trial = stretch.trialEndedAt.map { " trial \($0.seconds - Self.created)" } ?? ""
      return "\(stretch.from.seconds - Self.created)..\(until) \(stretch.status) "
        + "\(stretch.yearlyAmount)\(trial)"
    }
  }

  private func told(
    _ subscription: Subscription, at age: Int64, reductions: [RecurringRevenue.Reduction] = [],
    after known: [RevenueStretch] = []
  ) -> [RevenueStretch]? {
    RevenueHistory(
      RecurringRevenue(subscription: subscription, reductions: reductions), planID: "starter",
      toldAt: Timestamp(Self.created + age)
    ).stretches(after: known)
  }

  private static let firsts: [(status: String, changes: JSONObject, stretches: [String])] = [
    ("active", [:], ["0.. active 22800"]),
    ("trialing", ["trial_end": 1_795_900_000], ["0.. trialing 0"]),
    ("incomplete", [:], ["0.. incomplete 0"]),
    (
      "active", ["trial_end": 1_795_000_100],
      ["0..100 trialing 0", "100.. active 22800 trial 100"]
    ),
    (
      "canceled", ["trial_end": 1_795_000_100, "ended_at": 1_795_000_300],
      ["0..100 trialing 0", "100..300 active 22800 trial 100", "300.. canceled 0 trial 100"]
    ),
    (
      "canceled", ["trial_end": 1_795_000_900, "ended_at": 1_795_000_300],
      ["0..300 trialing 0", "300.. canceled 0 trial 300"]
    ),
    ("past_due", [:], ["0.. past_due 22800"]),
  ]

  /// What was never told of has the past that its own dates tell.
  @Test(arguments: firsts.indices) func whatIsFirstToldHasAPast(_ index: Int) throws {
    let (status, changes, expected) = Self.firsts[index]
    #expect(words(told(try subscription(status: status, changing: changes), at: 500)) == expected)
  }

  @Test func aDiscountThatEndsIsAnEndThatIsKnown() throws {
    let reductions = [RecurringRevenue.Reduction(percentOff: 50, end: Timestamp(1_795_000_800))]
    let first = try #require(told(try subscription(), at: 5, reductions: reductions))
    #expect(words(first) == ["0..800 active 11400", "800.. active 22800"])
    #expect(told(try subscription(), at: 500, reductions: reductions, after: first) == nil)
    #expect(
      words(told(try subscription(status: "past_due"), at: 500, after: first))
        == ["500.. past_due 22800"])
  }

  @Test func aTrialIsOverWhenSomethingElseIsTold() throws {
    let trial = try #require(told(try subscription(status: "trialing"), at: 5))
    let paid = try #require(told(try subscription(), at: 100, after: trial))
    #expect(words(paid) == ["100.. active 22800 trial 100"])
    let more = told(try subscription(quantity: 2), at: 200, after: paid)
    #expect(words(more) == ["200.. active 45600 trial 100"])
  }
}
