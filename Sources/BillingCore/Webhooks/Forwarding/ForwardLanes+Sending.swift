extension ForwardLanes {
  static let mostAtOnce = 8
  /// After so many failures of lanes one after another, nothing else is tried in this run.
  static let patience = 10

  /// Sends what waits, so many lanes beside each other. Ends when all of it is sent, or waits behind
  /// one that was not taken, or when nothing gets through any more.
  ///
  /// - Parameters:
  ///   - fill: adds what is to be sent next; nothing at the end.
  ///   - deliver: sends one.
  ///   - onEach: called with the last attempt of each that was tried.
  static func send(
    fill: (inout ForwardLanes) throws -> Void,
    deliver: @escaping @Sendable (_ id: String) async throws -> ForwardAttempt,
    onEach: (ForwardAttempt) -> Void
  ) async throws -> ForwardSummary {
    var (summary, lanes) = (ForwardSummary(), ForwardLanes())
    try await withThrowingTaskGroup(of: (Item, ForwardAttempt).self) { group in
      var (underWay, failuresInARow) = (0, 0)
      while true {
        while failuresInARow < patience, underWay < mostAtOnce {
          if lanes.count == 0 { try fill(&lanes) }
          guard let item = lanes.next() else { break }
          underWay += 1
          group.addTask { (item, try await deliver(item.eventID)) }
        }
        guard let (item, attempt) = try await group.next() else { break }
        underWay -= 1
        lanes.finish(item, isDelivered: attempt.isDelivered)
        failuresInARow = attempt.isDelivered ? 0 : failuresInARow + 1
        summary.add(attempt)
        onEach(attempt)
      }
    }
    return summary
  }
}
