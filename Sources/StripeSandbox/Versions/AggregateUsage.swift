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

  /// How usage that is reported to an item can be summed up.
  private static let words = ["last_during_period", "last_ever", "max", "sum"]

  /// Metered prices without a meter have a rule for what was reported; no other price has one.
  private static func withUsage(_ terms: JSONObject) -> JSONObject {
    let isReported = terms.string("usage_type") == "metered" && terms.string("meter") == nil
    let rule = JSON.string(terms.string("_aggregate_usage") ?? "sum")
    return terms.setting(["aggregate_usage": isReported ? rule : .null])
  }
}
