import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct DiscountTests {
  @Test func wordsBecomeOptions() throws {
    let coupon = try Words.parsed("discount apply a@b.c --coupon launch", as: DiscountApply.self)
    #expect(coupon.couponID == "launch" && coupon.promotionCode == nil)
    let code = try Words.parsed("discount apply a@b.c --promotion-code P", as: DiscountApply.self)
    #expect(code.couponID == nil && code.promotionCode == "P")
    let removal = try Words.parsed("discount remove a@b.c", as: DiscountRemove.self)
    #expect(removal.reference == .email("a@b.c"))
  }

  @Test(arguments: [
    ("a@b.c", "--coupon or --promotion-code is missing;"),
    ("a@b.c --coupon c --promotion-code p", "--coupon and --promotion-code exclude each other;"),
    ("a@b.c --coupon=", "the coupon is empty;"),
    ("a@b.c --promotion-code=", "the promotion code is empty;"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("discount apply \(words)") == "\(message) see billing discount apply --help")
  }

  private func shop() async throws -> (Shop, id: String) {
    let shop = try await Shop("coditect")
    let made = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    return (shop, made["id"]?.string ?? "-")
  }

  @Test func itIsGivenOnceAndTakenAway() async throws {
    let (shop, id) = try await shop()
    #expect(
      try await shop.dryRun("discount apply ada@example.com --coupon launch")
        == [#"POST /v1/subscriptions/\#(id) {"discounts":[{"coupon":"launch"}]}"#])
    let given = try await shop.json("discount apply ada@example.com --promotion-code launch20")
    #expect(given["discount"]?["coupon"] == "launch" && given["discount"]?["percent_off"] == 20)
    #expect(given["discount"]?["promotion_code"]?.string?.hasPrefix("promo_") == true)
    for other in ["--coupon launch", "--promotion-code LAUNCH20"] {
      #expect(
        try await shop.failure("discount apply ada@example.com \(other)") == """
          5 invalid_state: \(id) has a discount already, launch; \
          billing discount remove makes room for another
          """)
    }
    #expect(
      try await shop.dryRun("discount remove ada@example.com")
        == [#"POST /v1/subscriptions/\#(id) {"discounts":""}"#])
    #expect(try await shop.json("discount remove ada@example.com")["discount"] == .null)
    #expect(
      try await shop.failure("discount remove ada@example.com")
        == "5 invalid_state: \(id) has no discount; billing discount apply gives it one")
  }

  @Test func whatCannotBeRedeemed() async throws {
    let (shop, _) = try await shop()
    #expect(
      try await shop.failure("discount apply ada@example.com --coupon nothing")
        == "4 not_found: there is no coupon 'nothing'; there is launch")
    #expect(
      try await shop.failure("discount apply ada@example.com --promotion-code NOTHING")
        == "4 not_found: there is no promotion code 'NOTHING'; there is LAUNCH20"
    )
    try await shop.call(
      .post, "coupons",
      parameters: ["id": "brief", "percent_off": 10, "redeem_by": 1_795_255_200])
    let code = try await shop.call(
      .post, "promotion_codes",
      parameters: ["promotion": ["type": "coupon", "coupon": "launch"], "code": "OFF"])
    try await shop.call(
      .post, "promotion_codes", code["id"]?.string ?? "-", parameters: ["active": false])
    _ = try await shop.json("sandbox advance 2d")
    for line in ["discount apply ada@example.com", "subscribe bob@example.com starter --create"] {
      let coupon = try await shop.failure("\(line) --coupon brief")
      #expect(coupon.hasPrefix("5 invalid_state: ") && coupon.hasSuffix("; take another coupon"))
      #expect(
        try await shop.failure("\(line) --promotion-code OFF") == """
          5 invalid_state: the promotion code OFF cannot be redeemed any more: it is switched off, \
          has expired or was used up; take another code
          """)
    }
  }

  @Test func noBillComesThatItCouldMakeSmaller() async throws {
    let (shop, id) = try await shop()
    let ending = try await shop.json("cancel ada@example.com")
    #expect(
      try await shop.failure("discount apply ada@example.com --coupon launch") == """
        5 invalid_state: \(id) is cancelled, to end at \
        \(Cell(time: ending["current_period_end"]).text): no bill comes that a discount could make \
        smaller; billing resume first
        """)
  }
}
