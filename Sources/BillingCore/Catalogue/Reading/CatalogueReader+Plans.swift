/// A plan and where it stands.
struct PlacedPlan {
  let plan: Plan
  let fields: YAMLFields
}

extension CatalogueReader {
  private static let planKeys = [
    "id", "name", "description", "rank", "product", "available", "trial_days",
    "trial_requires_payment_method", "prices", "overage", "limits", "features", "api",
  ]

  func plans(_ fields: YAMLFields, _ scope: CatalogueScope) -> [PlacedPlan] {
    let elements = YAMLFields.elements(fields.required("plans"), "`plans`", log: log)
    if let node = fields.node("plans"), case .sequence(let list) = node.content, list.isEmpty {
      log.add(node.mark, "`plans` is empty")
    }
    return elements.compactMap { plan($0, scope) }
  }

  private func plan(_ node: YAMLNode, _ scope: CatalogueScope) -> PlacedPlan? {
    guard let fields = YAMLFields(node, Self.name("plan", of: node), keys: Self.planKeys, log: log)
    else { return nil }
    let id = fields.requiredID("id") ?? ""
    let rank = fields.required("rank").flatMap {
      YAMLFields.integer($0, "`rank`", 0...1_000_000, log: log)
    }
    let prices = prices(fields, plan: id, scope)
    let product = stripeID(fields, "product")
    let plan = Plan(
      id: id, name: fields.requiredText("name") ?? "",
      description: fields.text("description", maximum: 1000), rank: Int(rank ?? 0),
      productID: prices.isEmpty
        ? product : product ?? Catalogue.productID(namespace: scope.namespace, plan: id),
      isAvailable: fields.flag("available") ?? true,
      trialDays: Int(fields.integer("trial_days", 0...730) ?? 0),
      trialRequiresPaymentMethod: fields.flag("trial_requires_payment_method") ?? false,
      prices: prices, overages: overages(fields, plan: id, prices: prices, scope),
      limits: limits(fields, scope), features: features(fields), api: api(fields))
    if plan.trialDays > 0, prices.isEmpty, fields.node("prices") == nil {
      log.add(fields.mark("trial_days"), "a plan without prices cannot have a trial")
    }
    return PlacedPlan(plan: plan, fields: fields)
  }

  /// `plan pro`, or `a plan` where it has no id that could be shown.
  static func name(_ kind: String, of node: YAMLNode) -> String {
    guard case .mapping(let members) = node.content,
      case .text(let id) = members.first(where: { $0.key == "id" })?.value.scalar,
      CatalogueID.isValid(id.lowercased())
    else { return "a \(kind)" }
    return "\(kind) \(id)"
  }

  /// The id of an object that was made elsewhere.
  func stripeID(_ fields: YAMLFields, _ key: String) -> String? {
    guard let text = fields.text(key, maximum: 200) else { return nil }
    if text.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil { return text }
    log.add(fields.mark(key), "`\(key)` is no id of Stripe's: \"\(YAMLNode.shown(text))\"")
    return nil
  }

  // MARK: Prices

  private func prices(
    _ fields: YAMLFields, plan: String, _ scope: CatalogueScope
  ) -> [PlanPrice] {
    let elements = YAMLFields.elements(fields.node("prices"), "`prices`", log: log)
    var intervals: Set<BillingInterval> = []
    let prices = elements.compactMap { node -> PlanPrice? in
      let keys = ["interval", "interval_count", "unit_amount", "currency", "id"]
      guard let own = YAMLFields(node, "a price of \(fields.what)", keys: keys, log: log) else {
        return nil
      }
      let currency = own.currency() ?? scope.currency
      let amount = own.amount("unit_amount", currency: currency)
      let id = priceID(own)
      guard let interval = interval(own) else { return nil }
      if !intervals.insert(interval).inserted {
        log.add(own.mark, "\(fields.what) has two prices for \(interval.words)")
      }
      return PlanPrice(
        interval: interval, unitAmount: amount ?? 0, currency: currency, id: id,
        lookupKey: Catalogue.lookupKey(namespace: scope.namespace, plan: plan, interval))
    }
    return prices.sorted { $0.interval < $1.interval }
  }

  func priceID(_ fields: YAMLFields) -> String? {
    guard let text = fields.text("id", maximum: 200) else { return nil }
    if Catalogue.isPriceID(text) { return text }
    log.add(
      fields.mark("id"),
      "a price's `id` is price_ and letters and digits, not \"\(YAMLNode.shown(text))\"")
    return nil
  }

  private func interval(_ fields: YAMLFields) -> BillingInterval? {
    guard let node = fields.required("interval") else { return nil }
    if node.scalar == .text("quarter"), fields.node("interval_count") == nil {
      return BillingInterval(.month, count: 3)
    }
    let count = fields.integer("interval_count", 1...1095)
    guard let unit = fields.choice("interval", BillingInterval.Unit.self) else { return nil }
    if fields.node("interval_count") != nil, count == nil { return nil }
    if let interval = BillingInterval(unit, count: Int(count ?? 1)) { return interval }
    log.add(fields.mark("interval_count"), "an interval is at most three years")
    return nil
  }

  // MARK: Overage

  private func overages(
    _ fields: YAMLFields, plan: String, prices: [PlanPrice], _ scope: CatalogueScope
  ) -> [Overage] {
    let elements = YAMLFields.elements(fields.node("overage"), "`overage`", log: log)
    if prices.isEmpty, fields.node("prices") == nil, let first = elements.first {
      log.add(first.mark, "\(fields.what) has no prices, so it cannot charge for overage")
    }
    var meters: Set<String> = []
    return elements.compactMap { node in
      let keys = ["meter", "included", "unit_amount_decimal"]
      guard let own = YAMLFields(node, "an overage of \(fields.what)", keys: keys, log: log) else {
        return nil
      }
      let included = own.integer("included", 0...1_000_000_000_000) ?? 0
      let amount = own.required("unit_amount_decimal").flatMap {
        YAMLFields.decimal($0, "`unit_amount_decimal`", log: log)
      }
      guard let meter = own.requiredText("meter") else { return nil }
      if !scope.meters.contains(meter) {
        log.add(own.mark("meter"), unknown("meter", meter, among: scope.meters))
      }
      if !meters.insert(meter).inserted {
        log.add(own.mark, "\(fields.what) has two overages of \(YAMLNode.shown(meter))")
      }
      let overagePrices = prices.map { price in
        OveragePrice(
          interval: price.interval, currency: price.currency,
          lookupKey: Catalogue.lookupKey(
            namespace: scope.namespace, plan: plan, overage: meter, price.interval))
      }
      return Overage(
        meterID: meter, included: included, unitAmountDecimal: amount ?? "0", prices: overagePrices)
    }
  }
}
