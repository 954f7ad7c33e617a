import Basics
import Foundation
import Testing

@testable import StripeSandbox

/// What requests of older versions mean.
@Suite struct OldRequestsTests {
  private let world: MoneyWorld

  init() throws {
    world = try MoneyWorld()
    _ = world.stripe.post("/v1/coupons", "id=ten&percent_off=10&duration=forever")
  }

  private func post(_ target: String, _ parameters: String, _ version: String) -> Answer {
    world.stripe.send(
      "POST", target, parameters, headers: [("Stripe-Version", version)], isChecked: false)
  }

  @Test(.tags(.unit)) func aCouponIsAParameterUntilBasil() throws {
    let parameters = "customer=\(world.customer())&items[0][price]=\(world.monthly)&coupon="
    let old = post("/v1/subscriptions", parameters + "ten", "2024-11-20.acacia")
    #expect(old["discount", "coupon", "id"] == "ten")
    #expect(
      post("/v1/subscriptions", parameters + "ten", "2025-03-31.basil").error
        == "400 invalid_request_error parameter_unknown coupon: Received unknown parameter: coupon")
    #expect(
      post("/v1/subscriptions", parameters + "nope", "2024-11-20.acacia").error
        == "400 invalid_request_error resource_missing coupon: No such coupon: 'nope'")
    #expect(
      post(
        "/v1/subscriptions", parameters + "ten&promotion_code=x", "2024-11-20.acacia"
      ).error
        == "400 invalid_request_error - coupon: You may only specify one of these parameters: "
        + "coupon, promotion_code.")
    let cleared = post("/v1/subscriptions/\(old.id)", "coupon=", "2024-11-20.acacia")
    #expect(cleared["discount"] == .null)
    #expect(cleared["discounts"] == [])
  }

  @Test(.tags(.unit)) func aPromotionCodeIsMadeForACoupon() throws {
    let old = post("/v1/promotion_codes", "coupon=ten&code=OLD", "2025-08-27.basil")
    #expect(old["coupon", "percent_off"]?.compact == "10")
    #expect(old["promotion"] == nil)
    #expect(
      post("/v1/promotion_codes", "code=OLD", "2025-08-27.basil").error
        == "400 invalid_request_error parameter_missing coupon: Missing required param: coupon.")
    #expect(
      post("/v1/promotion_codes", "coupon=nope", "2025-08-27.basil").error
        == "400 invalid_request_error resource_missing coupon: No such coupon: 'nope'")
    #expect(
      post("/v1/promotion_codes", "coupon=ten", "2025-09-30.clover").error
        == "400 invalid_request_error parameter_unknown coupon: Received unknown parameter: coupon")
  }

  @Test(.tags(.unit)) func billingIsClassicUntilClover() {
    let parameters = "customer=\(world.customer())&items[0][price]=\(world.monthly)"
    let old = post("/v1/subscriptions", parameters, "2025-08-27.basil")
    #expect(old["billing_mode", "type"] == "classic")
    let now = post("/v1/subscriptions", parameters, "2025-09-30.clover")
    #expect(now["billing_mode", "type"] == "flexible")
  }

  @Test(.tags(.unit)) func cardsAreListedUntilEndive() {
    let parameters = "amount=500&currency=usd&payment_method_types[]="
    let old = post("/v1/payment_intents", parameters + "card", "2026-08-26.dahlia")
    #expect(old["payment_method_types"] == ["card"])
    #expect(
      post("/v1/payment_intents", parameters + "klarna", "2026-08-26.dahlia").error
        == "400 invalid_request_error - payment_method_types: The sandbox does not offer other "
        + "payment methods than cards.")
    #expect(
      post("/v1/payment_intents", parameters + "card", "2026-09-30.endive").error
        == "400 invalid_request_error parameter_unknown payment_method_types: Received unknown "
        + "parameter: payment_method_types")
  }

  @Test(.tags(.unit)) func aPlanIsTheOnlyItem() {
    let parameters = "customer=\(world.customer())&plan="
    let made = post("/v1/subscriptions", "\(parameters)\(world.monthly)&quantity=2", "2020-08-27")
    #expect(made.item[at: "price", "id"]?.string == world.monthly)
    #expect(made.item["quantity"] == 2)
    let changed = post("/v1/subscriptions/\(made.id)", "plan=\(world.yearly)", "2020-08-27")
    #expect(changed.item["id"] == made.item["id"])
    #expect(changed.item[at: "price", "id"]?.string == world.yearly)
    #expect(
      post("/v1/subscriptions", parameters + "nope", "2020-08-27").error
        == "400 invalid_request_error resource_missing plan: No such plan: 'nope'")
  }
}
