import Basics

/// Changing a schedule: `POST /v1/subscription_schedules/{id}`.
///
/// Phases that are over can be left out; the one that runs must be given, with the moment at which
/// it began. What changes in it is carried out at once.
enum ScheduleUpdate {
  static func run(_ call: Call) throws -> JSON {
    try call.accept(
      only: "phases", "end_behavior", "default_settings", "metadata", "proration_behavior")
    let schedule = try call.required("subscription_schedule")
    try ScheduleEnd.requireOpen(schedule, to: "update")
    var changed = schedule
    changed["metadata"] = try call.mergedMetadata(of: schedule)
    try SubscriptionSchedules.applyDefaults(call, to: &changed)
    try SubscriptionSchedules.applyEnd(call, to: &changed)
    if call.has("phases") { changed = try replanned(changed, call) }
    changed = ScheduleRun.noted(changed, at: call.now)
    try call.update(schedule, to: changed, event: "subscription_schedule.updated")
    if changed.string("status") == "active" {
      try ScheduleRun.carryOut(
        changed, proration: call.string("proration_behavior") ?? "create_prorations",
        isNew: false, call)
      if let moment = ScheduleRun.moment(changed), moment <= call.now {
        try ScheduleRun.advance(changed, call)
      }
    }
    return .object(try call.required("subscription_schedule"))
  }

  /// The prices that are there already, in the subscription or in a phase. Stripe lets a phase keep
  /// one that has gone out of use, as it lets a subscription: refused is only what is newly set.
  private static func agreedPrices(of schedule: JSONObject, _ call: Call) throws -> Set<String> {
    let subscription = try schedule.string("subscription").flatMap {
      try call.find("subscription", $0)
    }
    let held = try subscription.map { try Subscriptions.current($0, call).listed("items") } ?? []
    let planned = schedule.objects("phases").flatMap { $0.objects("items") }
    return Set(
      held.compactMap { $0.object("price")?.id } + planned.compactMap { $0.string("price") })
  }

  /// The schedule with other phases.
  private static func replanned(_ schedule: JSONObject, _ call: Call) throws -> JSONObject {
    let reader = SchedulePhases(
      call: call, customer: schedule.string("customer") ?? "",
      agreedPrices: try agreedPrices(of: schedule, call))
    guard let start = reader.moment(call.array("phases")?.first?["start_date"]) else {
      throw SandboxError.invalid(
        """
        The subscription schedule update is missing at least one phase with a `start_date` to \
        anchor end dates to.
        """, parameter: "phases")
    }
    let phases = try reader.read(from: start)
    guard let current = schedule.object("current_phase")?.timestamp("start_date") else {
      guard start > call.now else {
        throw SandboxError.invalid(
          "The sandbox does not offer schedules that began before they were made.",
          code: "parameter_unsupported", parameter: "phases[0][start_date]")
      }
      return schedule.setting(["phases": .array(phases.map { .object($0) })])
    }
    guard let index = phases.firstIndex(where: { $0.timestamp("start_date") == current }) else {
      throw SandboxError.invalid(
        "You can not modify the start date of the current phase.",
        parameter: "phases[0][start_date]")
    }
    guard let end = phases[index].timestamp("end_date"), end >= call.now else {
      throw SandboxError.invalid(
        "The current phase cannot end in the past.", parameter: "phases[\(index)][end_date]")
    }
    let past = schedule.objects("phases").filter {
      $0.timestamp("start_date").map { $0 < current } ?? false
    }
    return schedule.setting([
      "current_phase": ScheduleRun.bounds(of: phases[index]),
      "phases": .array((past + phases[index...]).map { .object($0) }),
    ])
  }
}
