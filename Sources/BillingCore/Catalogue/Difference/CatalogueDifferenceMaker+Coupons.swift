import Basics
private import Foundation
import Stripe

extension CatalogueDifferenceMaker {
  mutating func compareCoupons() {
    for coupon in catalogue.coupons {
      guard let existing = state.coupon(coupon.id) else {
        changes.append(
          CatalogueChange(
            .create, .coupon, id: coupon.id, detail: Self.terms(coupon).joined(separator: ", "),
            calls: [CatalogueCall(.post, StripePath("coupons"), parameters(coupon))],
            brings: "coupon \(coupon.id)"))
        continue
      }
      compare(coupon, existing)
    }
  }

  private mutating func compare(_ coupon: CouponDefinition, _ existing: Coupon) {
    let wanted = Self.terms(coupon)
    let found = Self.terms(existing)
    if wanted != found {
      conflict(
        .coupon, coupon.id,
        """
        at Stripe it is \(found.joined(separator: ", ")), in the catalogue \
        \(wanted.joined(separator: ", ")), and a coupon cannot change that; give the new one \
        another id
        """)
    }
    guard isOurs(existing.metadata), existing.name != coupon.name else { return }
    changes.append(
      CatalogueChange(
        .update, .coupon, id: coupon.id,
        detail: "name \(existing.name ?? "none") → \(coupon.name ?? "none")",
        calls: [
          CatalogueCall(
            .post, StripePath("coupons", coupon.id), ["name": .string(coupon.name ?? "")])
        ]))
  }

  private func parameters(_ coupon: CouponDefinition) -> JSONObject {
    var parameters: JSONObject = ["id": .string(coupon.id)]
    if let name = coupon.name { parameters["name"] = .string(name) }
    switch coupon.reduction {
    case .percent(let text): parameters["percent_off"] = .string(text)
    case .amount(let amount, let currency):
      parameters["amount_off"] = .integer(amount)
      parameters["currency"] = .string(currency)
    }
    parameters["duration"] = .string(coupon.duration.name)
    if case .repeating(let months) = coupon.duration {
      parameters["duration_in_months"] = .integer(months)
    }
    if let most = coupon.maxRedemptions { parameters["max_redemptions"] = .integer(most) }
    if let time = coupon.redeemBy { parameters["redeem_by"] = .integer(time.seconds) }
    parameters["metadata"] = .object(metadata())
    return parameters
  }

  private static func terms(_ coupon: CouponDefinition) -> [String] {
    let months: Int64? = if case .repeating(let months) = coupon.duration { months } else { nil }
    let duration = coupon.duration.name
    switch coupon.reduction {
    case .percent(let text):
      return terms(
        reduction: "\(text) percent off", duration, months, coupon.maxRedemptions, coupon.redeemBy)
    case .amount(let amount, let currency):
      return terms(
        reduction: "\(AmountText.of(amount, currency)) off", duration, months,
        coupon.maxRedemptions,
        coupon.redeemBy)
    }
  }

  private static func terms(_ coupon: Coupon) -> [String] {
    let reduction =
      coupon.percentOff.map { "\(DecimalText.normalized($0.description) ?? "?") percent off" }
      ?? "\(AmountText.of(coupon.amountOff ?? 0, coupon.currency ?? "")) off"
    return terms(
      reduction: reduction, coupon.duration, coupon.durationInMonths, coupon.maxRedemptions,
      coupon.redeemBy)
  }

  private static func terms(
    reduction: String, _ duration: String, _ months: Int64?, _ maximum: Int64?, _ time: Timestamp?
  ) -> [String] {
    var terms = [reduction, months.map { "for \($0) months" } ?? duration]
    if let maximum { terms.append("at most \(maximum) times") }
    if let time { terms.append("until \(time)") }
    return terms
  }

  // MARK: Promotion codes

  mutating func comparePromotionCodes() {
    for coupon in catalogue.coupons {
      for code in coupon.promotionCodes { compare(code, of: coupon) }
    }
  }

  private mutating func compare(_ code: String, of coupon: CouponDefinition) {
    let existing = state.promotionCode(code)
    if let existing, existing.isActive {
      if existing.couponID != coupon.id {
        conflict(
          .coupon, coupon.id,
          """
          the promotion code \(code) is active for coupon \(existing.couponID ?? "none"); \
          deactivate it or choose another code
          """)
      }
      return
    }
    // A code that is older than its coupon belongs to a deleted one of the same id.
    if let existing, existing.couponID == coupon.id, isOurs(existing.metadata),
      let parent = state.coupon(coupon.id), parent.created <= existing.created
    {
      changes.append(
        CatalogueChange(
          .update, .coupon, id: coupon.id, detail: "promotion code \(code) active false → true",
          calls: [
            CatalogueCall(.post, StripePath("promotion_codes", existing.id), ["active": true])
          ]))
      return
    }
    var parameters: JSONObject = ["code": .string(code)]
    // The coupon moved into `promotion` with 2025-09-30.clover.
    if state.apiVersion.prefix(10) >= "2025-09-30" {
      parameters["promotion"] = ["type": "coupon", "coupon": .string(coupon.id)]
    } else {
      parameters["coupon"] = .string(coupon.id)
    }
    parameters["metadata"] = .object(metadata())
    changes.append(
      CatalogueChange(
        .create, .coupon, id: coupon.id, detail: "promotion code \(code)",
        calls: [CatalogueCall(.post, StripePath("promotion_codes"), parameters)],
        needs: ["coupon \(coupon.id)"]))
  }
}
