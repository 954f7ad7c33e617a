import Basics
import BillingCore
import Stripe

struct DiscountApply: Command {
  static let name = "discount apply"
  static let summary = "Give a running subscription a coupon"
  static let discussion = """
    It counts from the next invoice on, for as long as the coupon says. A subscription has one
    discount at a time: where there is one, billing discount remove makes room. It stays through a
    change of plan that is pending. For a subscription that is about to begin, see billing
    subscribe.
    """
  static let parameters: [Parameter] = [
    .customer,
    .option("--coupon", "C", "A coupon"),
    .option("--promotion-code", "P", "A promotion code, as customers know it"),
  ]
  static let examples = [
    "discount apply ada@example.com --coupon launch",
    "discount apply ada@example.com --promotion-code LAUNCH20",
  ]

  var reference: CustomerReference
  var couponID: String?
  var promotionCode: String?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    couponID = try arguments.option("--coupon")
    promotionCode = try arguments.option("--promotion-code")
    guard (couponID == nil) != (promotionCode == nil) else {
      throw arguments.error(
        couponID == nil
          ? "--coupon or --promotion-code is missing"
          : "--coupon and --promotion-code exclude each other")
    }
    guard couponID != "", promotionCode != "" else {
      throw arguments.error("the \(couponID == nil ? "promotion code" : "coupon") is empty")
    }
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let name = couponID ?? promotionCode ?? ""
    try context.requireWrite("give \(reference.text) the discount \(name)")
    let intent = { (customerID: String) in
      SubscriptionPlanning.discounting(
        ofCustomer: customerID, couponID: couponID, promotionCode: promotionCode)
    }
    return try await SubscriptionChange(reference: reference).run(context, meaning: intent) {
      subscription in
      let discount = try await discount(context.gateway())
      return try SubscriptionPlanning.applyDiscount(
        subscription, discount, intent: intent(subscription.customerID))
    }
  }

  private func discount(_ gateway: StripeGateway) async throws -> RedeemableDiscount {
    if let couponID { return try await .coupon(named: couponID, gateway) }
    return try await .promotionCode(promotionCode ?? "", gateway)
  }
}
