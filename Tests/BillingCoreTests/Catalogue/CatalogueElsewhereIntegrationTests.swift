import Basics
import Stripe
import Testing

@testable import BillingCore

/// Stripe as others left it: archived, deactivated, made by hand.
@Suite(.tags(.integration)) struct CatalogueElsewhereIntegrationTests {
  static let yaml = """
    version: 1
    currency: usd
    default_plan: free
    meters: { runs: { name: Runs, aggregation: sum } }
    plans:
      - { id: free, name: Free, rank: 0 }
      - id: pro
        name: Pro
        rank: 1
        prices: [{ interval: month, unit_amount: 1900 }]
        overage: [{ meter: runs, unit_amount_decimal: "0.5" }]
        features: { sso: true }
    coupons:
      - { id: five, amount_off: 500, duration: repeating, duration_in_months: 3, max_redemptions: 9, promotion_codes: [FIVE] }
    """

  private let bench: CatalogueBench
  private let catalogue: Catalogue

  init() throws {
    bench = try CatalogueBench()
    catalogue = try Catalogue(yaml: Self.yaml, file: "plans.yaml")
  }

  @Test func whatWasArchivedIsBroughtBack() async throws {
    #expect(try await bench.seed(catalogue).failures.isEmpty)
    #expect(try await bench.difference(catalogue).lines == "")
    let state = try await CatalogueState.load(catalogue, from: try bench.client)
    let meter = try #require(state.meters.first)
    let feature = try #require(state.features.first)
    let code = try #require(state.promotionCodes.first)
    try await bench.post(StripePath("billing", "meters", meter.id, "deactivate"), [:])
    try await bench.post(
      StripePath("entitlements", "features", feature.id), ["active": false, "name": "Old"])
    try await bench.post(StripePath("promotion_codes", code.id), ["active": false])
    try await bench.post(StripePath("products", "billing_pro"), ["active": false])
    let difference = try await bench.difference(catalogue)
    #expect(
      difference.lines == """
        update meter billing_runs status inactive → active
        update product billing_pro (pro) active false → true
        update feature billing_sso active false → true, name Old → Sso
        update coupon five promotion code FIVE active false → true
        """)
    #expect(try await bench.seed(catalogue).failures.isEmpty)
    #expect(try await bench.difference(catalogue).lines == "")
  }

  @Test func whatOthersArchivedIsAConflict() async throws {
    try await bench.post(
      StripePath("products"), ["id": "billing_pro", "name": "Hand-made", "active": false])
    let feature = try await bench.post(
      StripePath("entitlements", "features"), ["lookup_key": "billing_sso", "name": "Hand-made"])
    let featureID = try #require(feature["id"]?.string)
    try await bench.post(StripePath("entitlements", "features", featureID), ["active": false])
    let price = try await bench.post(
      StripePath("prices"),
      [
        "product": "billing_pro", "currency": "usd", "unit_amount": 1900,
        "lookup_key": "billing_pro_month", "recurring": ["interval": "month"],
      ])
    try await bench.post(
      StripePath("prices", try #require(price["id"]?.string)), ["active": false])
    #expect(
      try await bench.difference(catalogue).conflicts.map { $0.message } == [
        "it was made elsewhere and is archived; nothing can be sold under it",
        "it has the lookup key billing_pro_month, was made elsewhere and is archived",
        "billing_sso was made elsewhere and is archived",
      ])
  }

  @Test func aPriceOfAnotherProductIsAConflict() async throws {
    try await bench.post(StripePath("products"), ["id": "prod_other", "name": "Other"])
    let price = try await bench.post(
      StripePath("prices"),
      [
        "product": "prod_other", "currency": "usd", "unit_amount": 1900,
        "recurring": ["interval": "month"],
      ])
    let id = try #require(price["id"]?.string)
    let own = try catalogue.applying(environment: ["STRIPE_PRICE_PRO_MONTHLY": id])
    #expect(
      try await bench.difference(own).conflicts.map { $0.message }
        == ["plan pro names it, but it belongs to product prod_other, not billing_pro"])
  }

  @Test func thePlanOfAPrice() async throws {
    try await bench.seed(catalogue)
    let state = try await CatalogueState.load(catalogue, from: try bench.client)
    #expect(state.prices.count == 2)
    #expect(state.prices.allSatisfy { catalogue.planID(of: $0) == "pro" })
    #expect(catalogue.meter(eventName: "billing_runs")?.id == "runs")
    #expect(catalogue.plan("pro")?.overage(meter: "runs")?.included == 0)
  }
}
