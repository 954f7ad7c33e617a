import Basics

/// The next invoice of a subscription under a schedule, which changes it by then: `create_preview`
/// with `schedule`.
enum SchedulePreview {
  /// Goes to the end of the period and lets the schedule do what it does. To be called where all is
  /// taken back.
  static func invoice(_ call: Call) throws -> JSONObject {
    let schedule = try call.referenced(
      "subscription_schedule", call.string("schedule") ?? "", parameter: "schedule")
    for other in ["subscription", "subscription_details"] where call.has(other) {
      throw SandboxError.invalid(
        "You may only specify one of these parameters: schedule, \(other).",
        code: "parameters_exclusive", parameter: other)
    }
    guard let id = schedule.string("subscription") else { throw InvoicePreview.none(schedule) }
    let before = try Subscriptions.current(try call.required("subscription", id), call)
    guard let phaseEnd = schedule.object("current_phase")?.timestamp("end_date"),
      let periodEnd = SubscriptionCycle.end(of: before), phaseEnd <= periodEnd
    else { return try InvoicePreview.next(of: before, call) }
    let draft: JSONObject = ["payment_behavior": .string(SubscriptionCollection.onlyDrafts)]
    try ScheduleRun.advance(schedule, call.calling(draft).at(max(call.now, phaseEnd)))
    let after = try Subscriptions.current(try call.required("subscription", id), call)
    if let made = after.string("latest_invoice"), made != before.string("latest_invoice") {
      return try call.required("invoice", made)
    }
    return try InvoicePreview.next(of: after, call)
  }
}
