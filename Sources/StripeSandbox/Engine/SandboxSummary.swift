package import Basics

/// What is in a sandbox, at a glance.
package struct SandboxSummary: Sendable {
  /// How many objects there are of each type that has any, by the type's name.
  package let counts: [(type: String, count: Int)]
  /// The objects made last, newest first, as Stripe would show them.
  package let latest: [JSONObject]
  package let eventCount: Int
  package let now: Timestamp
  package let accountID: String
}

extension Sandbox {
  /// What there is, with the objects made last.
  package func summary(latest limit: Int = 10) throws -> SandboxSummary {
    try store.read { store in
      let settings = try Settings(readFrom: store)
      let now = configuration.systemTime() + settings.clockOffsetSeconds
      let call = Call(
        parameters: [:], pathIDs: [], path: "", now: now, clock: nil, requestID: nil,
        idempotencyKey: nil,
        settings: settings, registry: registry, store: store, makeToken: configuration.makeToken)
      let rendering = Rendering(call: call)
      return SandboxSummary(
        counts: try store.counts(),
        latest: try store.latest(limit: limit).compactMap { rendering.plain(.object($0)).object },
        eventCount: Int(try store.lastEventSequence()), now: now, accountID: settings.accountID)
    }
  }
}
