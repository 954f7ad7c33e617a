import Basics
import Testing

@Suite struct CouponsTests {
  @Test(.tags(.unit)) func liveAndLapse() throws {
    let stripe = try TestSandbox()
    let coupon = stripe.post(
      "/v1/coupons",
      "id=launch&percent_off=12.5&duration=repeating&duration_in_months=3&name=L"
        + "&redeem_by=\(TestSandbox.start.seconds + 60)")
    #expect(coupon["percent_off"]?.compact == "12.5")
    #expect(coupon["valid"] == true)
    #expect(
      stripe.post("/v1/coupons", "id=launch&percent_off=1").error
        == "400 invalid_request_error resource_already_exists -: Coupon already exists.")
    stripe.wait(seconds: 61)
    #expect(stripe.get("/v1/coupons/launch")["valid"] == false)
    #expect(stripe.post("/v1/coupons/launch", "name=M&metadata[a]=1")["name"] == "M")
    let amount = stripe.post(
      "/v1/coupons",
      "amount_off=500&currency=usd&currency_options[eur][amount_off]=450"
        + "&expand[]=currency_options")
    #expect(amount.body[at: "currency_options", "eur", "amount_off"] == 450)
    #expect(amount["duration"] == "once")
    let more = stripe.post(
      "/v1/coupons/\(amount.id)", "currency_options[gbp][amount_off]=400&expand[]=currency_options")
    #expect(more.body[at: "currency_options", "gbp", "amount_off"] == 400)
    #expect(stripe.get("/v1/coupons").ids == [amount.id, "launch"])
    #expect(stripe.delete("/v1/coupons/launch")["deleted"] == true)
    #expect(
      try stripe.eventTypes() == [
        "coupon.created", "coupon.updated", "coupon.created", "coupon.updated", "coupon.deleted",
      ])
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("", "parameter_missing percent_off"), ("percent_off=0", "- percent_off"),
      ("percent_off=101", "- percent_off"), ("amount_off=5", "parameter_missing currency"),
      ("amount_off=0&currency=usd", "parameter_invalid_integer amount_off"),
      ("percent_off=5&amount_off=5&currency=usd", "parameters_exclusive percent_off"),
      ("percent_off=5&duration=repeating", "parameter_missing duration_in_months"),
      ("percent_off=5&duration_in_months=3", "- duration_in_months"),
      ("percent_off=5&redeem_by=1", "- redeem_by"),
      ("percent_off=5&redeem_by=99999999999", "- redeem_by"),
      ("percent_off=5&max_redemptions=0", "parameter_invalid_integer max_redemptions"),
      ("percent_off=5&applies_to[products][]=x", "resource_missing applies_to[products]"),
      (
        "amount_off=5&currency=usd&currency_options[eur][foo]=1",
        "parameter_missing currency_options[eur][amount_off]"
      ),
    ])
  func refuse(_ form: String, _ expected: String) throws {
    let answer = try TestSandbox().post("/v1/coupons", form)
    #expect(answer.error.hasPrefix("400 invalid_request_error \(expected): "), "\(answer.error)")
  }
}

@Suite struct PromotionCodesTests {
  private let promotion = "promotion[type]=coupon&promotion[coupon]=c"

  private func sandbox() throws -> TestSandbox {
    let stripe = try TestSandbox()
    _ = stripe.post(
      "/v1/coupons",
      "id=c&percent_off=5&max_redemptions=10&redeem_by=\(TestSandbox.start.seconds + 600)")
    return stripe
  }

  @Test(.tags(.unit)) func areUniqueWhateverTheirCase() throws {
    let stripe = try sandbox()
    let path = "/v1/promotion_codes"
    let code = stripe.post(path, promotion + "&code=Launch20&expand[]=promotion.coupon")
    #expect(code["code"] == "Launch20")
    #expect(code.body[at: "promotion", "coupon", "percent_off"] == 5)
    #expect(stripe.get("\(path)/\(code.id)")["_code"] == nil)
    let taken = stripe.post(path, promotion + "&code=LAUNCH20").error
    #expect(
      taken == "400 invalid_request_error - code: An active promotion code with "
        + "`code: LAUNCH20` already exists.")
    #expect(stripe.get(path, "code=launch20&coupon=c&active=true").ids == [code.id])
    #expect(stripe.post("\(path)/\(code.id)", "active=false&metadata[a]=1")["active"] == false)
    let second = stripe.post(path, promotion + "&code=LAUNCH20")
    #expect(second.status == 200)
    #expect(stripe.post("\(path)/\(code.id)", "active=true").status == 400)
    let made = stripe.post(path, promotion)["code"]?.string ?? ""
    #expect(made.wholeMatch(of: /[A-Z0-9]{8}/) != nil)
  }

  @Test(.tags(.unit)) func carryRestrictionsAndLapse() throws {
    let stripe = try sandbox()
    let code = stripe.post(
      "/v1/promotion_codes",
      promotion + "&code=A&expires_at=\(TestSandbox.start.seconds + 60)&max_redemptions=2"
        + "&restrictions[minimum_amount]=500&restrictions[minimum_amount_currency]=USD"
        + "&restrictions[currency_options][eur][minimum_amount]=450")
    #expect(code.body[at: "restrictions", "minimum_amount_currency"] == "usd")
    #expect(code.body[at: "restrictions", "currency_options"] == nil)
    let changed = stripe.post(
      "/v1/promotion_codes/\(code.id)",
      "restrictions[currency_options][gbp][minimum_amount]=400"
        + "&expand[]=restrictions.currency_options")
    #expect(
      changed.body[at: "restrictions", "currency_options"]
        == ["eur": ["minimum_amount": 450], "gbp": ["minimum_amount": 400]])
    stripe.wait(seconds: 61)
    #expect(stripe.get("/v1/promotion_codes/\(code.id)")["active"] == false)
    #expect(stripe.post("/v1/promotion_codes", promotion + "&code=a").status == 200)
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("promotion[type]=coupon", "parameter_missing promotion[coupon]"),
      ("promotion[type]=coupon&promotion[coupon]=x", "resource_missing promotion[coupon]"),
      ("PROMOTION&code=a%20b", "- code"), ("PROMOTION&expires_at=1", "- expires_at"),
      ("PROMOTION&expires_at=1795169401", "- expires_at"),
      ("PROMOTION&max_redemptions=11", "- max_redemptions"),
      ("PROMOTION&customer=cus_x", "resource_missing customer"),
      (
        "PROMOTION&restrictions[minimum_amount]=5",
        "parameter_missing restrictions[minimum_amount_currency]"
      ),
    ])
  func refuse(_ form: String, _ expected: String) throws {
    let whole =
      form.hasPrefix("PROMOTION") ? promotion + form.dropFirst("PROMOTION".count) : form
    let answer = try sandbox().post("/v1/promotion_codes", whole)
    #expect(answer.error.hasPrefix("400 invalid_request_error \(expected): "), "\(answer.error)")
  }

  @Test(.tags(.unit)) func needACouponThatHolds() throws {
    let stripe = try sandbox()
    stripe.wait(seconds: 601)
    #expect(stripe.post("/v1/promotion_codes", promotion).status == 400)
  }
}
