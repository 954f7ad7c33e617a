import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct OccurrenceTests {
  private let pro = Sample.price("price_pro", product: "billing_pro", amount: 4900)

  /// A subscription that was made just now.
  private func subscription(
    _ status: String = "active", price: JSON = Sample.price(), changing changes: JSONObject = [:]
  ) -> JSON {
    Sample.subscription(
      status: status, price: price,
      changing: changes.with("created", .integer(noon.seconds - 60)))
  }

  @Test func aSubscriptionsLifeIsTold() throws {
    let bench = try Listening("subscription.*")
    let trial: JSONObject = ["trial_end": .integer(noon.seconds + 3)]
    try bench.take("customer.subscription.created", subscription("trialing", changing: trial))
    try bench.take(
      "customer.subscription.trial_will_end", subscription("trialing", changing: trial),
      at: noon + 1)
    try bench.take(
      "customer.subscription.updated", subscription(changing: trial), at: noon + 3)
    try bench.take(
      "customer.subscription.updated", subscription(price: pro, changing: trial), at: noon + 4)
    try bench.take(
      "customer.subscription.deleted",
      subscription("canceled", price: pro, changing: trial.with("ended_at", 1_795_168_805)),
      at: noon + 5)
    #expect(
      try bench.told() == [
        "subscription.created", "subscription.trial_ending", "subscription.trial_ended",
        "subscription.updated", "subscription.updated", "subscription.canceled",
      ])
    let data = try bench.messages().map { $0["data"] }
    #expect(
      data.map { $0?["status"] } == [
        "trialing", "trialing", "active", "active", "active", "canceled",
      ])
    #expect(data[3]?["previous"] == ["status": "trialing"])
    #expect(data[4]?["previous"] == ["plan": "starter"])
  }

  @Test func aMessageTellsWhatItHappenedTo() throws {
    let bench = try Listening("subscription.created")
    try bench.apply(Sample.customer(metadata: ["user_id": "u-7"]))
    try bench.take("customer.subscription.created", subscription())
    let message = try #require(try bench.messages().first)
    let parts = [
      #"{"id":"msg_0bd514364eb1fb96673cd842","type":"subscription.created","#,
      #""timestamp":"2026-11-20T09:59:00Z","data":{"customer":"cus_1","external_id":"u-7","#,
      #""id":"sub_1","status":"active","plan":"starter","interval":"month","#,
      #""interval_count":1,"quantity":1,"unit_amount":1900,"currency":"usd","#,
      #""current_period_start":"2026-11-18T11:06:40Z","#,
      #""current_period_end":"2026-12-18T11:06:40Z","trial_end":null,"cancel_at":null,"#,
      #""ended_at":null,"pause":null,"created":"2026-11-20T09:59:00Z"}}"#,
    ]
    #expect(message.compact == parts.joined())
  }

  /// Our own answer is there first, then the event, then a list, then the event by another id.
  @Test func whoeverTellsItItIsToldOnce() throws {
    let bench = try Listening("*")
    try bench.apply(subscription())
    try bench.take("customer.subscription.created", subscription())
    try bench.apply(subscription(), at: noon + 9, .page, cause: nil)
    try bench.take("customer.subscription.created", subscription(), id: "evt_other")
    try bench.take("customer.subscription.created", subscription(), force: true)
    #expect(try bench.told() == ["subscription.created"])
  }

  /// Whoever reads before the event comes in takes its news away, but for those who hear of it.
  @Test func whatIsReadFirstIsToldToo() throws {
    let bench = try Listening("*")
    try bench.apply(subscription(), .page, cause: nil)
    try bench.apply(subscription(price: pro), at: noon + 1, cause: nil)
    #expect(try bench.told() == ["subscription.created", "subscription.updated"])
  }

  @Test func aChangeThatIsPlannedIsAnUpdate() throws {
    let bench = try Listening("subscription.updated")
    try bench.apply(subscription())
    try bench.take(
      "subscription_schedule.updated",
      [
        "id": "sub_sched_1", "object": "subscription_schedule", "customer": "cus_1",
        "subscription": "sub_1", "status": "active", "created": 1_795_168_800, "livemode": false,
        "metadata": [:], "end_behavior": "release",
        "current_phase": ["start_date": 1_795_000_000, "end_date": 1_797_592_000],
        "phases": [
          ["start_date": 1_795_000_000, "end_date": 1_797_592_000, "items": [], "metadata": [:]],
          [
            "start_date": 1_797_592_000, "end_date": 1_800_270_400, "metadata": [:],
            "items": [["price": pro, "quantity": 1]],
          ],
        ],
      ])
    let data = try bench.messages().map { $0["data"] }
    #expect(
      data.map { $0?["pending_change"] } == ["pro month, from 2026-12-18T11:06:40Z on"])
    #expect(data.first??["previous"] == ["pending_change": .null])
  }

  // MARK: Who hears of what

  @Test func anEndpointHearsOfWhatItWants() throws {
    let bench = try Listening("invoice.*", "subscription.created")
    try bench.add("we_2", ["*.canceled"])
    try bench.take("customer.subscription.created", subscription())
    try bench.take(
      "customer.subscription.deleted",
      subscription("canceled", changing: ["ended_at": .integer(noon.seconds + 2)]), at: noon + 2)
    #expect(try bench.told() == ["subscription.created"])
    #expect(try bench.told("we_2") == ["subscription.canceled"])
  }

  @Test func anEndpointHearsOfWhatHappensFromThenOn() throws {
    let bench = try Listening("*", from: noon - 60)
    try bench.add("we_2", ["*"], from: noon - 59)
    try bench.take("customer.subscription.created", subscription())
    #expect(try bench.told() == ["subscription.created"])
    #expect(try bench.told("we_2") == [])
  }

  /// Three days before the newest event that is known are the limit.
  @Test func oldNewsIsNotTold() throws {
    let bench = try Listening("*failed", from: noon - 30 * 86_400)
    try bench.take("customer.updated", Sample.customer())
    let (old, young) = (noon - 3 * 86_400 - 1, noon - 3 * 86_400)
    try bench.take(
      "invoice.payment_failed", Sample.invoice("in_1"), at: old)
    try bench.take(
      "invoice.payment_failed", Sample.invoice("in_2"), at: young)
    #expect(try bench.messages().map { $0["data"]?["id"] } == ["in_2"])
  }

  /// Nobody was there while it happened, and nothing newer is known: so it is news.
  @Test func whatComesInItsOrderIsTold() throws {
    let bench = try Listening("*failed", from: noon - 30 * 86_400)
    for day in [20, 10, 0] as [Int64] {
      let moment = noon - day * 86_400
      try bench.take("invoice.payment_failed", Sample.invoice("in_\(day)"), at: moment)
    }
    #expect(try bench.messages().map { $0["data"]?["id"] } == ["in_20", "in_10", "in_0"])
  }

  @Test func aTestClockHasATimeOfItsOwn() throws {
    let bench = try Listening("*failed")
    let long = noon - 900 * 86_400
    try bench.take("customer.updated", Sample.customer("cus_2"))
    try bench.apply([
      "id": "clock_1", "object": "test_helpers.test_clock", "frozen_time": .integer(long.seconds),
      "created": 1_795_000_000, "livemode": false, "status": "ready",
    ])
    try bench.apply(
      .object(Sample.customer().object?.with("test_clock", "clock_1") ?? [:]))
    try bench.take("invoice.payment_failed", Sample.invoice("in_1"), at: long)
    try bench.take(
      "invoice.payment_failed",
      .object(Sample.invoice("in_2").object?.with("customer", "cus_2") ?? [:]), at: long)
    #expect(try bench.messages().map { $0["data"]?["id"] } == ["in_1"])
  }

  /// Another catalogue names the plan differently: nothing happened to the customer.
  @Test func anotherCatalogueIsNoNews() throws {
    let bench = try Listening("*")
    try bench.apply(subscription())
    let other = StripeMirror(planOfPrice: { _ in "gold" }, externalIDKeys: [])
    let snapshot = try #require(
      Snapshot(subscription(), origin: .page, asOf: noon, cause: nil))
    try bench.store.write { try other.renewColumns(of: snapshot, in: $0) }
    #expect(try bench.store.read { try $0.subscription("sub_1") }?.plan == "gold")
    #expect(try bench.told() == ["subscription.created"])
  }
}
