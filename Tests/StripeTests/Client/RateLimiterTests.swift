import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct RateLimiterTests {
  @Test func spacesRequestsOutAtItsRate() {
    var bucket = TokenBucket(requestsPerSecond: 25)
    let waits = (1...5).map { _ in bucket.take(now: 100) }
    // Two and a half at once, then one each 40 milliseconds.
    #expect(waits.map { ($0 * 1000).rounded() } == [0, 0, 20, 60, 100])
  }

  @Test func fillsUpAgainButNotBeyondItsCapacity() {
    var bucket = TokenBucket(requestsPerSecond: 10)
    #expect(bucket.take(now: 0) == 0)
    #expect(bucket.take(now: 0) == 0.1)
    #expect(bucket.take(now: 1000) == 0)
    #expect(bucket.take(now: 1000) == 0.1)
  }

  @Test func halvesOnceASecondAndRecovers() {
    var bucket = TokenBucket(requestsPerSecond: 100)
    bucket.slowDown(now: 0)
    bucket.slowDown(now: 0.5)
    #expect(bucket.rate == 51)
    bucket.slowDown(now: 1)
    #expect(bucket.rate == 26)
    _ = bucket.take(now: 38)
    #expect(bucket.rate == 100)
  }

  @Test func neverStops() {
    var bucket = TokenBucket(requestsPerSecond: 32)
    for second in 0..<100 { bucket.slowDown(now: Double(second)) }
    #expect(bucket.rate >= 1)
    for rate in [0, -1, .nan, .infinity] {
      var bucket = TokenBucket(requestsPerSecond: rate)
      #expect(bucket.take(now: 0) == 0)
      #expect(bucket.take(now: 0) <= 10)
    }
  }

  @Test(
    arguments: [
      (StripeKey.Mode.test, "https://api.stripe.com", 25),
      (.live, "https://api.stripe.com", 100),
      (.test, "http://127.0.0.1:12111", nil),
      (.test, "http://localhost", nil),
      (.test, "nonsense", 25),
    ] as [(StripeKey.Mode, String, Double?)])
  func defaults(_ mode: StripeKey.Mode, _ baseURL: String, _ rate: Double?) {
    #expect(StripeClient.defaultRateLimit(mode: mode, baseURL: baseURL) == rate)
  }
}
