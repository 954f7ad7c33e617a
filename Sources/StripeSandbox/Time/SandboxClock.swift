package import Basics

/// The sandbox's own clock: the real time and what it was advanced by. `/sandbox/clock`,
/// `/sandbox/advance`.
enum SandboxClock: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [
    .own("GET", "/sandbox/clock", returns: "sandbox.clock") { call in shown(call.now) },
    .own(
      "POST", advancePath, parameters: ["duration": .string], required: ["duration"],
      returns: "sandbox.clock", advance),
  ]

  static let advancePath = "/sandbox/advance"

  /// Notes where the clock is to go. An operation is one transaction, and what falls due on the way
  /// may be more than belongs into one, so that the way is gone afterwards: by
  /// `Sandbox.catchUp()`, before anything else is answered.
  @Sendable private static func advance(_ call: Call) throws -> JSON {
    guard let span = TimeSpan(parsing: call.string("duration") ?? "") else {
      throw SandboxError.invalid(
        "Invalid duration: must be a length of time, for example 3 days, 12h or 1 month.",
        parameter: "duration")
    }
    do {
      // Where another request has sent it is where this one begins.
      let start = max(call.now, try target(in: call.store) ?? call.now)
      let target = try target(from: start, by: span)
      try call.store.set(targetSetting, to: String(target.seconds))
      return shown(target)
    } catch SandboxAdvanceError.notForward {
      throw SandboxError.invalid(
        "Invalid duration: the clock can only go forward.", parameter: "duration")
    } catch SandboxAdvanceError.tooFar {
      throw SandboxError.invalid(
        "Invalid duration: the clock can be advanced by 10 years at most.", parameter: "duration")
    }
  }

  /// Where the clock comes to.
  static func target(
    from now: Timestamp, by span: TimeSpan
  ) throws(SandboxAdvanceError) -> Timestamp {
    let target = now + span
    guard target > now else { throw .notForward }
    guard target <= now + TimeSpan(months: 120) else { throw .tooFar }
    return target
  }

  private static let targetSetting = "clock_target"

  /// The moment to which the clock is still to go.
  static func target(in store: StoreTransaction) throws -> Timestamp? {
    try store.setting(targetSetting).flatMap { Int64($0) }.map { Timestamp($0) }
  }

  static func forgetTarget(in store: StoreTransaction) throws {
    try store.remove(targetSetting)
  }

  private static func shown(_ now: Timestamp) -> JSON {
    ["object": "sandbox.clock", "now": .time(now)]
  }
}

/// Why the sandbox's clock does not go where it was sent.
package enum SandboxAdvanceError: Error, Hashable {
  case notForward
  /// More than ten years.
  case tooFar
}

// MARK: Going

extension Sandbox {
  /// Moves the sandbox's clock forward and does everything that falls due on the way, each at its
  /// own moment. The clock follows the work: one that is stopped in the middle stands at the last
  /// moment that was done.
  ///
  /// Where something failed the clock arrives all the same, and then the first error is thrown.
  ///
  /// - Parameter onProgress: called now and then with the moment reached.
  /// - Returns: the new time.
  package func advance(
    by span: TimeSpan, onProgress: (Timestamp) -> Void = { _ in }
  ) throws -> Timestamp {
    try catchUp()
    let target = try SandboxClock.target(from: try now(), by: span)
    if let first = try advance(to: target, onProgress: onProgress).first { throw first }
    return try now()
  }

  /// - Returns: what failed on the way.
  @discardableResult
  func advance(
    to target: Timestamp, onProgress: (Timestamp) -> Void = { _ in }
  ) throws -> [any Error] {
    try runDue(clock: nil, until: target) { progress in
      var settings = progress.settings
      // The real time has gone on meanwhile; the clock never goes back.
      let offset = progress.moment - configuration.systemTime()
      if offset > settings.clockOffsetSeconds {
        settings.clockOffsetSeconds = offset
        try settings.writeClock(to: progress.store)
      }
      // Another process may have sent it farther meanwhile.
      let wanted = try SandboxClock.target(in: progress.store)
      if progress.isDone, wanted.map({ $0 <= progress.moment }) ?? false {
        try SandboxClock.forgetTarget(in: progress.store)
      }
      onProgress(progress.moment)
    }
  }
}
