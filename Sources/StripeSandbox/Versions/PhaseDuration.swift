import Basics

/// Clover: a phase of a schedule lasts for a `duration`; before, for a number of iterations of the
/// interval of its first price.
enum PhaseDuration {
  static let change = VersionChange(
    since: .clover,
    requests: [
      RequestChange(
        "POST /v1/subscription_schedules", "POST /v1/subscription_schedules/{id}",
        declared: ["phases.[].iterations": .integer, "phases.[].duration": nil],
        translate: { parameters, request in try translate(&parameters, request.store) }),
      RequestChange(
        "POST /v1/invoices/create_preview",
        declared: [
          "schedule_details.phases.[].iterations": .integer,
          "schedule_details.phases.[].duration": nil,
        ],
        translate: { parameters, request in
          guard var details = parameters.object("schedule_details") else { return }
          try translate(&details, request.store)
          parameters["schedule_details"] = .object(details)
        }),
    ])

  private static func translate(
    _ parameters: inout JSONObject, _ store: StoreTransaction
  ) throws {
    guard let phases = parameters["phases"]?.array else { return }
    parameters["phases"] = .array(
      try phases.map { phase in
        guard var changed = phase.object,
          let iterations = changed.take("iterations")?.integer
        else { return phase }
        changed["duration"] = try duration(of: changed, iterations: iterations, store)
        return .object(changed)
      })
  }

  private static func duration(
    of phase: JSONObject, iterations: Int64, _ store: StoreTransaction
  ) throws -> JSON {
    let item = phase.objects("items").first ?? [:]
    let price = try (item.string("price") ?? item.string("plan")).flatMap {
      try store.object(type: "price", id: $0)
    }
    let recurring = (price ?? item.object("price_data"))?.object("recurring") ?? [:]
    let (count, isTooLarge) = iterations.multipliedReportingOverflow(
      by: recurring.integer("interval_count") ?? 1)
    guard iterations >= 1, !isTooLarge else {
      throw SandboxError.invalid(
        "Invalid positive integer", code: "parameter_invalid_integer",
        parameter: "phases[0][iterations]")
    }
    return ["interval": recurring["interval"] ?? "month", "interval_count": .integer(count)]
  }
}
