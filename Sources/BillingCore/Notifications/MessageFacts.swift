import Basics

/// The values that a message can show, by their names in templates. What is not there is left out,
/// and with it the lines that would show it.
struct MessageFacts {
  private static let common = [
    "customer_name", "customer_email", "customer_id", "business_name", "business_email",
    "business_url", "billing_url", "upgrade_url", "date",
  ]

  /// What the messages of a kind can show.
  static func names(of kind: Notification.Kind) -> [String] {
    let own =
      switch kind {
      case .paymentFailed, .paymentRecovered:
        ["amount", "invoice_number", "reason", "next_attempt_date", "pay_url"]
      case .trialEnding, .trialEnded, .subscriptionStarted, .subscriptionChanged,
        .subscriptionCanceled:
        [
          "plan", "price", "amount", "interval", "quantity", "trial_end_date", "next_bill_date",
          "previous_plan", "next_plan", "change_date", "end_date", "ended_date",
        ]
      case .usageThreshold, .usageOverage:
        ["meter", "used", "limit", "percent", "threshold", "overage", "amount"]
      case .tokensPurchased: ["tokens", "balance", "package", "amount", "expiry_date"]
      case .cardExpiring: ["card", "card_end", "bill_date"]
      case .deadLetters, .drift, .ledgerDifference, .doctorFault:
        ["what", "count", "example", "error", "advice", "command"]
      }
    return common + own
  }

  private let catalogue: Catalogue
  private let words: LocalWords
  private let payload: JSON
  private(set) var values: [String: String] = [:]

  /// - Parameters:
  ///   - customer: nil where it is about none, or about one that is not known.
  ///   - decline: why a payment failed, where that is known.
  init(
    _ notification: Notification, created: Timestamp, customer: CustomerRow?,
    decline: DeclineCode?, _ catalogue: Catalogue, language: String
  ) {
    self.catalogue = catalogue
    words = LocalWords(language: language)
    payload = .object(notification.payload)
    values["date"] = words.day(notification.at ?? created)
    set(customer: customer, id: notification.customerID)
    setBusiness()
    switch notification.kind {
    case .paymentFailed, .paymentRecovered: setInvoice(notification.kind, decline)
    case .trialEnding, .trialEnded, .subscriptionStarted, .subscriptionChanged,
      .subscriptionCanceled:
      setSubscription(notification)
    case .usageThreshold, .usageOverage: setUsage()
    case .tokensPurchased: setTokens()
    case .cardExpiring:
      values["card"] = text("card")
      values["card_end"] = text("card_end")
      values["bill_date"] = day("bill_at")
    case .deadLetters, .drift, .ledgerDifference, .doctorFault:
      for name in ["what", "example", "error", "advice", "command"] { values[name] = text(name) }
      values["count"] = number("count")
    }
  }

  // MARK: Whom it is about

  private mutating func set(customer: CustomerRow?, id: String?) {
    values["customer_id"] = id
    values["customer_email"] = customer?.email
    let names = [customer?.name, customer?.email, id].compactMap { $0 }.filter { !$0.isEmpty }
    values["customer_name"] = names.first
  }

  private mutating func setBusiness() {
    let business = catalogue.business
    values["business_name"] = business.name ?? business.email
    values["business_email"] = business.email
    values["business_url"] = business.url
    values["billing_url"] = catalogue.urls.portalReturn ?? business.url
    values["upgrade_url"] = catalogue.urls.upgrade
  }

  // MARK: What it is about

  private mutating func setInvoice(_ kind: Notification.Kind, _ decline: DeclineCode?) {
    let key = kind == .paymentFailed ? "amount_remaining" : "amount_paid"
    values["amount"] = money(key) ?? money("total")
    values["invoice_number"] = text("number") ?? text("id")
    values["next_attempt_date"] = day("next_payment_attempt")
    values["pay_url"] = text("hosted_invoice_url")
    values["reason"] = decline?.forCustomer
  }

  private mutating func setSubscription(_ notification: Notification) {
    values["plan"] = planName(text("plan")) ?? "your plan"
    let quantity = payload["quantity"]?.integer ?? 1
    let interval = text("interval").flatMap { BillingInterval.Unit(rawValue: $0) }.flatMap {
      BillingInterval($0, count: payload["interval_count"]?.integer.map { Int($0) } ?? 1)
    }
    values["interval"] = interval?.words
    values["quantity"] = words.number(quantity)
    if let unit = payload["unit_amount"]?.integer, let currency = text("currency") {
      let (amount, overflow) = unit.multipliedReportingOverflow(by: quantity)
      if !overflow { values["amount"] = words.money(amount, currency) }
    }
    if let amount = values["amount"] {
      values["price"] = [amount, interval?.rateWords].compactMap { $0 }.joined(separator: " ")
    }
    if text("status") == "trialing" { values["trial_end_date"] = day("trial_end") }
    let hasEnded = text("status") == "canceled"
    values[hasEnded ? "ended_date" : "end_date"] = day(hasEnded ? "ended_at" : "cancel_at")
    if !hasEnded, text("cancel_at") == nil, text("pause") == nil {
      values["next_bill_date"] = day("current_period_end")
    }
    values["previous_plan"] = planName(payload["previous"]?["plan"]?.string)
    setPendingChange()
  }

  /// `team year, from 2026-12-20T10:00:00Z on`.
  private mutating func setPendingChange() {
    let all = (text("pending_change") ?? "").split { $0 == " " || $0 == "," }.map { String($0) }
    guard let plan = all.first, let moment = all.first(where: { $0.contains(":") }) else { return }
    values["next_plan"] = planName(plan)
    values["change_date"] = Timestamp(parsing: moment).map { words.day($0) }
  }

  private mutating func setUsage() {
    values["meter"] = text("name") ?? text("meter")
    for name in ["used", "limit", "percent", "threshold", "overage"] { values[name] = number(name) }
    values["amount"] = money("overage_amount")
  }

  private mutating func setTokens() {
    values["tokens"] = number("tokens")
    values["balance"] = number("balance")
    values["package"] = text("package").map { catalogue.package($0)?.name ?? $0 }
    values["amount"] = money("amount")
    values["expiry_date"] = day("expires_at")
  }

  // MARK: Values

  private func text(_ key: String) -> String? { payload[key]?.string }
  private func number(_ key: String) -> String? { payload[key]?.integer.map { words.number($0) } }

  private func day(_ key: String) -> String? {
    text(key).flatMap { Timestamp(parsing: $0) }.map { words.day($0) }
  }

  private func money(_ key: String) -> String? {
    guard let amount = payload[key]?.integer, let currency = text("currency") else { return nil }
    return words.money(amount, currency)
  }

  private func planName(_ id: String?) -> String? {
    id.map { catalogue.plan($0)?.name ?? $0 }
  }
}
