import Basics
import Stripe

/// A coupon or a promotion code that can be redeemed now, with its id at Stripe.
package enum RedeemableDiscount: Sendable, Hashable {
  case coupon(String)
  case promotionCode(id: String)

  /// Why what was named cannot be redeemed.
  package enum Refusal: Error, Sendable, Hashable {
    /// - Parameter known: some of those that can be redeemed.
    case unknownCoupon(String, known: [String])
    case unknownPromotionCode(String, known: [String])
    /// Past its last day, or redeemed as often as it may be.
    case spentCoupon(String)
    /// Switched off, past its last day, or redeemed as often as it may be.
    case spentPromotionCode(String)
  }

  /// An element of the parameter `discounts`.
  var parameter: JSON {
    switch self {
    case .coupon(let id): ["coupon": .string(id)]
    case .promotionCode(let id): ["promotion_code": .string(id)]
    }
  }

  /// By what the discount is known that it becomes. Since 2025-09-30.clover it names its coupon in
  /// `source`.
  var terms: JSONObject {
    switch self {
    case .coupon(let id):
      var terms = OperationStep.any([
        ["source": ["coupon": .string(id)]], ["coupon": ["id": .string(id)]],
      ])
      terms["promotion_code"] = .null
      return terms
    case .promotionCode(let id): return ["promotion_code": .string(id)]
    }
  }

  /// By what it is known in a phase of a schedule, which names what was asked for.
  var termsInPhase: JSONObject {
    switch self {
    case .coupon(let id):
      ["coupon": .object(OperationStep.any([.string(id), ["id": .string(id)]]))]
    case .promotionCode(let id): ["promotion_code": .string(id)]
    }
  }

  /// Looks a coupon up. Throws `Refusal`, `StripeError`, and what the store throws.
  package static func coupon(named id: String, _ gateway: StripeGateway) async throws -> Self {
    guard let json = try await gateway.readIfKnown(StripePath("coupons", id)) else {
      throw Refusal.unknownCoupon(id, known: try await coupons(gateway))
    }
    guard try Coupon(json).isValid else { throw Refusal.spentCoupon(id) }
    return .coupon(id)
  }

  /// Looks a promotion code up, as customers know it. Of those that were called so, at most one
  /// is active. Throws `Refusal`, `StripeError`, and what the store throws.
  package static func promotionCode(
    _ code: String, _ gateway: StripeGateway
  ) async throws -> Self {
    let list = try await gateway.list(StripePath("promotion_codes"), ["code": .string(code)])
    let codes = try list.objects.map { try PromotionCode($0) }
    guard let active = codes.first(where: { $0.isActive }) else {
      guard codes.isEmpty else { throw Refusal.spentPromotionCode(code) }
      throw Refusal.unknownPromotionCode(code, known: try await activeCodes(gateway))
    }
    return .promotionCode(id: active.id)
  }

  /// How many names a refusal tells.
  package static let shownNames = 5

  private static func coupons(_ gateway: StripeGateway) async throws -> [String] {
    try await gateway.list(StripePath("coupons"), limit: 100).objects
      .map { try Coupon($0) }.filter { $0.isValid }.map { $0.id }.sorted()
  }

  private static func activeCodes(_ gateway: StripeGateway) async throws -> [String] {
    try await gateway.list(StripePath("promotion_codes"), ["active": true], limit: 100).objects
      .compactMap { $0["code"]?.string }.sorted()
  }
}
