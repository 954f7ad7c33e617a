import Basics
import Stripe

extension CatalogueDifferenceMaker {
  mutating func compareFeatures() {
    for feature in catalogue.featureIDs {
      let key = catalogue.featureLookupKey(feature)
      let name = catalogue.displayName(feature)
      guard let existing = state.feature(lookupKey: key) else {
        changes.append(
          CatalogueChange(
            .create, .feature, lookupKey: key, detail: name,
            calls: [
              CatalogueCall(
                .post, StripePath("entitlements", "features"),
                [
                  "lookup_key": .string(key), "name": .string(name),
                  "metadata": .object(metadata()),
                ])
            ], brings: "feature \(key)"))
        continue
      }
      ids["feature \(key)"] = existing.id
      compare(existing, name: name, key: key)
    }
  }

  private mutating func compare(_ existing: EntitlementFeature, name: String, key: String) {
    guard isOurs(existing.metadata) else {
      if !existing.isActive {
        conflict(.feature, existing.id, "\(key) was made elsewhere and is archived")
      }
      return
    }
    var details: [String] = []
    var parameters: JSONObject = [:]
    if !existing.isActive {
      details.append("active false → true")
      parameters["active"] = true
    }
    if existing.name != name {
      details.append("name \(existing.name) → \(name)")
      parameters["name"] = .string(name)
    }
    if !parameters.isEmpty {
      let path = StripePath("entitlements", "features", existing.id)
      changes.append(
        CatalogueChange(
          .update, .feature, id: existing.id, lookupKey: key,
          detail: details.joined(separator: ", "),
          calls: [CatalogueCall(.post, path, parameters)]))
    }
  }

  /// A product grants the features that are on in its plan.
  mutating func compareProductFeatures() {
    for plan in catalogue.plans where !plan.prices.isEmpty {
      guard let product = plan.productID else { continue }
      let granted = state.productFeatures[product] ?? []
      let wanted = plan.features.filter { $0.isOn }.map { catalogue.featureLookupKey($0.id) }
      for key in wanted.sorted() {
        let name = "feature \(key)"
        if let id = ids[name], granted.contains(where: { $0.featureID == id }) { continue }
        changes.append(
          CatalogueChange(
            .create, .feature, id: product, lookupKey: key, plan: plan.id,
            detail: "granted by product \(product)",
            calls: [
              CatalogueCall(
                .post, StripePath("products", product, "features"),
                ["entitlement_feature": CatalogueCall.id(of: name)])
            ], needs: ["product \(product)", name]))
      }
      withdraw(granted, wanted: wanted, product: product, plan: plan.id)
    }
  }

  private mutating func withdraw(
    _ granted: [CatalogueState.ProductFeature], wanted: [String], product: String, plan: String
  ) {
    for grant in granted {
      guard let feature = state.features.first(where: { $0.id == grant.featureID }),
        isOurs(feature.metadata), !wanted.contains(feature.lookupKey)
      else { continue }
      changes.append(
        CatalogueChange(
          .update, .feature, id: product, lookupKey: feature.lookupKey, plan: plan,
          detail: "no longer granted by product \(product)",
          calls: [CatalogueCall(.delete, StripePath("products", product, "features", grant.id))]))
    }
  }
}
