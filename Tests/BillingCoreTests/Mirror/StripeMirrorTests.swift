import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct StripeMirrorTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  @discardableResult
  func apply(
    _ json: JSON, at age: Int64 = 100, origin: Snapshot.Origin = .response, cause: String? = "op_1"
  ) throws -> [Transition] {
    let snapshot = try #require(
      Snapshot(json, origin: origin, asOf: Timestamp(age), cause: cause))
    return try store.write { try StripeMirror.sample.apply(snapshot, in: $0) }
  }

  func changes() throws -> [String] {
    try store.read { try $0.changes(ofCustomer: "cus_1") }
      .map { "\($0.kind.rawValue) \($0.from ?? "-") → \($0.to ?? "-") (\($0.cause ?? "-"))" }
  }

  @Test func aCustomerIsFoundByWhatItHas() throws {
    try apply(Sample.customer(metadata: ["user_id": "u-7"]))
    let byEmail = try store.read { try $0.customers(email: "ONE@example.com") }
    #expect(byEmail.map { $0.id } == ["cus_1"])
    #expect(try store.read { try $0.customers(externalID: "u-7") }.map { $0.id } == ["cus_1"])
    try apply(["id": "cus_1", "object": "customer", "deleted": true], at: 101)
    #expect(try store.read { try $0.customers(email: "one@example.com") }.isEmpty)
    #expect(try store.read { try $0.customer("cus_1") }?.isDeleted == true)
    try apply(Sample.customer(), at: 102)
    #expect(try store.read { try $0.customer("cus_1") }?.isDeleted == true)
  }

  @Test func aLifeLeavesItsHistory() throws {
    try apply(Sample.subscription(status: "trialing", changing: ["trial_end": 1_795_600_000]))
    try apply(Sample.subscription(changing: ["trial_end": 1_795_600_000]), at: 101)
    try apply(
      Sample.subscription(
        price: Sample.price("price_pro", product: "billing_pro"),
        changing: ["trial_end": 1_795_600_000]), at: 102)
    try apply(
      Sample.subscription(
        price: Sample.price("price_pro", product: "billing_pro"), quantity: 3,
        changing: ["trial_end": 1_795_600_000, "cancel_at_period_end": true]), at: 103,
      cause: "op_2")
    try apply(
      Sample.subscription(
        status: "canceled", price: Sample.price("price_pro", product: "billing_pro"), quantity: 3,
        changing: ["trial_end": 1_795_600_000, "cancel_at_period_end": true]), at: 104,
      origin: .event(id: "evt_1", previous: nil), cause: "evt_1")
    #expect(
      try changes() == [
        "created - → starter (op_1)", "status - → trialing (op_1)",
        "status trialing → active (op_1)", "plan starter → pro (op_1)",
        "quantity 1 → 3 (op_2)", "cancellation - → 2026-12-18T11:06:40Z (op_2)",
        "status active → canceled (evt_1)",
      ])
  }

  @Test func tellingItAgainOrLateChangesNothing() throws {
    try apply(Sample.subscription(), at: 100)
    #expect(try apply(Sample.subscription(), at: 200).isEmpty)
    #expect(try apply(Sample.subscription(status: "incomplete"), at: 50).isEmpty)
    #expect(try store.read { try $0.subscription("sub_1") }?.status == "active")
  }

  @Test func whatIsExpandedIsTakenInByItself() throws {
    let transitions = try apply(
      Sample.subscription(changing: ["customer": Sample.customer()]))
    #expect(transitions.map { $0.kind } == [.created, .status])
    #expect(try store.read { try $0.customer("cus_1") }?.email == "one@example.com")
    let stored = try store.read { try $0.objectJSON("sub_1") }
    #expect(stored?["customer"] == "cus_1")
    #expect(try apply(Sample.subscription(), at: 100).isEmpty)
  }

  @Test func secretsAreNotKept() throws {
    try apply(Sample.subscription(changing: ["client_secret": "pi_1_secret_x"]))
    #expect(try store.read { try $0.objectJSON("sub_1") }?["client_secret"] == nil)
  }

  @Test func whatIsMalformedLeavesNothing() throws {
    #expect(throws: MalformedObject.self) {
      try apply(Sample.subscription(changing: ["items": "none"]))
    }
    #expect(try store.read { try $0.objectCounts() }.isEmpty)
  }

  @Test func theLicensedItemTellsThePlan() throws {
    var json = Sample.subscription()
    let metered: JSON = [
      "id": "si_0", "object": "subscription_item", "metadata": [:],
      "price": Sample.price("price_m", product: "billing_meter", metered: true),
    ]
    json = .object(
      json.object!.with("items", ["data": .array([metered] + json["items"]!["data"]!.array!)]))
    try apply(json)
    let row = try store.read { try $0.subscription("sub_1") }
    #expect(row?.plan == "starter")
    #expect(row?.priceID == "price_starter")
  }
}

extension JSONObject {
  func with(_ key: String, _ value: JSON) -> JSONObject {
    var copy = self
    copy[key] = value
    return copy
  }
}
