import Basics
import Stripe
import Testing

@testable import billing

/// What happens to a change of plan, and to the discounts, while it waits for the end of the period.
@Suite(.tags(.unit)) struct PendingChangeTests {
  private func shop(_ options: String = "") async throws -> (Shop, made: JSON) {
    let shop = try await Shop()
    for (id, duration) in [("thanks", "forever"), ("month", "repeating")] {
      var coupon: JSONObject = [
        "id": .string(id), "percent_off": 10, "duration": .string(duration),
      ]
      if duration == "repeating" { coupon["duration_in_months"] = 1 }
      try await shop.call(.post, "coupons", parameters: coupon)
    }
    let made = try await shop.json(
      "subscribe ada@example.com enterprise --create --payment-method pm_card_visa \(options)")
    return (shop, made)
  }

  private func nextTotal(_ shop: Shop, after period: String = "1 month") async throws -> JSON? {
    _ = try await shop.json("sandbox advance '\(period)'")
    _ = try await shop.json("sandbox advance 2h")
    #expect(try await shop.json("subscription show ada@example.com")["plan"] == "team")
    let invoice = try await shop.json("invoice list ada@example.com --limit 1")["data"]?[0]
    #expect(invoice?["status"] == "paid")
    return invoice?["total"]
  }

  // MARK: Prices that nobody can take any more

  /// One that was archived, and one that was made for this customer alone.
  @Test(arguments: ["", "--amount 40000"])
  func fromAPriceOutOfUse(_ options: String) async throws {
    let (shop, made) = try await shop(options)
    try await shop.call(
      .post, "prices", made["price"]?.string ?? "-", parameters: ["active": false])
    let before = try await shop.json("subscription show ada@example.com")
    let preview = try await shop.json("downgrade ada@example.com team --preview")
    #expect(preview["next_invoice_total"] == 9900)
    let waiting = try await shop.json("downgrade ada@example.com team")
    #expect(waiting["pending_change"]?["plan"] == "team" && waiting["plan"] == "enterprise")
    #expect(try await shop.json("resume ada@example.com") == before)
    _ = try await shop.json("downgrade ada@example.com team")
    #expect(try await shop.json("invoice preview ada@example.com")["total"] == 9900)
    #expect(try await nextTotal(shop) == 9900)
  }

  /// A price that changes meanwhile is for others: this customer was told another.
  @Test func toAPriceThatIsExchangedMeanwhile() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("downgrade ada@example.com team")
    let plans = try shop.world.text(of: "plans.yaml")
    try shop.world.write(plans.replacing("9900", with: "10900"), to: "plans.yaml")
    _ = try await shop.json("plans seed")
    #expect(try await nextTotal(shop) == 9900)
  }

  // MARK: Discounts

  @Test func aDiscountGivenMeanwhileGoesOn() async throws {
    let (shop, _) = try await shop()
    let waiting = try await shop.json("downgrade ada@example.com team")
    let requests = try await shop.dryRun("discount apply ada@example.com --coupon thanks")
    #expect(requests.count == 1 && requests[0].hasPrefix("POST /v1/subscription_schedules/"))
    #expect(requests[0].split(separator: #""discounts":[{"coupon":"thanks"}]"#).count == 3)
    let given = try await shop.json("discount apply ada@example.com --coupon thanks")
    #expect(given["discount"]?["coupon"] == "thanks")
    #expect(given["pending_change"] == waiting["pending_change"])
    #expect(try await nextTotal(shop) == 8910)
    #expect(try await shop.call(.get, "coupons", "thanks")["times_redeemed"] == 1)
  }

  @Test func aDiscountTakenAwayMeanwhileStaysAway() async throws {
    let (shop, _) = try await shop("--coupon thanks")
    let waiting = try await shop.json("downgrade ada@example.com team")
    let rid = try await shop.json("discount remove ada@example.com")
    #expect(rid["discount"] == .null && rid["pending_change"] == waiting["pending_change"])
    #expect(try await nextTotal(shop) == 9900)
  }

  @Test func aDiscountThatRunsOutMeanwhileIsOver() async throws {
    let (shop, _) = try await shop("--interval year --coupon month")
    _ = try await shop.json("downgrade ada@example.com team")
    #expect(try await nextTotal(shop, after: "1 year") == 95000)
  }

  @Test func aLostAnswerIsSettledAndNothingIsRedeemedTwice() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("downgrade ada@example.com team")
    _ = try await shop.json(
      "sandbox fault add drop_after --path /v1/subscription_schedules/* --count 9")
    let line = "discount apply ada@example.com --coupon thanks"
    let lost = try await shop.failure("\(line) --max-retries 0 --idempotency-key k")
    #expect(lost.hasPrefix("11 outcome_unknown: "))
    _ = await shop.run("sandbox fault clear")
    #expect(try await shop.json(line)["discount"]?["coupon"] == "thanks")
    #expect(try shop.journal(key: "k") == "done")
    #expect(try await shop.call(.get, "coupons", "thanks")["times_redeemed"] == 1)
  }

  /// Settled by reading, a day later: the phases tell.
  @Test func afterADayItIsSettledByReading() async throws {
    let (shop, _) = try await shop()
    _ = try await shop.json("downgrade ada@example.com team")
    _ = try await shop.json("sandbox fault add drop_after --path /v1/subscription_schedules/*")
    let line = "discount apply ada@example.com --coupon thanks"
    let lost = try await shop.failure("\(line) --max-retries 0 --idempotency-key k")
    #expect(lost.hasPrefix("11 outcome_unknown: "))
    shop.world.tick(25 * 3600)
    #expect(try await shop.json(line)["discount"]?["coupon"] == "thanks")
    #expect(try shop.journal(key: "k") == "done")
    #expect(try await shop.call(.get, "coupons", "thanks")["times_redeemed"] == 1)
  }

  /// Another discount, which somebody gave meanwhile, is not the one that was asked for.
  @Test(arguments: ["coupon thanks", "promotion-code THANKS"])
  func anotherDiscountDoesNotSettleIt(_ wanted: String) async throws {
    let (shop, _) = try await shop()
    try await shop.call(
      .post, "promotion_codes",
      parameters: ["promotion": ["type": "coupon", "coupon": "thanks"], "code": "THANKS"])
    _ = try await shop.json("downgrade ada@example.com team")
    _ = try await shop.json("sandbox fault add drop_before --path /v1/subscription_schedules/*")
    let line = "discount apply ada@example.com --\(wanted)"
    let lost = try await shop.failure("\(line) --max-retries 0 --idempotency-key k")
    #expect(lost.hasPrefix("11 outcome_unknown: "))
    try await giveOther(shop)
    shop.world.tick(25 * 3600)
    #expect(try await shop.json("recover")["data"]?[0]?["status"] == "failed")
    #expect(try await shop.failure(line).contains("has a discount already, month"))
  }

  /// Gives all phases that are open the coupon `month`, past the commands.
  private func giveOther(_ shop: Shop) async throws {
    let list = try await shop.call(.get, "subscription_schedules")["data"]
    let schedule = try SubscriptionSchedule(try #require(list?[0]))
    let phases = schedule.openPhases.map { phase in
      var parameters = phase.parameters
      parameters["discounts"] = [["coupon": "month"]]
      return JSON.object(parameters)
    }
    try await shop.call(
      .post, "subscription_schedules", schedule.id,
      parameters: ["phases": .array(phases), "proration_behavior": "none"])
  }
}
