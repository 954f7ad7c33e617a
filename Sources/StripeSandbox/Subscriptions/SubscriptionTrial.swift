import Basics

/// When the trial of a new subscription ends.
enum SubscriptionTrial {
  static let maximumDays: Int64 = 730

  /// Reads `trial_end`, `trial_period_days` and `trial_from_plan`; nil for no trial.
  static func end(_ call: Call, price: JSONObject) throws -> Timestamp? {
    guard call["trial_end"] == nil || call["trial_period_days"] == nil else {
      throw SandboxError.invalid(
        "You may only specify one of these parameters: trial_end, trial_period_days.",
        code: "parameters_exclusive", parameter: "trial_end")
    }
    if let end = try requestedEnd(call) { return end }
    if call["trial_end"] != nil { return nil }
    var days = call.integer("trial_period_days")
    if days == nil, call.bool("trial_from_plan") == true {
      days = price.object("recurring")?.integer("trial_period_days")
    }
    guard let days, days != 0 else { return nil }
    try Call.checkRange(days, 1...maximumDays, parameter: "trial_period_days")
    return call.now + days * 86_400
  }

  /// The moment that `trial_end` names; nil for none and for `now`.
  static func requestedEnd(_ call: Call) throws -> Timestamp? {
    guard let end = call.timestamp("trial_end") else { return nil }
    guard end > call.now else {
      throw SandboxError.invalid(
        "Invalid timestamp: must be an integer Unix timestamp in the future.",
        parameter: "trial_end")
    }
    guard end - call.now <= maximumDays * 86_400 else {
      throw SandboxError.invalid(
        "Invalid timestamp: a trial can end no more than two years from now.",
        parameter: "trial_end")
    }
    return end
  }
}
