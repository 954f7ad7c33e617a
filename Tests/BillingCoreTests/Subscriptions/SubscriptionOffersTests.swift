import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct SubscriptionOffersTests {
  private func list(_ objects: [JSON]) -> ScriptedTransport.Answer {
    .json(["object": "list", "data": .array(objects), "has_more": false])
  }

  private func price(_ id: String, _ lookupKey: String) -> JSON {
    var price = Sample.price(id).object ?? [:]
    price["lookup_key"] = .string(lookupKey)
    return .object(price)
  }

  private static let prices =
    "GET /v1/prices?lookup_keys[0]=billing_starter_month"
    + "&lookup_keys[1]=billing_starter_overage_ai_month&active=true&limit=100"

  private func seeded() -> (String, ScriptedTransport.Answer) {
    (
      Self.prices,
      list([
        price("price_m", "billing_starter_month"),
        price("price_o", "billing_starter_overage_ai_month"),
      ])
    )
  }

  private func coupon(_ id: String, isValid: Bool = true) -> ScriptedTransport.Answer {
    .json([
      "id": .string(id), "object": "coupon", "duration": "once", "percent_off": 20,
      "valid": .bool(isValid), "created": 100, "livemode": false, "metadata": [:],
    ])
  }

  private func customer(defaultMethod: String? = nil) throws -> CustomerRow {
    var row = CustomerRow(try Customer(Sample.customer()), externalID: nil)
    row.defaultPaymentMethodID = defaultMethod
    return row
  }

  private func offer(
    _ expected: [(String, ScriptedTransport.Answer)], to customer: CustomerRow? = nil,
    plan planID: String = "starter",
    changing change: (inout SubscriptionOffers.Request) -> Void = { _ in }
  ) async throws -> SubscriptionOffer {
    let catalogue = try Catalogue.sample()
    let plan = try #require(catalogue.plan(planID))
    let month = try #require(BillingInterval(.month))
    var request = SubscriptionOffers.Request(plan: plan, price: try #require(plan.price(month)))
    change(&request)
    let bench = try Workbench(expected)
    defer { bench.transport.finish() }
    return try await SubscriptionOffers(gateway: bench.runner.gateway, catalogue: catalogue)
      .offer(request, to: customer)
  }

  @Test func pricesAreFoundByTheirLookupKeys() async throws {
    #expect(
      try await offer([seeded(), ("GET /v1/coupons/launch", coupon("launch"))]) { request in
        (request.quantity, request.trialDays, request.couponID) = (3, 7, "launch")
      }
        == SubscriptionOffer(
          planID: "starter", price: .listed("price_m"), overagePriceIDs: ["price_o"], quantity: 3,
          trialDays: 7, couponID: "launch", paymentBehavior: "default_incomplete"))
  }

  @Test func aPriceMadeElsewhereIsNotLookedFor() async throws {
    let offer = try await offer([], plan: "pro")
    #expect(offer.price == .listed("price_elsewhere") && offer.trialDays == nil)
  }

  @Test func pricesThatWereNeverSeeded() async throws {
    await #expect(
      throws: SubscriptionOffers.Missing.prices(lookupKeys: ["billing_starter_overage_ai_month"])
    ) {
      try await offer([(Self.prices, list([price("price_m", "billing_starter_month")]))])
    }
  }

  @Test func promotionCodes() async throws {
    let request = "GET /v1/promotion_codes?code=LAUNCH20&limit=100"
    let code = { (id: String, isActive: Bool) -> JSON in
      [
        "id": .string(id), "object": "promotion_code", "code": "LAUNCH20",
        "active": .bool(isActive), "created": 100, "livemode": false, "metadata": [:],
        "promotion": ["coupon": "launch", "type": "coupon"],
      ]
    }
    let found = try await offer(
      [(request, list([code("promo_1", false), code("promo_2", true)]))], plan: "pro"
    ) {
      $0.promotionCode = "LAUNCH20"
    }
    #expect(found.promotionCodeID == "promo_2")
    let others = (
      "GET /v1/promotion_codes?active=true&limit=100", list([code("promo_3", true)])
    )
    await #expect(
      throws: RedeemableDiscount.Refusal.unknownPromotionCode("LAUNCH20", known: ["LAUNCH20"])
    ) {
      try await offer([(request, list([])), others], plan: "pro") { $0.promotionCode = "LAUNCH20" }
    }
    await #expect(throws: RedeemableDiscount.Refusal.spentPromotionCode("LAUNCH20")) {
      try await offer([(request, list([code("promo_1", false)]))], plan: "pro") {
        $0.promotionCode = "LAUNCH20"
      }
    }
  }

  @Test func couponsThatCannotBeRedeemed() async throws {
    await #expect(throws: RedeemableDiscount.Refusal.spentCoupon("launch")) {
      try await offer(
        [("GET /v1/coupons/launch", coupon("launch", isValid: false))], plan: "pro"
      ) { $0.couponID = "launch" }
    }
  }

  @Test func whatIsAtHandDecidesHowAFailureIsTaken() async throws {
    let bare = try await offer([], to: customer(), plan: "pro")
    #expect(bare.paymentBehavior == "default_incomplete" && bare.paymentMethod == .customersDefault)
    let withDefault = try await offer([], to: customer(defaultMethod: "pm_1"), plan: "pro")
    #expect(withDefault.paymentBehavior == "error_if_incomplete")
    let given = try await offer([], to: customer(), plan: "pro") {
      $0.paymentMethod = "pm_card_visa"
    }
    #expect(given.paymentBehavior == "error_if_incomplete")
    #expect(given.paymentMethod == .toAttach("pm_card_visa"))
    let chosen = try await offer([], plan: "pro") { $0.paymentBehavior = "allow_incomplete" }
    #expect(chosen.paymentBehavior == "allow_incomplete")
  }

  @Test func aMethodIsAttachedOnce() async throws {
    let request = "GET /v1/payment_methods/pm_1"
    let method = { (customer: JSON) -> ScriptedTransport.Answer in
      .json([
        "id": "pm_1", "object": "payment_method", "type": "card", "customer": customer,
        "created": 100, "livemode": false, "metadata": [:],
      ])
    }
    let choose = { (request: inout SubscriptionOffers.Request) in request.paymentMethod = "pm_1" }
    let own = try await offer(
      [(request, method("cus_1"))], to: customer(), plan: "pro", changing: choose)
    #expect(own.paymentMethod == .attached("pm_1"))
    let free = try await offer(
      [(request, method(.null))], to: customer(), plan: "pro", changing: choose)
    #expect(free.paymentMethod == .toAttach("pm_1"))
    let ofANewCustomer = try await offer([], plan: "pro", changing: choose)
    #expect(ofANewCustomer.paymentMethod == .toAttach("pm_1"))
    let missing = ScriptedTransport.Answer.json(
      ["error": ["type": "invalid_request_error", "message": "No such"]], status: 404)
    await #expect(throws: SubscriptionOffers.Missing.paymentMethod("pm_1")) {
      try await offer([(request, missing)], to: customer(), plan: "pro", changing: choose)
    }
  }

  @Test(arguments: [
    ("2024-06-20", ["latest_invoice.payment_intent", "discounts"]),
    ("2025-03-31.basil", ["latest_invoice.confirmation_secret", "discounts"]),
    ("2026-10-28.endive", ["latest_invoice.confirmation_secret", "discounts.source.coupon"]),
  ])
  func whatIsExpanded(_ version: String, _ expected: [String]) throws {
    let configuration = StripeClient.Configuration(
      key: try StripeKey(parsing: "sk_test_0123456789abcdef"), apiVersion: version)
    #expect(configuration.firstPaymentExpansions == expected)
  }
}
