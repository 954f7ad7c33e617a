import Basics
import Stripe

extension CatalogueDifferenceMaker {
  /// Archives what carries the namespace but is not in the catalogue any more. Subscriptions on
  /// archived prices go on.
  mutating func archiveTheRest() {
    archiveProducts()
    archivePrices()
    for feature in state.features where feature.isActive && isOurs(feature.metadata) {
      let wanted = catalogue.featureIDs.map { catalogue.featureLookupKey($0) }
      guard !wanted.contains(feature.lookupKey) else { continue }
      changes.append(
        CatalogueChange(
          .archive, .feature, id: feature.id, lookupKey: feature.lookupKey, detail: feature.name,
          calls: [
            CatalogueCall(
              .post, StripePath("entitlements", "features", feature.id), ["active": false])
          ]))
    }
    let codes = catalogue.coupons.flatMap { $0.promotionCodes.map { $0.uppercased() } }
    for code in state.promotionCodes where code.isActive && isOurs(code.metadata) {
      guard !codes.contains(code.code.uppercased()) else { continue }
      changes.append(
        CatalogueChange(
          .archive, .coupon, id: code.couponID, detail: "promotion code \(code.code)",
          calls: [CatalogueCall(.post, StripePath("promotion_codes", code.id), ["active": false])]))
    }
    for coupon in state.coupons where isOurs(coupon.metadata) {
      guard catalogue.coupon(coupon.id) == nil else { continue }
      changes.append(
        CatalogueChange(
          .archive, .coupon, id: coupon.id, detail: coupon.name ?? coupon.id,
          calls: [CatalogueCall(.delete, StripePath("coupons", coupon.id))]))
    }
  }

  private mutating func archiveProducts() {
    let wanted = Set(
      catalogue.plans.filter { !$0.prices.isEmpty }.compactMap { $0.productID }
        + catalogue.packages.map { $0.productID })
    for product in state.products where product.isActive && isOurs(product.metadata) {
      guard !wanted.contains(product.id), !isSoldByAmount(product) else { continue }
      changes.append(
        CatalogueChange(
          .archive, .product, id: product.id, plan: product.metadata[Catalogue.planMetadataKey],
          detail: product.name,
          calls: [CatalogueCall(.post, StripePath("products", product.id), ["active": false])]))
    }
  }

  /// Whether it was made to sell a plan at amounts agreed on, and the plan is still there.
  private func isSoldByAmount(_ product: Product) -> Bool {
    product.metadata[Catalogue.soldByAmountKey] != nil
      && catalogue.plan(productID: product.id) != nil
  }

  private mutating func archivePrices() {
    let wanted = Set(
      catalogue.plans.flatMap { plan in
        plan.prices.map { $0.lookupKey } + plan.overages.flatMap { $0.prices.map { $0.lookupKey } }
      } + catalogue.packages.map { $0.lookupKey })
    let named = Set(
      catalogue.plans.flatMap { $0.prices.compactMap { $0.id } }
        + catalogue.packages.compactMap { $0.priceID })
    for price in state.prices where price.isActive && isOurs(price.metadata) {
      guard !named.contains(price.id), !(price.lookupKey.map { wanted.contains($0) } ?? false),
        !changes.contains(where: { $0.object == .price && $0.id == price.id })
      else { continue }
      changes.append(
        CatalogueChange(
          .archive, .price, id: price.id, lookupKey: price.lookupKey,
          plan: price.metadata[Catalogue.planMetadataKey],
          detail: price.unitAmount.map { AmountText.of($0, price.currency) }
            ?? "tiers in \(price.currency)",
          calls: [archival(of: price)]))
    }
  }
}
