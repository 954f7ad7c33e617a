import Basics
import GRDB
import Stripe
import Testing

@testable import BillingCore

/// What comes through the one door leaves stretches behind.
@Suite(.tags(.unit)) struct RevenueMirrorTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  private func apply(_ json: JSON, at age: Int64) throws {
    let snapshot = try #require(
      Snapshot(json, origin: .response, asOf: Timestamp(age), cause: "op_1"))
    try store.write { _ = try StripeMirror.sample.apply(snapshot, in: $0) }
  }

  private func stretches() throws -> [String] {
    try store.read { try $0.revenueStretches(ofSubscription: "sub_1") }.map {
      "\($0.from.seconds)..\($0.until == .latest ? 0 : $0.until.seconds) \($0.status) "
        + "\($0.planID ?? "-") \($0.yearlyAmount)"
    }
  }

  @Test func aLifeIsStretchAfterStretch() throws {
    let pro = Sample.price("price_pro", product: "billing_pro", amount: 4900)
    try apply(Sample.subscription(), at: 1_795_000_010)
    try apply(Sample.subscription(price: pro), at: 1_795_000_100)
    try apply(Sample.subscription(status: "past_due", price: pro), at: 1_795_000_200)
    try apply(Sample.subscription(status: "unpaid", price: pro), at: 1_795_000_300)
    try apply(
      Sample.subscription(status: "canceled", price: pro, changing: ["ended_at": 1_795_000_400]),
      at: 1_795_000_555)
    #expect(
      try stretches() == [
        "1795000000..1795000100 active starter 22800",
        "1795000100..1795000200 active pro 58800", "1795000200..1795000300 past_due pro 58800",
        "1795000300..1795000400 unpaid pro 0", "1795000400..0 canceled pro 0",
      ])
  }

  /// A discount is told of after the subscription that has it, and its coupon with it.
  @Test func aDiscountCountsWhenItIsTold() throws {
    let having: JSONObject = ["discounts": ["di_1"]]
    try apply(Sample.subscription(changing: having), at: 1_795_000_010)
    let coupon: JSON = [
      "id": "half", "object": "coupon", "percent_off": 50, "duration": "forever",
      "created": 1_795_000_000, "livemode": false, "valid": true, "metadata": [:],
    ]
    try apply(
      [
        "id": "di_1", "object": "discount", "subscription": "sub_1", "end": .null,
        "source": ["type": "coupon", "coupon": coupon],
      ], at: 1_795_000_020)
    #expect(
      try stretches() == [
        "1795000000..1795000020 active starter 22800", "1795000020..0 active starter 11400",
      ])
  }

  @Test func whatRanBeforeTheTableWasMadeHasItsPast() throws {
    let queue = try DatabaseQueue()
    try Migrations.migrator.migrate(queue, upTo: "8 api keys")
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO subscriptions (id, customer, status, plan, currency, cancel_at_period_end,
            created, created_at, updated_at)
          VALUES ('sub_1', 'cus_1', 'canceled', 'starter', 'usd', 0, 50, 0, 0);
          INSERT INTO subscription_items (id, subscription, price, usage_type, quantity, interval,
            interval_count, unit_amount, created_at, updated_at)
          VALUES ('si_1', 'sub_1', 'price_1', 'licensed', 2, 'month', 3, 5400, 0, 0),
            ('si_2', 'sub_1', 'price_2', 'metered', NULL, 'month', 1, 1, 0, 0);
          INSERT INTO subscription_changes (subscription, customer, at, kind, from_value, to_value,
            created_at, updated_at)
          VALUES ('sub_1', 'cus_1', 60, 'status', NULL, 'incomplete', 0, 0),
            ('sub_1', 'cus_1', 60, 'status', 'incomplete', 'trialing', 0, 0),
            ('sub_1', 'cus_1', 90, 'status', 'trialing', 'active', 0, 0),
            ('sub_1', 'cus_1', 95, 'plan', 'free', 'starter', 0, 0),
            ('sub_1', 'cus_1', 200, 'status', 'active', 'canceled', 0, 0)
          """)
    }
    try Migrations.migrator.migrate(queue)
    let rows = try queue.read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM revenue_stretches ORDER BY from_at").map {
        let (from, until, yearly): (Int64, Int64, Int64) =
          ($0["from_at"], $0["until_at"], $0["yearly_amount"])
        let (status, trial): (String, Int64?) = ($0["status"], $0["trial_ended_at"])
        return "\(from)..\(until) \(status) \(yearly) \(trial ?? 0)"
      }
    }
    #expect(
      rows == [
        "50..90 trialing 0 0", "90..200 active 43200 90", "200..253402300799 canceled 0 90",
      ])
  }
}
