extension CatalogueReader {
  func urls(_ fields: YAMLFields) -> CatalogueURLs {
    let keys = ["checkout_success", "checkout_cancel", "portal_return", "upgrade"]
    guard let node = fields.node("urls"),
      let own = YAMLFields(node, "`urls`", keys: keys, log: log)
    else { return CatalogueURLs() }
    return CatalogueURLs(
      checkoutSuccess: own.url("checkout_success"), checkoutCancel: own.url("checkout_cancel"),
      portalReturn: own.url("portal_return"), upgrade: own.url("upgrade"))
  }

  func business(_ fields: YAMLFields) -> BusinessProfile {
    let keys = [
      "name", "email", "url", "privacy_policy_url", "terms_of_service_url", "statement_descriptor",
    ]
    guard let node = fields.node("business"),
      let own = YAMLFields(node, "`business`", keys: keys, log: log)
    else { return BusinessProfile() }
    let email = own.text("email")
    if let email, email.wholeMatch(of: /[^\s@<>]+@[^\s@<>]+/) == nil {
      log.add(own.mark("email"), "`email` is no address: \"\(YAMLNode.shown(email))\"")
    }
    let descriptor = own.text("statement_descriptor", maximum: 22)
    if let descriptor, descriptor.wholeMatch(of: /(?=.*[A-Za-z])[^<>\\'"*]{5,22}/) == nil {
      log.add(
        own.mark("statement_descriptor"),
        #"`statement_descriptor` is 5 to 22 characters with a letter and without < > \ ' " *"#)
    }
    return BusinessProfile(
      name: own.text("name"), email: email, url: own.url("url"),
      privacyPolicyURL: own.url("privacy_policy_url"),
      termsOfServiceURL: own.url("terms_of_service_url"), statementDescriptor: descriptor)
  }

  /// The metrics that can have a goal.
  private static let metrics = [
    "mrr", "arr", "active_subscriptions", "arpa", "signups", "customer_churn_rate",
    "net_revenue_retention", "trial_conversion_rate", "free_to_paid_conversion_rate",
    "payment_success_rate", "payment_failure_rate", "recovery_rate", "webhook_success_rate",
  ]

  func goals(_ fields: YAMLFields) -> [Goal] {
    guard let node = fields.node("goals"),
      let own = YAMLFields(node, "`goals`", keys: Self.metrics, log: log)
    else { return [] }
    return Self.metrics.compactMap { metric in
      own.node(metric).flatMap { YAMLFields.decimal($0, "`\(metric)`", log: log) }
        .map { Goal(metric: metric, target: $0) }
    }
  }

  func refunds(_ fields: YAMLFields, _ scope: CatalogueScope) -> RefundPolicy {
    guard let node = fields.node("refunds"),
      let own = YAMLFields(node, "`refunds`", keys: ["window_days", "max_amount"], log: log)
    else { return RefundPolicy() }
    let amount =
      own.node("max_amount") == nil ? nil : own.amount("max_amount", currency: scope.currency)
    return RefundPolicy(windowDays: own.integer("window_days", 0...3650), maximumAmount: amount)
  }

  /// What Stripe's own keys, secrets and ids begin with.
  private static let stripePrefixes = ["sk", "rk", "pk", "ek", "whsec", "price", "prod", "cus"]

  func keyPrefix(_ fields: YAMLFields) -> String {
    guard let text = fields.text("key_prefix", maximum: .max) else { return "billing" }
    if Self.stripePrefixes.contains(text) {
      log.add(fields.mark("key_prefix"), "`key_prefix` must not be Stripe's own \"\(text)\"")
    } else if text.wholeMatch(of: /[a-z][a-z0-9]{1,15}/) == nil {
      log.add(
        fields.mark("key_prefix"),
        """
        `key_prefix` is 2 to 16 small letters and digits, a letter first, without _; \
        "\(YAMLNode.shown(text))" is none
        """)
    }
    return text
  }

  func externalIDMetadata(_ fields: YAMLFields) -> [String] {
    guard let node = fields.node("external_id_metadata") else {
      return ["billing_external_id", "external_id"]
    }
    let keys = YAMLFields.elements(node, "`external_id_metadata`", log: log).compactMap {
      element -> String? in
      let name = "a metadata key"
      guard let key = YAMLFields.text(element, name, maximum: 40, log: log) else { return nil }
      guard !key.contains("["), !key.contains("]") else {
        log.add(element.mark, "a metadata key cannot have brackets")
        return nil
      }
      return key
    }
    if case .sequence(let elements) = node.content, elements.isEmpty {
      log.add(node.mark, "`external_id_metadata` is empty")
    }
    return keys
  }

  // MARK: What must not stand twice

  /// Notes ids, ranks, products and names at Stripe that two parts of the catalogue share.
  func noteClashes(_ fields: YAMLFields, plans: [PlacedPlan], packages: [TokenPackage]) {
    var seen: Set<String> = []
    func note(_ name: String, _ value: String, at mark: TextMark) {
      guard !value.isEmpty, !seen.insert("\(name) \(value)").inserted else { return }
      log.add(mark, "the \(name) \(value) stands twice")
    }
    for placed in plans where !placed.plan.id.isEmpty {
      let plan = placed.plan
      let own = placed.fields
      let before = log.mistakes.count
      note("plan", plan.id, at: own.mark("id"))
      if own.node("rank") != nil { note("rank", String(plan.rank), at: own.mark("rank")) }
      guard log.mistakes.count == before else { continue }
      note("environment name", Catalogue.environmentName(plan.id), at: own.mark("id"))
      if let product = plan.productID { note("product", product, at: own.mark("product")) }
      for key in plan.prices.map({ $0.lookupKey })
        + plan.overages.flatMap({ $0.prices.map { $0.lookupKey } })
      {
        note("lookup key", key, at: own.mark("prices"))
      }
      for price in plan.prices {
        if let id = price.id { note("price", id, at: own.mark("prices")) }
      }
    }
    let mark = fields.mark("packages")
    for package in packages where !package.id.isEmpty {
      note("product", package.productID, at: mark)
      note("lookup key", package.lookupKey, at: mark)
    }
    noteSharedNames(plans)
  }

  /// A gate is asked for by one name, so no limit may be called like a feature.
  private func noteSharedNames(_ plans: [PlacedPlan]) {
    let limits = Set(plans.flatMap { $0.plan.limits.map { $0.id } })
    for placed in plans {
      for feature in placed.plan.features where limits.contains(feature.id) {
        log.add(placed.fields.mark("features"), "\(feature.id) is both a limit and a feature")
      }
    }
  }
}
