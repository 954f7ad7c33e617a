import Basics

/// A test clock goes forward: `POST /v1/test_helpers/test_clocks/{id}/advance`.
///
/// The answer says `advancing`; the work is done before the next request is answered, or by the
/// process that comes after one that was killed.
enum TestClockAdvance {
  static func run(_ call: Call) throws -> JSON {
    let clock = try call.required(TestClocks.type)
    // The words of these refusals were not found.
    switch clock.string("status") {
    case "ready": break
    case "advancing":
      throw SandboxError.invalid(
        "Test clock \(clock.id) is advancing. Please wait until it is ready.")
    default:
      throw SandboxError.invalid(
        "Test clock \(clock.id) has failed to advance and cannot be advanced any more.")
    }
    let target = call.timestamp("frozen_time") ?? call.now
    try check(target, from: call.now, of: clock, call)
    let advancing = clock.setting([
      "status": "advancing",
      "status_details": ["advancing": ["target_frozen_time": .time(target)]],
    ])
    return .object(try call.become(clock, advancing, "test_helpers.test_clock.advancing"))
  }

  private static func check(
    _ target: Timestamp, from now: Timestamp, of clock: JSONObject, _ call: Call
  ) throws {
    guard target > now else {
      throw SandboxError.invalid(
        """
        The frozen time of a test clock can only go forward: \(target.seconds) is not after \
        \(now.seconds).
        """, parameter: "frozen_time")
    }
    let subscriptions = try call.all("subscription", where: ["test_clock": .string(clock.id)])
    let ends = subscriptions.filter { !SubscriptionStatus.isTerminal($0) }.compactMap {
      $0.listed("items").first?.object("price").flatMap { BillingInterval(price: $0) }?
        .boundary(2, after: now)
    }
    guard let latest = ends.min() else {
      guard target <= now + TimeSpan(months: 24) else {
        throw SandboxError.invalid(
          """
          A test clock without subscriptions cannot be advanced by more than two years from its \
          frozen time.
          """, parameter: "frozen_time")
      }
      return
    }
    guard target <= latest else {
      throw SandboxError.invalid(
        """
        A test clock cannot be advanced by more than two intervals of its shortest subscription \
        from its frozen time.
        """, parameter: "frozen_time")
    }
  }
}

// MARK: The work

extension Sandbox {
  /// Does what falls due on a test clock up to where it goes. Its time follows the work.
  func run(_ clock: JSONObject) throws {
    let target = clock.object("status_details")?.object("advancing")?
      .timestamp("target_frozen_time")
    guard let end = target ?? clock.timestamp("frozen_time") else { return }
    let failures = try runDue(clock: clock.id, until: end, stopsAtFailure: true) { progress in
      guard target != nil else { return }
      try move(clock.id, to: progress)
    }
    if !failures.isEmpty { try fail(clock.id) }
  }

  private func move(_ id: String, to progress: Progress) throws {
    let call = call(
      at: progress.moment, clock: id, on: id, progress.settings, progress.store)
    // Another process may have finished meanwhile.
    guard let clock = try call.find(TestClocks.type, id), clock.string("status") == "advancing"
    else { return }
    let moved = clock.setting(["frozen_time": .time(progress.moment)])
    guard progress.isDone else { return try call.save(moved) }
    try call.become(
      clock, moved.setting(["status": "ready", "status_details": [:]]),
      "test_helpers.test_clock.ready")
  }

  private func fail(_ id: String) throws {
    try store.write { store in
      let settings = try Settings(readFrom: store)
      guard let clock = try store.object(type: TestClocks.type, id: id),
        let now = clock.timestamp("frozen_time")
      else { return }
      let call = call(at: now, clock: id, on: id, settings, store)
      try call.become(
        clock, clock.setting(["status": "internal_failure", "status_details": [:]]),
        "test_helpers.test_clock.internal_failure")
    }
  }
}
