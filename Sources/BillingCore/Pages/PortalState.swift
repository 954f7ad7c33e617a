package import Basics
package import Stripe

/// What the portal is to be, and what Stripe has of it.
package struct PortalState: Sendable, Hashable {
  package let offer: PortalOffer
  /// The configuration that was made of this catalogue.
  package let found: JSON?

  /// Throws `SubscriptionOffers.Missing` where prices were never seeded, and `StripeError`.
  package static func load(
    _ catalogue: Catalogue, returnURL: String?, from client: StripeClient
  ) async throws -> PortalState {
    let plans = catalogue.portalPlans.offered
    let prices = try await CatalogueStateReader(
      catalogue: catalogue, client: client, whole: false
    ).namedPrices().filter { $0.isActive }
    let offer = PortalOffer(
      namespace: catalogue.namespace, business: catalogue.business, returnURL: returnURL,
      products: try plans.flatMap { try products(of: $0, prices) })
    return PortalState(
      offer: offer, found: try await configuration(of: catalogue.namespace, from: client))
  }

  /// The active configuration that carries a catalogue's name.
  package static func configuration(
    of namespace: String, from client: StripeClient
  ) async throws -> JSON? {
    let path = StripePath("billing_portal", "configurations")
    for try await json in client.objects(path, ["active": true])
    where json["metadata"]?[Catalogue.metadataKey]?.string == namespace {
      return json
    }
    return nil
  }

  /// A plan's prices by their product: there is more than one where prices were made elsewhere.
  private static func products(
    of plan: Plan, _ prices: [Price]
  ) throws -> [PortalOffer.Product] {
    var products: [PortalOffer.Product] = []
    for own in plan.prices {
      let price = prices.first { price in
        own.id.map { $0 == price.id } ?? (price.lookupKey == own.lookupKey)
      }
      guard let price, let productID = price.productID else {
        throw SubscriptionOffers.Missing.prices(lookupKeys: [own.id ?? own.lookupKey])
      }
      if let index = products.firstIndex(where: { $0.productID == productID }) {
        products[index].priceIDs.append(price.id)
      } else {
        products.append(
          PortalOffer.Product(planID: plan.id, productID: productID, priceIDs: [price.id]))
      }
    }
    return products
  }
}
