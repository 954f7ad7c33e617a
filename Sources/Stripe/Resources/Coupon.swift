package import Basics
package import Foundation

/// A reduction that can be given (https://docs.stripe.com/api/coupons/object).
package struct Coupon: Sendable, Hashable {
  package let id: String
  package let name: String?
  package let percentOff: Decimal?
  /// In minor units of `currency`.
  package let amountOff: Int64?
  package let currency: String?
  /// `forever`, `once` or `repeating`.
  package let duration: String
  package let durationInMonths: Int64?
  package let maxRedemptions: Int64?
  package let redeemBy: Timestamp?
  package let isValid: Bool
  package let metadata: [String: String]
  package let created: Timestamp
  package let isLive: Bool

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "coupon")
    id = try fields.identifier()
    name = try fields.optionalText("name")
    percentOff = try fields.optionalDecimal("percent_off")
    amountOff = try fields.optionalInteger("amount_off")
    currency = try fields.optionalText("currency")
    duration = try fields.identifier("duration")
    durationInMonths = try fields.optionalInteger("duration_in_months")
    maxRedemptions = try fields.optionalInteger("max_redemptions")
    redeemBy = try fields.optionalTime("redeem_by")
    isValid = try fields.optionalFlag("valid") ?? true
    metadata = try fields.metadata()
    created = try fields.time("created")
    isLive = try fields.flag("livemode")
  }
}

/// A code that customers can enter for a coupon
/// (https://docs.stripe.com/api/promotion_codes/object).
package struct PromotionCode: Sendable, Hashable {
  package let id: String
  package let code: String
  package let couponID: String?
  package let isActive: Bool
  package let customerID: String?
  package let maxRedemptions: Int64?
  package let expiresAt: Timestamp?
  package let metadata: [String: String]
  package let created: Timestamp
  package let isLive: Bool

  /// Reads the coupon where it stood before and since 2025-09-30.clover: `coupon`, and
  /// `promotion.coupon`.
  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "promotion_code")
    id = try fields.identifier()
    code = try fields.identifier("code")
    let holder = try fields.optionalObject("promotion") ?? fields
    couponID = try holder.optionalReference("coupon")
    isActive = try fields.flag("active")
    customerID = try fields.optionalReference("customer")
    maxRedemptions = try fields.optionalInteger("max_redemptions")
    expiresAt = try fields.optionalTime("expires_at")
    metadata = try fields.metadata()
    created = try fields.time("created")
    isLive = try fields.flag("livemode")
  }
}
