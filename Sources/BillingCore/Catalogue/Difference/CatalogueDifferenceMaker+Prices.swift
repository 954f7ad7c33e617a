import Basics
import Stripe

/// A price as the catalogue wants it.
private struct WantedPrice {
  let lookupKey: String
  let productID: String
  let plan: String?
  let currency: String
  /// Minor units, for a price a unit without tiers.
  let unitAmountDecimal: String
  /// What a metered price counts, and how much of it costs nothing.
  var meter: (eventName: String, included: Int64)?
  var interval: BillingInterval?
  let metadata: JSONObject
}

extension CatalogueDifferenceMaker {
  mutating func comparePrices() {
    for price in wantedPrices { compare(price) }
    for plan in catalogue.plans {
      for id in plan.prices.compactMap({ $0.id }) {
        compareForeign(id, plan: plan.id, product: plan.productID)
      }
    }
    for package in catalogue.packages {
      if let id = package.priceID { compareForeign(id, plan: nil, product: package.productID) }
    }
    finishReplacements()
  }

  private var wantedPrices: [WantedPrice] {
    var wanted: [WantedPrice] = []
    for plan in catalogue.plans {
      guard let product = plan.productID else { continue }
      func metadata(_ key: String) -> JSONObject {
        self.metadata([
          Catalogue.planMetadataKey: plan.id, Catalogue.lookupKeyMetadataKey: key,
        ])
      }
      for price in plan.prices where price.id == nil {
        wanted.append(
          WantedPrice(
            lookupKey: price.lookupKey, productID: product, plan: plan.id,
            currency: price.currency, unitAmountDecimal: String(price.unitAmount),
            interval: price.interval, metadata: metadata(price.lookupKey)))
      }
      for overage in plan.overages {
        guard let meter = catalogue.meter(overage.meterID) else { continue }
        for price in overage.prices {
          wanted.append(
            WantedPrice(
              lookupKey: price.lookupKey, productID: product, plan: plan.id,
              currency: price.currency, unitAmountDecimal: overage.unitAmountDecimal,
              meter: (meter.eventName, overage.included), interval: price.interval,
              metadata: metadata(price.lookupKey)))
        }
      }
    }
    for package in catalogue.packages where package.priceID == nil {
      wanted.append(
        WantedPrice(
          lookupKey: package.lookupKey, productID: package.productID, plan: nil,
          currency: package.currency, unitAmountDecimal: String(package.unitAmount),
          metadata: metadata([
            Catalogue.packageMetadataKey: package.id,
            Catalogue.lookupKeyMetadataKey: package.lookupKey,
          ])))
    }
    return wanted
  }

  // MARK: One price

  private mutating func compare(_ wanted: WantedPrice) {
    guard let existing = state.price(lookupKey: wanted.lookupKey) else {
      changes.append(
        CatalogueChange(
          .create, .price, lookupKey: wanted.lookupKey, plan: wanted.plan, detail: words(wanted),
          calls: [CatalogueCall(.post, StripePath("prices"), parameters(wanted))],
          needs: needs(wanted), brings: "price \(wanted.lookupKey)"))
      return
    }
    let differences = differences(wanted, existing)
    if !differences.isEmpty {
      guard isOurs(existing.metadata) else {
        conflict(
          .price, existing.id,
          """
          it has the lookup key \(wanted.lookupKey) but was made elsewhere, and differs: \
          \(differences.joined(separator: ", "))
          """)
        return
      }
      replace(existing, by: wanted, differences)
    } else if !existing.isActive {
      guard isOurs(existing.metadata) else {
        conflict(
          .price, existing.id,
          "it has the lookup key \(wanted.lookupKey), was made elsewhere and is archived")
        return
      }
      changes.append(
        CatalogueChange(
          .update, .price, id: existing.id, lookupKey: wanted.lookupKey, plan: wanted.plan,
          detail: "active false → true",
          calls: [CatalogueCall(.post, StripePath("prices", existing.id), ["active": true])],
          needs: needs(wanted)))
    }
  }

  /// A new price takes the lookup key over, then the old one is closed for new subscriptions; those
  /// that exist stay on it.
  ///
  /// The key of the first call depends on the price that is replaced, so it is the same after a
  /// crash and another when an amount comes back later.
  private mutating func replace(
    _ existing: Price, by wanted: WantedPrice, _ differences: [String]
  ) {
    var parameters = parameters(wanted)
    parameters["transfer_lookup_key"] = true
    let content = "\(existing.id) \(JSON.object(parameters).compact)"
    let hash = Hex.encode(Hash.sha256(Array(content.utf8)))
    var calls = [
      CatalogueCall(
        .post, StripePath("prices"), parameters,
        idempotencyKey: IdempotencyKey("catalogue-\(catalogue.namespace)-\(hash)"))
    ]
    if existing.isActive { calls.append(archival(of: existing)) }
    changes.append(
      CatalogueChange(
        .replace, .price, id: existing.id, lookupKey: wanted.lookupKey, plan: wanted.plan,
        detail: differences.joined(separator: ", "), calls: calls, needs: needs(wanted),
        brings: "price \(wanted.lookupKey)"))
  }

  func archival(of price: Price) -> CatalogueCall {
    CatalogueCall(.post, StripePath("prices", price.id), ["active": false])
  }

