import Basics
import BillingCore

/// The object `API key decision` of the contract.
enum APIKeyDecisionView {
  static func report(_ decision: APIKeyDecision) -> ObjectReport {
    let json = json(decision)
    var fields = [
      Field("valid", decision.isValid ? Cell("yes", .green) : Cell("no", .red)),
      Field("reason", json["reason"]),
    ]
    if decision.key != nil {
      fields.append(Field("key", json["id"]))
      fields.append(Field("customer", json["customer"]))
    }
    if decision.tier != nil { fields.append(Field("tier", json["tier"])) }
    if let rateLimit = decision.rateLimit {
      fields.append(Field("rate limit", words(rateLimit, "this minute")))
    }
    if let quota = decision.quota { fields.append(Field("quota", words(quota, "this month"))) }
    if let seconds = json["retry_after_seconds"], seconds != .null {
      fields.append(Field("retry after", "\(Cell(seconds).text) s"))
    }
    return ObjectReport(
      object: json, fields: fields, closing: closing(decision),
      outcome: decision.isValid ? .done : .quiet(.denied))
  }

  static func json(_ decision: APIKeyDecision) -> JSONObject {
    [
      "valid": .bool(decision.isValid), "reason": .string(decision.reason.rawValue),
      "id": JSON(decision.key?.id), "customer": JSON(decision.key?.customerID),
      "tier": JSON(decision.tier), "rate_limit": json(decision.rateLimit),
      "quota": json(decision.quota), "retry_after_seconds": JSON(decision.retryAfterSeconds),
    ]
  }

  private static func json(_ allotment: APIKeyDecision.Allotment?) -> JSON {
    guard let allotment else { return .null }
    return [
      "limit": JSON(allotment.limit), "remaining": JSON(allotment.remaining),
      "reset_at": JSON(allotment.resetAt),
    ]
  }

  /// `7 of 10 left this minute`.
  private static func words(
    _ allotment: APIKeyDecision.Allotment, _ window: String
  ) -> String {
    guard let limit = allotment.limit else { return "unlimited" }
    let left = PlanWords.number(allotment.remaining ?? 0)
    return "\(left) of \(PlanWords.number(limit)) left \(window)"
  }

  private static func closing(_ decision: APIKeyDecision) -> String {
    switch decision.reason {
    case .valid: "The request is let through."
    case .malformed: "This is no key, or one with a slip of typing: its checksum is wrong."
    case .unknown: "No such key was issued here."
    case .revoked: "The key was revoked."
    case .expired: "The key has expired."
    case .notInPlan: "The plan \(decision.tier ?? "-") has no API."
    case .rateLimited: "The key has used up its requests of a minute."
    case .quotaExceeded: "The customer has used up the plan's requests of this month."
    }
  }
}
