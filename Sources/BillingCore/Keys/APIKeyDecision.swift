package import Basics

/// Whether a request with a key is let through, and why.
package struct APIKeyDecision: Sendable, Hashable {
  package enum Reason: String, Sendable, Hashable {
    case valid, malformed, unknown, revoked, expired
    /// The customer's plan has no API.
    case notInPlan = "not_in_plan"
    case rateLimited = "rate_limited"
    case quotaExceeded = "quota_exceeded"
  }

  /// What there is of something in a window, this request included where it is let through.
  package struct Allotment: Sendable, Hashable {
    /// Nil for unlimited; then the others are nil, too.
    package var limit: Int64?
    package var remaining: Int64?
    /// When all of it is there again, if nothing more is used.
    package var resetAt: Timestamp?
  }

  package let reason: Reason
  /// Nil where there is no such key.
  package var key: APIKey?
  package var tier: String?
  package var rateLimit: Allotment?
  package var quota: Allotment?
  /// After which a request can be let through; nil where waiting does not help, or need not be.
  package var retryAfterSeconds: Int64?
  /// The moment of the decision, by the customer's clock.
  package var at: Timestamp?

  package var isValid: Bool { reason == .valid }

  /// What is no key needs no database to be told.
  package static let malformed = APIKeyDecision(reason: .malformed)
}

extension Transaction {
  /// Decides on a request with a key, and counts it where it is let through. In one transaction, so
  /// that of many at once no more are let through than may be.
  package func admit(
    _ secret: APIKeySecret, in catalogue: Catalogue, at clock: Timestamp
  ) throws -> APIKeyDecision {
    let decision = try decide(on: secret, in: catalogue, at: clock)
    if decision.isValid, let key = decision.key, let now = decision.at {
      try count(key, at: now, inMonthFrom: Self.month(at: now).lowerBound)
    }
    return decision
  }

  /// The same without counting.
  package func decide(
    on secret: APIKeySecret, in catalogue: Catalogue, at clock: Timestamp
  ) throws -> APIKeyDecision {
    // Found by the hash of something that nobody can guess: how long that takes tells nothing.
    guard let key = try apiKey(hash: secret.hash) else { return APIKeyDecision(reason: .unknown) }
    let now = try time(ofCustomer: key.customerID, at: clock)
    guard key.isActive(at: now) else {
      return APIKeyDecision(reason: key.revokedAt == nil ? .expired : .revoked, key: key, at: now)
    }
    let tier = try apiTier(ofCustomer: key.customerID, in: catalogue, at: clock)
    guard tier.isIncluded else {
      return APIKeyDecision(reason: .notInPlan, key: key, tier: tier.planID, at: now)
    }
    let month = Self.month(at: now)
    return decide(
      key, tier, RateWindow(try counts(of: key, in: RateWindow.range(at: now)), at: now),
      usedInMonth: try count(ofCustomer: key.customerID, inMonthFrom: month.lowerBound),
      endOfMonth: month.upperBound)
  }

  /// The rate limit is each key's own; the quota is what the customer's plan has in a month (of the
  /// calendar, in UTC), over all its keys, so that a second key is no second plan.
  private func decide(
    _ key: APIKey, _ tier: APITier, _ window: RateWindow, usedInMonth: Int64,
    endOfMonth: Timestamp
  ) -> APIKeyDecision {
    let now = window.now
    let (rateLimit, quota) = (tier.allowance.rateLimitPerMinute, tier.allowance.monthlyQuota)
    var decision = APIKeyDecision(reason: .valid, key: key, tier: tier.planID, at: now)
    if let quota, usedInMonth >= quota {
      decision = APIKeyDecision(reason: .quotaExceeded, key: key, tier: tier.planID, at: now)
      decision.retryAfterSeconds = endOfMonth - now
    } else if let rateLimit, window.used >= rateLimit {
      decision = APIKeyDecision(reason: .rateLimited, key: key, tier: tier.planID, at: now)
      decision.retryAfterSeconds = window.wait(under: rateLimit)
    }
    let taken: Int64 = decision.isValid ? 1 : 0
    let windowEnd = decision.isValid ? max(window.end, now + RateWindow.lengthSeconds) : window.end
    decision.rateLimit = .init(limit: rateLimit, used: window.used + taken, resetAt: windowEnd)
    decision.quota = .init(limit: quota, used: usedInMonth + taken, resetAt: endOfMonth)
    return decision
  }

  private static func month(at now: Timestamp) -> Range<Timestamp> {
    let time = CivilTime(now)
    let first = CivilTime(year: time.year, month: time.month, day: 1)
    return first.timestamp..<first.adding(months: 1).timestamp
  }
}

extension APIKeyDecision.Allotment {
  fileprivate init(limit: Int64?, used: Int64, resetAt: Timestamp) {
    self.limit = limit
    remaining = limit.map { max(0, $0 - used) }
    self.resetAt = limit == nil ? nil : resetAt
  }
}