  /// A price that lost its lookup key to a successor but was not closed: a run was cut short.
  private mutating func finishReplacements() {
    let wanted = Set(wantedPrices.map { $0.lookupKey })
    for price in state.prices where isLeftBehind(price) {
      guard let key = price.metadata[Catalogue.lookupKeyMetadataKey], wanted.contains(key) else {
        continue
      }
      changes.append(
        CatalogueChange(
          .archive, .price, id: price.id, plan: price.metadata[Catalogue.planMetadataKey],
          detail: "replaced under \(key)", calls: [archival(of: price)]))
    }
  }

  func isLeftBehind(_ price: Price) -> Bool {
    guard price.isActive, price.lookupKey == nil, isOurs(price.metadata),
      let key = price.metadata[Catalogue.lookupKeyMetadataKey]
    else { return false }
    return state.price(lookupKey: key) != nil
  }

  private mutating func compareForeign(_ id: String, plan: String?, product: String?) {
    let owner = plan.map { "plan \($0)" } ?? "a package"
    guard let price = state.price(id) else {
      conflict(.price, id, "\(owner) names it, but Stripe does not know it")
      return
    }
    if !price.isActive { conflict(.price, id, "\(owner) names it, but it is archived") }
    if let product, price.productID != product {
      conflict(
        .price, id,
        "\(owner) names it, but it belongs to product \(price.productID ?? "none"), not \(product)")
    }
  }

  // MARK: What a price is

  private func needs(_ wanted: WantedPrice) -> [String] {
    ["product \(wanted.productID)"] + (wanted.meter.map { ["meter \($0.eventName)"] } ?? [])
  }

  private func words(_ wanted: WantedPrice) -> String {
    let amount = AmountText.of(wanted.unitAmountDecimal, wanted.currency)
    let each = wanted.interval.map { " " + $0.rateWords } ?? ""
    guard let meter = wanted.meter else { return amount + each }
    return "\(amount) a unit beyond \(meter.included)\(each)"
  }

  private func parameters(_ wanted: WantedPrice) -> JSONObject {
    var parameters: JSONObject = [
      "product": .string(wanted.productID), "currency": .string(wanted.currency),
      "lookup_key": .string(wanted.lookupKey),
    ]
    if let interval = wanted.interval {
      var recurring: JSONObject = [
        "interval": .string(interval.unit.rawValue),
        "interval_count": .integer(Int64(interval.count)),
      ]
      if let meter = wanted.meter {
        recurring["usage_type"] = "metered"
        recurring["meter"] = CatalogueCall.id(of: "meter \(meter.eventName)")
      }
      parameters["recurring"] = .object(recurring)
    }
    if let meter = wanted.meter, meter.included > 0 {
      parameters["billing_scheme"] = "tiered"
      parameters["tiers_mode"] = "graduated"
      parameters["tiers"] = [
        ["up_to": .integer(meter.included), "unit_amount_decimal": "0"],
        ["up_to": "inf", "unit_amount_decimal": .string(wanted.unitAmountDecimal)],
      ]
    } else if wanted.meter != nil {
      parameters["unit_amount_decimal"] = .string(wanted.unitAmountDecimal)
    } else {
      parameters["unit_amount"] = .integer(Int64(wanted.unitAmountDecimal) ?? 0)
    }
    parameters["metadata"] = .object(wanted.metadata)
    return parameters
  }

  /// What makes it another price, each as `amount 19.00 usd → 21.00 usd`.
  private func differences(_ wanted: WantedPrice, _ existing: Price) -> [String] {
    var pairs: [(name: String, from: String, to: String)] = [
      ("product", existing.productID ?? "none", wanted.productID),
      ("currency", existing.currency, wanted.currency),
      ("interval", Self.interval(existing), wanted.interval?.name ?? "none"),
    ]
    let meterID = wanted.meter.map { ids["meter \($0.eventName)"] ?? "new" } ?? "none"
    pairs.append(("meter", existing.recurring?.meterID ?? "none", meterID))
    let amount = existing.unitAmountDecimal ?? existing.unitAmount.map(String.init) ?? ""
    if let meter = wanted.meter, meter.included > 0 {
      let tier =
        "up to \(meter.included): \(AmountText.of(0, wanted.currency)), "
        + "beyond: \(AmountText.of(wanted.unitAmountDecimal, wanted.currency))"
      pairs.append(("tiers", Self.tiers(existing), tier))
    } else {
      let from =
        existing.billingScheme == "tiered"
        ? "tiers" : AmountText.of(amount, existing.currency)
      pairs.append(("amount", from, AmountText.of(wanted.unitAmountDecimal, wanted.currency)))
    }
    return pairs.filter { $0.from != $0.to }.map { "\($0.name) \($0.from) → \($0.to)" }
  }

  private static func interval(_ price: Price) -> String {
    guard let recurring = price.recurring else { return "none" }
    let unit = recurring.interval.rawValue
    return recurring.intervalCount == 1 ? unit : "\(recurring.intervalCount)\(unit)"
  }

  private static func tiers(_ price: Price) -> String {
    guard price.billingScheme == "tiered", price.tiersMode == "graduated" else { return "none" }
    return price.tiers.map { tier in
      let amount = AmountText.of(tier.unitAmountDecimal ?? "0", price.currency)
      let flat = tier.flatAmount ?? 0
      let more = flat == 0 ? "" : " + \(AmountText.of(flat, price.currency))"
      return "\(tier.upTo.map { "up to \($0)" } ?? "beyond"): \(amount)\(more)"
    }.joined(separator: ", ")
  }
}
