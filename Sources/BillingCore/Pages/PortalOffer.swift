/// What customers may do by themselves in the portal, as the catalogue says.
package struct PortalOffer: Sendable, Hashable {
  /// A plan that customers can change to.
  package struct Product: Sendable, Hashable {
    package var planID: String
    package var productID: String
    package var priceIDs: [String]

    package init(planID: String, productID: String, priceIDs: [String]) {
      self.planID = planID
      self.productID = productID
      self.priceIDs = priceIDs
    }
  }

  /// The most products that Stripe takes in a configuration.
  package static let maximumProducts = 10

  package var namespace: String
  package var business: BusinessProfile
  package var returnURL: String?
  package var products: [Product]

  package init(
    namespace: String, business: BusinessProfile = BusinessProfile(), returnURL: String? = nil,
    products: [Product] = []
  ) {
    self.namespace = namespace
    self.business = business
    self.returnURL = returnURL
    self.products = products
  }
}

extension Catalogue {
  /// The plans that customers can change to in the portal, by rank, and those for sale that are left
  /// out, by why.
  ///
  /// Stripe's portal exchanges the price of a subscription with one item and adds no other. So a
  /// plan that bills usage beside its price would come without that, and who has one cannot change
  /// there at all.
  package var portalPlans: (offered: [Plan], billingUsage: [Plan], beyondMaximum: [Plan]) {
    let sold = plans.filter { $0.isForSale && $0.id != defaultPlanID }
    let plain = sold.filter { $0.overages.isEmpty }
    return (
      Array(plain.prefix(PortalOffer.maximumProducts)), sold.filter { !$0.overages.isEmpty },
      Array(plain.dropFirst(PortalOffer.maximumProducts))
    )
  }
}
