import Basics
import GRDB
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct EntitlementTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  private func apply(
    _ json: JSON, at age: Int64, cause: String, mirror: StripeMirror = .sample
  ) throws {
    let snapshot = try #require(
      Snapshot(json, origin: .response, asOf: Timestamp(age), cause: cause))
    try store.write { _ = try mirror.apply(snapshot, in: $0) }
  }

  private static let pro = Sample.price("price_pro", product: "billing_pro")

  /// Every stretch as `plan from..until due since (cause)`.
  private func stretches() throws -> [String] {
    try store.read { try $0.entitlements(ofCustomer: "cus_1") }.map { stretch in
      let due = stretch.pastDueSince.map { " due \($0.seconds)" } ?? ""
      return "\(stretch.planID ?? "-") \(stretch.from.seconds)..\(stretch.until?.seconds ?? 0)"
        + "\(due) (\(stretch.cause ?? "-"))"
    }
  }

  @Test func aPlanIsGivenByTheTransitionThatCausesIt() throws {
    try apply(Sample.subscription(status: "incomplete"), at: 1_795_000_010, cause: "op_1")
    #expect(try stretches().isEmpty)
    try apply(Sample.subscription(), at: 1_795_000_020, cause: "evt_1")
    try apply(Sample.subscription(quantity: 2), at: 1_795_000_030, cause: "op_2")
    try apply(Sample.subscription(price: Self.pro, quantity: 2), at: 1_795_000_040, cause: "op_3")
    try apply(
      Sample.subscription(
        status: "canceled", price: Self.pro, changing: ["ended_at": 1_795_000_050]),
      at: 1_795_000_055, cause: "evt_2")
    #expect(
      try stretches() == [
        "starter 1795000020..1795000040 (evt_1)", "pro 1795000040..1795000050 (op_3)",
      ])
  }

  @Test func aNewSubscriptionGivesFromItsBeginningOn() throws {
    try apply(Sample.subscription(status: "trialing"), at: 1_795_000_900, cause: "evt_1")
    try apply(Sample.subscription(), at: 1_795_001_000, cause: "evt_2")
    #expect(try stretches() == ["starter 1795000000..0 (evt_1)"])
  }

  @Test func aCancellationSetsTheEndAndTakingItBackRemovesIt() throws {
    try apply(Sample.subscription(), at: 1_795_000_001, cause: "op_1")
    try apply(
      Sample.subscription(changing: ["cancel_at_period_end": true]), at: 1_795_000_002,
      cause: "op_2")
    #expect(try stretches() == ["starter 1795000000..1797592000 (op_1)"])
    try apply(Sample.subscription(), at: 1_795_000_003, cause: "op_3")
    #expect(try stretches() == ["starter 1795000000..0 (op_1)"])
  }

  @Test func thePaymentThatIsDueIsRememberedThroughAChangeOfPlan() throws {
    try apply(Sample.subscription(), at: 1_795_000_001, cause: "op_1")
    try apply(Sample.subscription(status: "past_due"), at: 1_795_000_100, cause: "evt_1")
    try apply(
      Sample.subscription(status: "past_due", price: Self.pro), at: 1_795_000_200, cause: "evt_2")
    try apply(Sample.subscription(price: Self.pro), at: 1_795_000_300, cause: "evt_3")
    try apply(
      Sample.subscription(status: "past_due", price: Self.pro), at: 1_795_000_400, cause: "evt_4")
    try apply(
      Sample.subscription(status: "unpaid", price: Self.pro), at: 1_795_000_500, cause: "evt_5")
    try apply(Sample.subscription(price: Self.pro), at: 1_795_000_600, cause: "evt_6")
    #expect(
      try stretches() == [
        "starter 1795000000..1795000100 (op_1)",
        "starter 1795000100..1795000200 due 1795000100 (evt_1)",
        "pro 1795000200..1795000300 due 1795000100 (evt_2)",
        "pro 1795000300..1795000400 (evt_3)",
        "pro 1795000400..1795000500 due 1795000400 (evt_4)",
        "pro 1795000600..0 (evt_6)",
      ])
  }

  /// So a mirror that is made anew gives no second grace.
  @Test func whatIsPastDueWhenItIsFirstSeenIsSoSinceItsPeriodBegan() throws {
    try apply(Sample.subscription(status: "past_due"), at: 1_796_000_000, cause: "evt_1")
    #expect(try stretches() == ["starter 1795000000..0 due 1795000000 (evt_1)"])
  }

  @Test func olderNewsGivesAndTakesNothing() throws {
    try apply(Sample.subscription(), at: 1_795_000_200, cause: "op_1")
    try apply(Sample.subscription(status: "unpaid"), at: 1_795_000_100, cause: "evt_1")
    try apply(Sample.subscription(), at: 1_795_000_300, cause: "evt_2")
    #expect(try stretches() == ["starter 1795000000..0 (op_1)"])
  }

  /// Without its plan the catalogue knows nothing of the product, and the customer is on it still.
  @Test func aPlanThatLeftTheCatalogueIsStillTheOneHeld() throws {
    try apply(Sample.subscription(), at: 1_795_000_001, cause: "op_1")
    let without = StripeMirror(planOfPrice: { _ in nil }, externalIDKeys: [])
    try apply(Sample.subscription(quantity: 2), at: 1_795_000_002, cause: "op_2", mirror: without)
    #expect(try store.read { try $0.subscription("sub_1") }?.plan == "starter")
    #expect(try stretches() == ["starter 1795000000..0 (op_1)"])
  }

  @Test func whatRanBeforeTheTableWasMadeHasItsRights() throws {
    let queue = try DatabaseQueue()
    try Migrations.migrator.migrate(queue, upTo: "1 the mirror and the journal")
    try queue.write { database in
      for (id, status, ends) in [
        ("sub_1", "active", "NULL"), ("sub_2", "past_due", "NULL"), ("sub_3", "trialing", "1"),
        ("sub_4", "canceled", "NULL"),
      ] {
        try database.execute(
          sql: """
            INSERT INTO subscriptions (id, customer, status, plan, currency,
              current_period_start, current_period_end, cancel_at_period_end, created,
              created_at, updated_at)
            VALUES ('\(id)', 'cus_1', '\(status)', 'starter', 'usd', 100, 200,
              \(ends == "1" ? 1 : 0), 50, 0, 0)
            """)
      }
      try database.execute(
        sql: """
          INSERT INTO subscription_changes (subscription, customer, at, kind, to_value, cause,
            created_at, updated_at)
          VALUES ('sub_2', 'cus_1', 50, 'created', 'starter', 'op_1', 0, 0),
            ('sub_2', 'cus_1', 150, 'status', 'past_due', 'evt_1', 0, 0)
          """)
    }
    try Migrations.migrator.migrate(queue)
    let migrated = Store(path: ":memory:", isReadOnly: false, queue: queue, now: { noon })
    let found = try migrated.read { try $0.entitlements(ofCustomer: "cus_1") }
    #expect(
      found.map {
        "\($0.subscriptionID) \($0.from.seconds) \($0.until?.seconds ?? 0) "
          + "\($0.pastDueSince?.seconds ?? 0) \($0.cause ?? "-")"
      } == ["sub_1 50 0 0 -", "sub_2 50 0 150 evt_1", "sub_3 50 200 0 -"])
  }
}
