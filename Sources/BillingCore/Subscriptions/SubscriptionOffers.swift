import Basics
package import Stripe

/// Turns what a user asked for into an offer with Stripe's ids.
package struct SubscriptionOffers: Sendable {
  package struct Request: Sendable {
    package var plan: Plan
    package var price: PlanPrice
    /// Whether the price is this customer's own, agreed on and in no catalogue.
    package var isInline: Bool
    package var quantity: Int64?
    package var trialDays: Int
    package var couponID: String?
    package var promotionCode: String?
    package var paymentMethod: String?
    package var paymentBehavior: String?

    package init(
      plan: Plan, price: PlanPrice, isInline: Bool = false, quantity: Int64? = nil,
      trialDays: Int = 0,
      couponID: String? = nil, promotionCode: String? = nil, paymentMethod: String? = nil,
      paymentBehavior: String? = nil
    ) {
      self.plan = plan
      self.price = price
      self.isInline = isInline
      self.quantity = quantity
      self.trialDays = trialDays
      self.couponID = couponID
      self.promotionCode = promotionCode
      self.paymentMethod = paymentMethod
      self.paymentBehavior = paymentBehavior
    }
  }

  /// What Stripe lacks, though the catalogue or the user names it.
  package enum Missing: Error, Sendable, Hashable {
    /// Prices that were never seeded.
    case prices(lookupKeys: [String])
    /// A trial of the plan needs a payment method, and there is none at hand.
    case paymentMethodForTrial(planID: String)
    case paymentMethod(String)
  }

  private let gateway: StripeGateway
  private let catalogue: Catalogue

  package init(gateway: StripeGateway, catalogue: Catalogue) {
    self.gateway = gateway
    self.catalogue = catalogue
  }

  /// Throws `Missing`, `StripeError`, and what the store throws.
  package func offer(_ request: Request, to customer: CustomerRow?) async throws
    -> SubscriptionOffer
  {
    let hasMethod = request.paymentMethod != nil || customer?.defaultPaymentMethodID != nil
    let (price, overagePriceIDs) = try await prices(request)
    if let couponID = request.couponID {
      _ = try await RedeemableDiscount.coupon(named: couponID, gateway)
    }
    return SubscriptionOffer(
      planID: request.plan.id, price: price, overagePriceIDs: overagePriceIDs,
      quantity: request.quantity, trialDays: request.trialDays > 0 ? request.trialDays : nil,
      couponID: request.couponID,
      promotionCodeID: try await promotionCodeID(request.promotionCode),
      paymentBehavior: request.paymentBehavior
        ?? (hasMethod ? "error_if_incomplete" : "default_incomplete"),
      paymentMethod: try await paymentMethod(request.paymentMethod, of: customer))
  }

  private func prices(
    _ request: Request
  ) async throws -> (SubscriptionOffer.PriceChoice, overage: [String]) {
    guard request.isInline else {
      let target = try await target(request.plan, request.price)
      return (.listed(target.priceID), target.overagePriceIDs)
    }
    let overage = overageKeys(of: request.plan, each: request.price.interval)
    let found = try await priceIDs(of: overage)
    let id = catalogue.productID(of: request.plan)
    let isThere = try await gateway.readIfKnown(StripePath("products", id)) != nil
    let choice = SubscriptionOffer.PriceChoice.inline(
      request.price, productID: id, making: isThere ? nil : catalogue.product(of: request.plan))
    return (choice, overage.compactMap { found[$0] })
  }

  private func overageKeys(of plan: Plan, each interval: BillingInterval) -> [String] {
    plan.overages.flatMap { $0.prices }.filter { $0.interval == interval }.map { $0.lookupKey }
  }

  /// The prices of a plan at Stripe: the one given, and what bills use beyond the plan in its
  /// interval. Throws `Missing`, `StripeError`, and what the store throws.
  package func target(_ plan: Plan, _ price: PlanPrice) async throws -> PlanChange.Target {
    let overage = overageKeys(of: plan, each: price.interval)
    let prices = try await priceIDs(of: (price.id == nil ? [price.lookupKey] : []) + overage)
    guard let priceID = price.id ?? prices[price.lookupKey] else {
      throw Missing.prices(lookupKeys: [price.lookupKey])
    }
    return PlanChange.Target(
      priceID: priceID, overagePriceIDs: overage.compactMap { prices[$0] })
  }

  /// The price of a package of tokens. Throws as `offer` does.
  package func priceID(of package: TokenPackage) async throws -> String {
    if let id = package.priceID { return id }
    guard let id = try await priceIDs(of: [package.lookupKey])[package.lookupKey] else {
      throw Missing.prices(lookupKeys: [package.lookupKey])
    }
    return id
  }

  /// The active prices of lookup keys; all of them must be there.
  private func priceIDs(of keys: [String]) async throws -> [String: String] {
    var found = gateway.prices.ids(of: keys)
    let asked = keys.filter { found[$0] == nil }
    // Stripe takes ten keys a call.
    for start in stride(from: 0, to: asked.count, by: 10) {
      let batch = asked[start..<min(start + 10, asked.count)]
      let list = try await gateway.list(
        StripePath("prices"),
        ["lookup_keys": .array(batch.map(JSON.string)), "active": true])
      for price in try list.objects.map({ try Price($0) }) {
        if let key = price.lookupKey { found[key] = price.id }
      }
    }
    gateway.prices.remember(found)
    let missing = keys.filter { found[$0] == nil }
    guard missing.isEmpty else { throw Missing.prices(lookupKeys: missing) }
    return found
  }

  /// The id of an active promotion code, as customers know it.
  package func promotionCodeID(_ code: String?) async throws -> String? {
    guard let code,
      case .promotionCode(let id) = try await RedeemableDiscount.promotionCode(code, gateway)
    else { return nil }
    return id
  }

  /// Stripe's test tokens make a new payment method when they are attached; one that belongs to
  /// the customer already is used as it is.
  private func paymentMethod(
    _ id: String?, of customer: CustomerRow?
  ) async throws -> SubscriptionOffer.PaymentMethodChoice {
    guard let id else { return .customersDefault }
    guard !id.hasPrefix(PaymentMethod.testCardPrefix), let customer else { return .toAttach(id) }
    guard let json = try await gateway.readIfKnown(StripePath("payment_methods", id)) else {
      throw Missing.paymentMethod(id)
    }
    return try PaymentMethod(json).customerID == customer.id ? .attached(id) : .toAttach(id)
  }
}

extension StripeClient.Configuration {
  /// What to expand in a new subscription to learn its discounts and how its first payment is
  /// completed: another field before 2025-03-31.basil.
  package var firstPaymentExpansions: [String] {
    [
      apiVersion < "2025-03-31"
        ? "latest_invoice.payment_intent" : "latest_invoice.confirmation_secret"
    ] + discountExpansions
  }

  /// What an unpaid bill means for a subscription that stands still and is to go on: it stays so.
  /// Before 2026-09-30.endive Stripe knows no other way, and no parameter.
  package var resumptionBehavior: String? {
    apiVersion < "2026-09-30" ? nil : "resume_on_payment_success"
  }

  /// What to expand in a subscription to learn its discounts: since 2025-09-30.clover a discount
  /// names its coupon in `source`, before it the coupon stands in it.
  package var discountExpansions: [String] {
    apiVersion < "2025-09-30" ? ["discounts"] : ["discounts.source.coupon"]
  }
}
