private import Synchronization

/// Spaces the requests of all concurrent calls of one client.
final class RateLimiter: Sendable {
  private let bucket: Mutex<TokenBucket>

  init(requestsPerSecond: Double) {
    bucket = Mutex(TokenBucket(requestsPerSecond: requestsPerSecond))
  }

  /// Takes the next place in the line, and tells how long it is away.
  func secondsToWait(now: Double) -> Double { bucket.withLock { $0.take(now: now) } }

  /// After a 429.
  func slowDown(now: Double) { bucket.withLock { $0.slowDown(now: now) } }
}

extension StripeClient {
  /// Requests a second that Stripe allows (https://docs.stripe.com/rate-limits): 25 with a test
  /// key, 100 with a live one; nil, no limit, for a server on this machine.
  package static func defaultRateLimit(mode: StripeKey.Mode, baseURL: String) -> Double? {
    if BaseURL(baseURL)?.isLoopback == true { return nil }
    switch mode {
    case .test: return 25
    case .live: return 100
    }
  }
}

/// A token bucket that learns: a 429 halves its rate, which then comes back by a fiftieth of the
/// full rate a second. Times are seconds of a clock that never goes back.
struct TokenBucket: Sendable {
  let fullRate: Double
  private(set) var rate: Double
  /// Below zero where requests are already promised to be sent later.
  private var tokens: Double
  private var updatedAt: Double?
  private var slowedAt: Double?

  /// A tenth of a second's requests may go out at once.
  private var capacity: Double { max(1, rate / 10) }
  private static let leastRate: Double = 0.1

  init(requestsPerSecond: Double) {
    fullRate = requestsPerSecond.isFinite ? max(requestsPerSecond, Self.leastRate) : 1e6
    rate = fullRate
    tokens = max(1, fullRate / 10)
  }

  mutating func take(now: Double) -> Double {
    update(now: now)
    tokens -= 1
    return tokens >= 0 ? 0 : -tokens / rate
  }

  /// Requests that were under way together fail together: they halve the rate once a second.
  mutating func slowDown(now: Double) {
    update(now: now)
    if let slowedAt, now - slowedAt < 1 { return }
    slowedAt = now
    rate = max(rate / 2, min(fullRate, max(fullRate / 32, Self.leastRate)))
    tokens = min(tokens, 0)
  }

  private mutating func update(now: Double) {
    let elapsed = max(0, now - (updatedAt ?? now))
    updatedAt = now
    tokens = min(tokens + elapsed * rate, capacity)
    rate = min(rate + elapsed * fullRate / 50, fullRate)
  }
}
