import Basics

/// What time does to a schedule: it begins, tells that it will soon be over, goes from a phase to
/// the next, and ends.
///
/// All of it happens before the subscription's own renewal at the same second, which then bills the
/// items of the new phase.
enum ScheduleRun {
  /// How long before its end `subscription_schedule.expiring` is told; never for a schedule whose
  /// end is nearer when it is made or begins.
  static let noticeSeconds: Int64 = 7 * 86_400

  static let due = Due(.schedule, moment: moment, run: run)

  @Sendable static func moment(_ schedule: JSONObject) -> Timestamp? {
    switch schedule.string("status") {
    case "not_started": return schedule.objects("phases").first?.timestamp("start_date")
    case "active":
      guard let end = schedule.object("current_phase")?.timestamp("end_date") else { return nil }
      return schedule.timestamp("_notice").map { min($0, end) } ?? end
    default: return nil
    }
  }

  @Sendable private static func run(_ call: Call, _ schedule: JSONObject) throws {
    if schedule.string("status") == "not_started" { return try begin(schedule, call) }
    guard schedule.timestamp("_notice") == call.now else { return try advance(schedule, call) }
    let told = schedule.setting(["_notice": .null])
    try call.save(told)
    try call.emit("subscription_schedule.expiring", told)
    if moment(told) == call.now { try advance(told, call) }
  }

  /// The schedule with the moment at which its end is told, if that lies ahead.
  static func noted(_ schedule: JSONObject, at now: Timestamp) -> JSONObject {
    let end = schedule.objects("phases").last?.timestamp("end_date")
    let notice = end.map { $0 - noticeSeconds }
    return schedule.setting(["_notice": .time(notice.flatMap { $0 > now ? $0 : nil })])
  }

  static func bounds(of phase: JSONObject) -> JSON {
    ["end_date": phase["end_date"] ?? .null, "start_date": phase["start_date"] ?? .null]
  }

  /// The phase that runs, and the one after it.
  private static func phases(
    of schedule: JSONObject
  ) -> (current: JSONObject?, next: JSONObject?) {
    let phases = schedule.objects("phases")
    let start = schedule.object("current_phase")?.timestamp("start_date")
    guard let index = phases.firstIndex(where: { $0.timestamp("start_date") == start }) else {
      return (nil, nil)
    }
    return (phases[index], index + 1 < phases.count ? phases[index + 1] : nil)
  }
}

// MARK: Beginning

extension ScheduleRun {
  /// A schedule whose first phase begins now, with the subscription that it makes.
  static func begun(_ schedule: JSONObject, _ call: Call) throws -> JSONObject {
    guard let first = schedule.objects("phases").first else { throw SandboxError.unexpected }
    let begun = noted(
      schedule.setting(["status": "active", "current_phase": bounds(of: first)]), at: call.now)
    let change = PhaseChange(schedule: begun, phase: first, subscription: nil, call: call)
    let answer = try SubscriptionCreate.run(call.calling(try change.parameters()))
    return begun.setting(["subscription": answer["id"] ?? .null])
  }

  /// One that cannot begin (its customer is gone) is canceled.
  private static func begin(_ schedule: JSONObject, _ call: Call) throws {
    do {
      let begun: JSONObject = try call.store.atomically { try Self.begun(schedule, call) }
      try call.update(schedule, to: begun, event: "subscription_schedule.updated")
    } catch is SandboxError {
      try ScheduleEnd.canceled(schedule, event: "subscription_schedule.canceled", call)
    }
  }
}

// MARK: Going on

extension ScheduleRun {
  /// Goes to the next phase, or ends.
  static func advance(_ schedule: JSONObject, _ call: Call) throws {
    guard let next = phases(of: schedule).next else { return try ScheduleEnd.over(schedule, call) }
    let moved = schedule.setting(["current_phase": bounds(of: next)])
    try call.update(schedule, to: moved, event: "subscription_schedule.updated")
    do {
      try call.store.atomically {
        try carryOut(
          moved, proration: next.string("proration_behavior") ?? "create_prorations", isNew: true,
          call)
      }
    } catch is SandboxError {
      // What cannot be carried out leaves the subscription as it is, without a schedule.
      try ScheduleEnd.released(moved, call)
    }
  }

  /// Brings the subscription to the phase that runs.
  ///
  /// - Parameter isNew: whether the phase begins now.
  static func carryOut(
    _ schedule: JSONObject, proration: String, isNew: Bool, _ call: Call
  ) throws {
    guard let id = schedule.string("subscription"), let stored = try call.find("subscription", id),
      let phase = phases(of: schedule).current
    else { throw SandboxError.unexpected }
    let subscription = try Subscriptions.current(stored, call)
    var change = PhaseChange(
      schedule: schedule, phase: phase, subscription: subscription, call: call)
    change.proration = proration
    change.isNew = isNew
    if isNew { try change.billUsage() }
    _ = try SubscriptionUpdate.run(call.calling(try change.parameters(), on: id))
  }
}
