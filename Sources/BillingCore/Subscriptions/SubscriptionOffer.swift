package import Basics

/// What a customer is to be subscribed to, with the ids at Stripe resolved.
package struct SubscriptionOffer: Sendable, Hashable {
  package var planID: String
  package var price: PriceChoice
  /// The metered prices that bill what goes beyond the plan.
  package var overagePriceIDs: [String]
  package var quantity: Int64?
  /// Days of trial; nil for none.
  package var trialDays: Int?
  package var couponID: String?
  package var promotionCodeID: String?
  package var paymentBehavior: String
  /// What it costs.
  package enum PriceChoice: Sendable, Hashable {
    /// A price at Stripe.
    case listed(String)
    /// One for this customer alone, on the plan's product, which may have to be made first.
    case inline(PlanPrice, productID: String, making: JSONObject?)
  }

  /// A payment method that still has to be attached, or one of the customer's.
  package var paymentMethod: PaymentMethodChoice

  package enum PaymentMethodChoice: Sendable, Hashable {
    /// What the customer has by default, if anything.
    case customersDefault
    case attached(String)
    case toAttach(String)
  }

  package init(
    planID: String, price: PriceChoice, overagePriceIDs: [String] = [], quantity: Int64? = nil,
    trialDays: Int? = nil, couponID: String? = nil, promotionCodeID: String? = nil,
    paymentBehavior: String, paymentMethod: PaymentMethodChoice = .customersDefault
  ) {
    self.planID = planID
    self.price = price
    self.overagePriceIDs = overagePriceIDs
    self.quantity = quantity
    self.trialDays = trialDays
    self.couponID = couponID
    self.promotionCodeID = promotionCodeID
    self.paymentBehavior = paymentBehavior
    self.paymentMethod = paymentMethod
  }
}
