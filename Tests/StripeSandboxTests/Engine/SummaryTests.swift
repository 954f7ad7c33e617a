import Basics
import StripeSandbox
import Testing

@Suite struct SummaryTests {
  @Test(.tags(.unit)) func countsAndShowsTheLatest() throws {
    let stripe = try TestSandbox()
    _ = stripe.post("/v1/products", "id=p1&name=x")
    _ = stripe.post("/v1/products", "id=p2&name=x")
    _ = stripe.post("/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=c")
    _ = stripe.post("/v1/coupons", "id=c&percent_off=5")
    _ = stripe.post("/v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=c&code=A")
    let summary = try stripe.sandbox.summary(latest: 3)
    #expect(
      summary.counts.map { "\($0.type) \($0.count)" }
        == ["coupon 1", "product 2", "promotion_code 1"])
    #expect(summary.latest.map { $0["object"]?.string } == ["promotion_code", "coupon", "product"])
    #expect(summary.latest[0]["_code"] == nil)
    #expect(summary.eventCount == 4)
    #expect(summary.now == TestSandbox.start)
    #expect(summary.accountID == (try stripe.sandbox.accountID()))
  }
}
