import Basics

/// Basil: discounts are given as a list, `discounts`; before, a subscription could also be given a
/// `coupon` or a `promotion_code`, and told its first discount.
enum SingleDiscount {
  static let change = VersionChange(
    since: .basil,
    requests: [
      RequestChange(
        "POST /v1/subscriptions", "POST /v1/subscriptions/{id}",
        declared: ["coupon": .string, "promotion_code": .string],
        names: [
          "discounts[0][coupon]": "coupon", "discounts[0][promotion_code]": "promotion_code",
        ],
        translate: { parameters, _ in
          try translate(&parameters, ["coupon", "promotion_code"])
        }),
      RequestChange(
        "POST /v1/invoices/create_preview",
        declared: ["coupon": .string, "schedule_details.phases.[].coupon": .string],
        names: ["discounts[0][coupon]": "coupon"],
        translate: { parameters, _ in try translate(&parameters, ["coupon"]) }),
      RequestChange(
        "POST /v1/subscription_schedules", "POST /v1/subscription_schedules/{id}",
        declared: ["phases.[].coupon": .string],
        names: ["phases[0][discounts][0][coupon]": "phases[0][coupon]"],
        translate: { parameters, _ in
          guard let phases = parameters["phases"]?.array else { return }
          parameters["phases"] = .array(
            try phases.map { phase in
              guard var changed = phase.object else { return phase }
              try translate(&changed, ["coupon"])
              return .object(changed)
            })
        }),
      RequestChange(
        "POST /v1/customers", "POST /v1/customers/{id}",
        declared: ["coupon": .string, "promotion_code": .string]),
    ],
    objects: [
      "subscription": { object, call in try setDiscount(of: &object, call) },
      "invoice": { object, call in try setDiscount(of: &object, call) },
      "subscription_schedule": { schedule, _ in
        schedule["phases"] = .array(
          schedule.objects("phases").map { phase in
            .object(phase.setting(["coupon": phase.objects("discounts").first?["coupon"] ?? .null]))
          })
      },
    ],
    expandable: [
      "subscription": ["discount": .embedded("discount")],
      "invoice": ["discount": .embedded("discount")],
      "subscription_schedule": ["phases.coupon": .reference("coupon")],
    ])

  /// Says `discounts` instead. An empty text takes the discounts away.
  private static func translate(_ parameters: inout JSONObject, _ names: [String]) throws {
    let given =
      names.filter { parameters[$0] != nil } + (parameters["discounts"] == nil ? [] : ["discounts"])
    guard given.count < 2 else {
      throw SandboxError.invalid(
        "You may only specify one of these parameters: \(given.joined(separator: ", ")).",
        parameter: given[0])
    }
    guard let name = given.first, name != "discounts",
      let value = parameters.take(name)
    else { return }
    parameters["discounts"] = value == "" ? "" : [[name: value]]
  }

  private static func setDiscount(of object: inout JSONObject, _ call: Call) throws {
    let id = object.strings("discounts").first ?? ""
    object["discount"] = JSON(try call.store.object(type: "discount", id: id))
  }
}
