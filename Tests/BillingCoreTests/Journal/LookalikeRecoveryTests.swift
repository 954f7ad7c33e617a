import Basics
import Stripe
import Testing

@testable import BillingCore

/// What looks like an operation's work and is another's: recovery is not taken in by it.
@Suite(.tags(.unit)) struct LookalikeRecoveryTests {
  private let recovery = RecoveryTests()
  private let path = "/v1/subscriptions/sub_1"

  /// How a plan is settled whose one answer was lost, by what is read a day later.
  private func settled(
    _ plan: OperationPlan, at path: String, reading query: String = "", _ found: JSON
  ) async throws -> BillingOperation.State? {
    let step = try #require(plan.requests.first)
    let target = "/" + step.path.segments.joined(separator: "/")
    let store = try await recovery.storeWithUnknown(
      plan, first: [("\(step.method.rawValue) \(target)", .failure(.cut))])
    let bench = try Workbench(
      [("GET \(path)\(query)", .json(found))], store: store, now: RecoveryTests.tomorrow)
    return try await recovery.recover(bench).first?.state
  }

  @Test(arguments: [
    ("launch", BillingOperation.State.done), ("other", .failed),
  ])
  func aDiscountIsKnownByItsCoupon(_ coupon: String, _ state: BillingOperation.State) async throws {
    for old in [false, true] {
      let id = JSON.string(coupon)
      let discount: JSONObject =
        old
        ? ["coupon": ["id": id]] : ["source": ["coupon": id], "promotion_code": .null]
      #expect(try await settled(.coupon("launch"), discount) == state)
    }
    // The coupon of another's promotion code is no proof.
    #expect(
      try await settled(
        .coupon("launch"), ["source": ["coupon": .string(coupon)], "promotion_code": "promo_1"])
        == .failed)
  }

  @Test(arguments: [("promo_1", BillingOperation.State.done), ("promo_2", .failed)])
  func aDiscountIsKnownByItsPromotionCode(_ id: String, _ state: BillingOperation.State)
    async throws
  {
    #expect(
      try await settled(
        .promotionCode(id: "promo_1"),
        ["source": ["coupon": "launch"], "promotion_code": .string(id)]) == state)
  }

  private func settled(
    _ discount: RedeemableDiscount, _ found: JSONObject
  ) async throws -> BillingOperation.State? {
    let plan = try SubscriptionPlanning.applyDiscount(
      Subscription(Sample.subscription()), discount,
      intent: OperationIntent(command: "discount apply", customerID: "cus_1", words: [:]))
    var object = found
    object["id"] = "di_1"
    object["object"] = "discount"
    return try await settled(
      plan, at: path, reading: "?expand[0]=discounts",
      Sample.subscription(changing: ["discounts": [.object(object)]]))
  }

  /// A trial that ran out by itself was not ended.
  @Test(arguments: [
    (noon.seconds, "active", BillingOperation.State.done), (noon.seconds, "past_due", .done),
    (noon.seconds + 7200, "active", .failed), (noon.seconds + 86_400, "trialing", .failed),
  ])
  func aTrialsEndIsKnownByItsTime(
    _ end: Int64, _ status: String, _ state: BillingOperation.State
  ) async throws {
    let trialing = Sample.subscription(
      status: "trialing", changing: ["trial_end": .integer(noon.seconds + 7200)])
    #expect(
      try await settled(
        SubscriptionPlanning.endTrial(Subscription(trialing)), at: path,
        Sample.subscription(status: status, changing: ["trial_end": .integer(end)])) == state)
  }

  private static let payments: [(Bool, JSONObject, BillingOperation.State)] = [
    (true, ["paid_out_of_band": true], .done), (true, ["paid_out_of_band": false], .failed),
    (true, ["amount_paid_off_stripe": 0], .failed), (true, ["amount_paid_off_stripe": 4900], .done),
    (false, ["paid_out_of_band": true], .failed), (false, ["paid_out_of_band": false], .done),
    (false, ["amount_paid_off_stripe": 4900], .failed),
    (false, ["amount_paid_off_stripe": 0], .done), (false, [:], .done),
  ]

  @Test(arguments: payments)
  func aPaymentIsKnownByWhereItWasMade(
    _ isOutOfBand: Bool, _ how: JSONObject, _ state: BillingOperation.State
  ) async throws {
    let plan = try InvoicePlanning.pay(
      Invoice(Sample.invoice()), isOutOfBand: isOutOfBand,
      intent: InvoicePlanning.payment(of: "in_1", isOutOfBand: isOutOfBand, customerID: "cus_1"))
    var paid = Sample.invoice(status: "paid").object ?? [:]
    for (key, value) in how { paid[key] = value }
    #expect(try await settled(plan, at: "/v1/invoices/in_1", .object(paid)) == state)
  }

  /// The licensed item stays as it is: only the metered ones tell whether it was done.
  @Test(arguments: [
    (["price_new"], BillingOperation.State.done), (["price_old"], .failed),
    (["price_old", "price_new"], .failed), ([String](), .failed),
  ])
  func aChangeOfMeteredItemsIsKnownByThem(
    _ metered: [String], _ state: BillingOperation.State
  ) async throws {
    let catalogue = try Catalogue.sample()
    var change = try PlanChange(
      PlanChangeRequest(.upgrade, to: "starter"), of: Subscription(subscription(["price_old"])),
      to: try #require(catalogue.plan("starter")), in: catalogue)
    change.target = .init(priceID: "price_starter", overagePriceIDs: ["price_new"])
    #expect(
      try await settled(change.operationPlan(), at: path, subscription(metered)) == state)
  }

  private func subscription(_ metered: [String]) -> JSON {
    var object =
      Sample.subscription(changing: ["metadata": ["billing_plan": "starter"]])
      .object ?? [:]
    var items = object["items"]?["data"]?.array ?? []
    for (index, price) in metered.enumerated() {
      items.append([
        "id": .string("si_\(index + 2)"), "object": "subscription_item",
        "price": Sample.price(price, metered: true), "quantity": .null,
        "current_period_start": 1_795_000_000, "current_period_end": 1_797_592_000,
        "metadata": [:],
      ])
    }
    object["items"] = ["object": "list", "has_more": false, "data": .array(items)]
    return .object(object)
  }
}
