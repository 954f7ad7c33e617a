import Basics

/// Basil: a subscription's prices stand in `items` only; before, a subscription with one price could
/// also be given as `plan` and `quantity`, its words from when prices were plans.
///
/// Stripe's references have not named these parameters for long, but its recorded answers show that
/// 2020-08-27 takes them; in which version they went is not known.
enum PlanOfSubscription {
  static let change = VersionChange(
    since: .basil,
    requests: [
      RequestChange(
        "POST /v1/subscriptions", declared: declared, names: names,
        translate: { parameters, _ in
          guard let item = item(taking: &parameters) else { return }
          parameters["items"] = [.object(item)]
        }),
      RequestChange(
        "POST /v1/subscriptions/{id}", declared: declared, names: names,
        translate: { parameters, request in
          guard var item = item(taking: &parameters) else { return }
          let subscription = try request.store.object(
            type: "subscription", id: request.pathIDs.last ?? "")
          if let id = subscription?.listed("items").first?.id { item["id"] = .string(id) }
          parameters["items"] = [.object(item)]
        }),
    ])

  private static let declared: [String: ParameterSchema?] = [
    "plan": .string, "quantity": .integer,
  ]
  private static let names = ["items[0][plan]": "plan", "items[0][quantity]": "quantity"]

  private static func item(taking parameters: inout JSONObject) -> JSONObject? {
    var item = JSONObject()
    for name in ["plan", "quantity"] {
      if let value = parameters.take(name) { item[name] = value }
    }
    return item.isEmpty ? nil : item
  }
}
