import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct PortalPlanningTests {
  private let offer = PortalOffer(
    namespace: "billing", returnURL: "https://a.b",
    products: [
      .init(planID: "starter", productID: "prod_1", priceIDs: ["price_1", "price_2"]),
      .init(planID: "pro", productID: "prod_2", priceIDs: ["price_3"]),
    ])

  /// What Stripe would have of an offer: what was sent, with an id.
  private func stored(_ offer: PortalOffer) -> JSONObject {
    let plan = PortalPlanning.configure(PortalState(offer: offer, found: nil))
    var stored = plan?.steps.first?.parameters ?? [:]
    stored["id"] = "bpc_1"
    return stored
  }

  @Test func whatIsThereAlreadyIsNotSent() {
    let state = PortalState(offer: offer, found: .object(stored(offer)))
    #expect(PortalPlanning.configure(state) == nil)
  }

  @Test func theOrderOfAListIsStripesOwn() {
    var reversed = offer
    reversed.products = [
      offer.products[1],
      .init(planID: "starter", productID: "prod_1", priceIDs: ["price_2", "price_1"]),
    ]
    let found = JSON.object(stored(reversed))
    #expect(PortalPlanning.differences(PortalState(offer: offer, found: found)) == [])
  }

  @Test func whatHasChangedIsNamedAndSent() throws {
    var changed = offer
    changed.returnURL = nil
    changed.business.name = String(repeating: "x", count: 70)
    changed.products = []
    let state = PortalState(offer: changed, found: .object(stored(offer)))
    #expect(
      PortalPlanning.differences(state) == [
        "business_profile.headline", "default_return_url",
        "features.subscription_update.enabled",
      ])
    let step = try #require(PortalPlanning.configure(state)?.steps.first)
    #expect(step.path == ["billing_portal", "configurations", "bpc_1"])
    #expect(step.parameters["default_return_url"] == "")
    #expect(
      step.parameters["business_profile"] == [
        "headline": .string(String(repeating: "x", count: 60))
      ])
    #expect(step.parameters["features"]?["subscription_update"] == ["enabled": false])
    #expect(
      step.check == .created(list: ["billing_portal", "configurations"], parameters: [:]))
  }

  @Test func plansThatBillUsageAreLeftOut() throws {
    let sample = try Catalogue.sample()
    #expect(sample.portalPlans.offered.map { $0.id } == ["pro"])
    #expect(sample.portalPlans.billingUsage.map { $0.id } == ["starter"])
    #expect(sample.portalPlans.beyondMaximum == [])
  }
}
