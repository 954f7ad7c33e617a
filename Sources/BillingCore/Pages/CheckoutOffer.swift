package import Basics

/// What a checkout page is to sell, with the ids at Stripe resolved.
package struct CheckoutOffer: Sendable, Hashable {
  package enum Goods: Sendable, Hashable {
    /// `asksForCard`: also where nothing is due today.
    case plan(SubscriptionOffer, asksForCard: Bool)
    case tokens(TokenSale, priceID: String)
  }

  package var goods: Goods
  package var quantity: Int64
  package var couponID: String?
  package var promotionCodeID: String?
  package var successURL: String
  package var cancelURL: String?
  /// The seller's own name for the customer or the sale.
  package var clientReference: String
  /// What was asked for, and the catalogue's prices for it, without ids of Stripe's: pages with equal
  /// terms are for the same.
  package var terms: JSONObject

  package init(
    goods: Goods, quantity: Int64 = 1, couponID: String? = nil, promotionCodeID: String? = nil,
    successURL: String, cancelURL: String? = nil, clientReference: String, terms: JSONObject
  ) {
    self.goods = goods
    self.quantity = quantity
    self.couponID = couponID
    self.promotionCodeID = promotionCodeID
    self.successURL = successURL
    self.cancelURL = cancelURL
    self.clientReference = clientReference
    self.terms = terms
  }
}
