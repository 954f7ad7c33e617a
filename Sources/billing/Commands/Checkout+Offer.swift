import Basics
import BillingCore
import Stripe

/// What a checkout page is to sell: from the user's words to an offer with Stripe's ids.
extension Checkout {
  enum Goods {
    case plan(Plan, PlanPrice)
    case tokens(TokenPackage)
  }

  func goods(_ catalogue: Catalogue) throws(CommandError) -> Goods {
    guard let packageID else {
      let plan = try catalogue.requirePlan(planID ?? "")
      return .plan(plan, try catalogue.requirePrice(of: plan, interval))
    }
    return .tokens(try catalogue.requirePackage(packageID))
  }

  /// The page on which a package of tokens is sold, as `tokens buy` makes it.
  init(ofPackage packageID: String, for reference: CustomerReference) {
    self.reference = reference
    self.packageID = packageID
    waits = false
  }

  func intent(
    _ customer: CustomerRow, _ goods: Goods, _ addresses: (success: String, cancel: String?)
  ) -> OperationIntent {
    var words: JSONObject = ["customer": .string(customer.id)]
    switch goods {
    case .plan(let plan, let price):
      words["plan"] = .string(plan.id)
      words["price"] = .string(price.id ?? price.lookupKey)
    case .tokens(let package): words["tokens"] = .string(package.id)
    }
    words["quantity"] = quantity.map(JSON.integer)
    words["trial_days"] = trialDays.map { .integer(Int64($0)) }
    words["coupon"] = couponID.map(JSON.string)
    words["promotion_code"] = promotionCode.map(JSON.string)
    words["success_url"] = .string(addresses.success)
    words["cancel_url"] = addresses.cancel.map(JSON.string)
    words["client_reference"] = clientReference.map(JSON.string)
    return OperationIntent(command: Self.name, customerID: customer.id, words: words)
  }

  func offer(
    _ goods: Goods, _ addresses: (success: String, cancel: String?), to customer: CustomerRow,
    having subscriptions: [Subscription], _ terms: JSONObject, _ catalogue: Catalogue,
    _ context: Context
  ) async throws -> CheckoutOffer {
    let gateway = try await context.gateway()
    let offers = SubscriptionOffers(gateway: gateway, catalogue: catalogue)
    if let couponID { _ = try await RedeemableDiscount.coupon(named: couponID, gateway) }
    let ownID = customer.externalID.flatMap { $0.count <= Self.maximumReference ? $0 : nil }
    var terms = terms
    let sold: CheckoutOffer.Goods
    switch goods {
    case .tokens(let package):
      terms["amount"] = .string("\(package.unitAmount) \(package.currency)")
      let sale = TokenSale(package, quantity: quantity ?? 1)
      terms["sale"] = .object(sale.metadata)
      sold = .tokens(sale, priceID: try await offers.priceID(of: package))
    case .plan(let plan, let price):
      let isFirst = SubscriptionPlanning.isFirst(subscriptions)
      let offer = try await offers.offer(
        SubscriptionOffers.Request(
          plan: plan, price: price, trialDays: trialDays ?? (isFirst ? plan.trialDays : 0)),
        to: customer)
      terms["trial_days"] = JSON(offer.trialDays)
      terms["amount"] = .string("\(price.unitAmount) \(price.currency)")
      terms["overages"] = .array(
        plan.overages.map { .string("\($0.meterID) \($0.included) \($0.unitAmountDecimal)") })
      sold = .plan(offer, asksForCard: offer.trialDays == nil || plan.trialRequiresPaymentMethod)
    }
    return CheckoutOffer(
      goods: sold, quantity: quantity ?? 1, couponID: couponID,
      promotionCodeID: try await offers.promotionCodeID(promotionCode),
      successURL: addresses.success, cancelURL: addresses.cancel,
      clientReference: clientReference ?? ownID ?? customer.id, terms: terms)
  }
}
