import Basics

/// Basil: usage is summed up as a meter says; before, as the price said in `aggregate_usage`.
enum AggregateUsage {
  static let change = VersionChange(
    since: .basil,
    requests: [
      RequestChange(
        "POST /v1/prices",
        declared: ["recurring.aggregate_usage": .enumeration(words)])
    ],
    objects: [
      "price": { price, _ in
        guard let recurring = price.object("recurring") else { return }
        price["recurring"] = .object(withUsage(recurring))
      },
      "plan": { plan, _ in plan = withUsage(plan) },
    ])

  private static let words = ["last_during_period", "last_ever", "max", "sum"]

  /// Metered prices without a meter sum up what was reported; no other price has a rule.
  private static func withUsage(_ terms: JSONObject) -> JSONObject {
    let isReported = terms.string("usage_type") == "metered" && terms.string("meter") == nil
    return terms.setting(["aggregate_usage": isReported ? "sum" : .null])
  }
}
