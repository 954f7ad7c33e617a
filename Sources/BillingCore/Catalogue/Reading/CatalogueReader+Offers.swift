import Basics

extension CatalogueReader {
  // MARK: Coupons

  func coupons(_ fields: YAMLFields, _ scope: CatalogueScope) -> [CouponDefinition] {
    let elements = YAMLFields.elements(fields.node("coupons"), "`coupons`", log: log)
    var ids: Set<String> = []
    var codes: Set<String> = []
    return elements.compactMap { node in
      let keys = [
        "id", "name", "percent_off", "amount_off", "currency", "duration", "duration_in_months",
        "max_redemptions", "redeem_by", "promotion_codes",
      ]
      guard let own = YAMLFields(node, Self.name("coupon", of: node), keys: keys, log: log) else {
        return nil
      }
      let id = own.required("id") == nil ? "" : stripeID(own, "id") ?? ""
      if !id.isEmpty, !ids.insert(id).inserted {
        log.add(own.mark("id"), "two coupons have the id \"\(id)\"")
      }
      let promotionCodes = promotionCodes(own, known: &codes)
      let duration = duration(own)
      guard let reduction = reduction(own, scope), let duration else { return nil }
      return CouponDefinition(
        id: id, name: own.text("name", maximum: 40), reduction: reduction, duration: duration,
        maxRedemptions: own.integer("max_redemptions", 1...2_147_483_647), redeemBy: time(own),
        promotionCodes: promotionCodes)
    }
  }

  private func reduction(
    _ fields: YAMLFields, _ scope: CatalogueScope
  ) -> CouponDefinition.Reduction? {
    switch (fields.node("percent_off"), fields.node("amount_off")) {
    case (let node?, nil):
      if fields.node("currency") != nil {
        log.add(fields.mark("currency"), "`currency` goes with `amount_off`")
      }
      guard let text = YAMLFields.decimal(node, "`percent_off`", log: log) else { return nil }
      let parts = text.split(separator: ".")
      let whole = parts.first.flatMap { Int($0) } ?? 0
      guard text != "0", whole < 100 || text == "100", (parts.dropFirst().first?.count ?? 0) <= 2
      else {
        log.add(
          node.mark,
          "`percent_off` must be above 0 and at most 100, with at most two decimals, not \(text)")
        return nil
      }
      return .percent(text)
    case (nil, .some):
      let currency = fields.currency() ?? scope.currency
      return fields.amount("amount_off", currency: currency).map { .amount($0, currency: currency) }
    default:
      log.add(fields.mark, "\(fields.what) needs either `percent_off` or `amount_off`")
      return nil
    }
  }

  private enum DurationName: String, CaseIterable { case once, repeating, forever }

  private func duration(_ fields: YAMLFields) -> CouponDefinition.Duration? {
    let months = fields.integer("duration_in_months", 1...36)
    if fields.node("duration") == nil { _ = fields.required("duration") }
    guard let name = fields.choice("duration", DurationName.self) else { return nil }
    if name != .repeating, fields.node("duration_in_months") != nil {
      log.add(
        fields.mark("duration_in_months"), "`duration_in_months` goes with `duration: repeating`")
    }
    switch name {
    case .once: return .once
    case .forever: return .forever
    case .repeating:
      if fields.node("duration_in_months") == nil { _ = fields.required("duration_in_months") }
      return months.map { .repeating(months: $0) }
    }
  }

  private func time(_ fields: YAMLFields) -> Timestamp? {
    guard let text = fields.text("redeem_by") else { return nil }
    if let time = Timestamp(parsing: text) { return time }
    log.add(
      fields.mark("redeem_by"),
      "`redeem_by` must be a time such as 2027-01-31, not \"\(YAMLNode.shown(text))\"")
    return nil
  }

  /// Codes are told apart without regard to case.
  private func promotionCodes(_ fields: YAMLFields, known: inout Set<String>) -> [String] {
    var codes: [String] = []
    for node in YAMLFields.elements(
      fields.node("promotion_codes"), "`promotion_codes`", log: log)
    {
      guard let code = YAMLFields.text(node, "a promotion code", maximum: 500, log: log) else {
        continue
      }
      if code.wholeMatch(of: /[A-Za-z0-9-]+/) == nil {
        log.add(
          node.mark,
          "a promotion code has letters, digits and -, unlike \"\(YAMLNode.shown(code))\"")
      } else if !known.insert(code.uppercased()).inserted {
        log.add(node.mark, "the promotion code \"\(YAMLNode.shown(code))\" stands twice")
      }
      codes.append(code)
    }
    return codes
  }

  // MARK: Tokens

  func packages(_ fields: YAMLFields, _ scope: CatalogueScope) -> [TokenPackage] {
    let elements = YAMLFields.elements(fields.node("packages"), "`packages`", log: log)
    var ids: Set<String> = []
    return elements.compactMap { node in
      let keys = [
        "id", "name", "description", "tokens", "unit_amount", "currency", "expires", "product",
        "price",
      ]
      guard let own = YAMLFields(node, Self.name("package", of: node), keys: keys, log: log) else {
        return nil
      }
      let id = own.requiredID("id") ?? ""
      if !id.isEmpty, !ids.insert(id).inserted {
        log.add(own.mark("id"), "two packages have the id \"\(id)\"")
      }
      let currency = own.currency() ?? scope.currency
      let key = Catalogue.packageKey(namespace: scope.namespace, package: id)
      let tokens = own.required("tokens").flatMap {
        YAMLFields.integer($0, "`tokens`", 1...1_000_000_000_000, log: log)
      }
      return TokenPackage(
        id: id, name: own.requiredText("name") ?? "",
        description: own.text("description", maximum: 1000), tokens: tokens ?? 0,
        unitAmount: own.amount("unit_amount", currency: currency) ?? 0, currency: currency,
        expires: expires(own), productID: stripeID(own, "product") ?? key,
        priceID: stripeID(own, "price"), lookupKey: key)
    }
  }

  private func expires(_ fields: YAMLFields) -> TimeSpan? {
    guard let text = fields.text("expires") else { return nil }
    if let span = TimeSpan(parsing: text), span != TimeSpan() { return span }
    log.add(
      fields.mark("expires"),
      "`expires` must be a length of time such as 12 months, not \"\(YAMLNode.shown(text))\"")
    return nil
  }

  /// `[ai_requests]`, at one token a unit, or `{ ai_requests: 1500 }`.
  func tokensCover(_ fields: YAMLFields, _ scope: CatalogueScope) -> [TokenCover] {
    guard let node = fields.node("tokens_cover") else { return [] }
    var covers: [TokenCover] = []
    func add(_ meter: String, at mark: TextMark, tokens: Int64?) {
      if !scope.meters.contains(meter) {
        log.add(mark, unknown("meter", meter, among: scope.meters))
      } else if covers.contains(where: { $0.meterID == meter }) {
        log.add(mark, "\(meter) stands twice")
      }
      if let tokens { covers.append(TokenCover(meterID: meter, tokensPerUnit: tokens)) }
    }
    if case .sequence(let elements) = node.content {
      for element in elements {
        if let meter = YAMLFields.text(element, "an element of `tokens_cover`", log: log) {
          add(meter, at: element.mark, tokens: 1)
        }
      }
    } else {
      for member in YAMLFields.members(node, "`tokens_cover`", log: log) {
        let tokens = YAMLFields.integer(
          member.value, "the tokens for a unit", 1...1_000_000_000, log: log)
        add(member.key, at: member.mark, tokens: tokens)
      }
    }
    return covers
  }
}
