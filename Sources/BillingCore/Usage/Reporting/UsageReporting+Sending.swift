import Stripe

extension UsageReporting {
  /// So many customers at once: Stripe takes one call at a time of a customer and a meter.
  static let width = 16

  /// Sends all, those of a customer's meter one after the other, and tells what became of each as
  /// soon as it is known. Ends early where the task is canceled; what was not sent stays written
  /// down.
  package func sendAll(
    _ reports: [ReportedUse], done: (ReportedUse, Outcome) throws -> Void
  ) async throws {
    let groups = Dictionary(grouping: reports) { $0.series }
      .sorted { $0.key < $1.key }.map { $0.value }
    try await Self.atOnce(groups) { group in
      var outcomes: [(ReportedUse, Outcome)] = []
      for report in group where !Task.isCancelled {
        let outcome = try await send(report)
        outcomes.append((report, outcome))
        // What comes after it would be in the wrong order.
        if case .unsent = outcome { break }
      }
      return outcomes
    } done: { outcomes in
      for (report, outcome) in outcomes { try done(report, outcome) }
    }
  }

  /// Compares many periods with what Stripe counted, in their order.
  package func checkAll(_ segments: [UsageSegment]) async throws -> [UsageCheck] {
    var checks: [Int: UsageCheck] = [:]
    try await Self.atOnce(Array(segments.enumerated())) { index, segment in
      (index, try await check(segment))
    } done: { index, check in
      checks[index] = check
    }
    return checks.sorted { $0.key < $1.key }.map { $0.value }
  }

  static func atOnce<Element: Sendable, Value: Sendable>(
    _ elements: [Element], _ work: @escaping @Sendable (Element) async throws -> Value,
    done: (Value) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Value.self) { group in
      var (rest, underWay) = (elements[...], 0)
      while true {
        while underWay < width, !Task.isCancelled, let next = rest.popFirst() {
          group.addTask { try await work(next) }
          underWay += 1
        }
        guard let value = try await group.next() else { return }
        underWay -= 1
        try done(value)
      }
    }
  }
}
