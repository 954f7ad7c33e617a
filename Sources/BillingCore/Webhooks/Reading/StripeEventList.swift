package import Basics
package import Stripe

/// Stripe's list of events as a source: from the oldest to the newest, so that history reads in the
/// order in which things happened, and so that a run that was stopped goes on where it was.
package actor StripeEventList: EventSource {
  /// What is read of one stretch before it is made shorter.
  static let mostAtOnce = 500

  private let client: StripeClient
  private let query: StripeEventQuery
  private let now: Timestamp
  /// Where an earlier run was stopped, when this one goes on from there.
  package nonisolated let resumed: StripeEventProgress?
  private let keepsProgress: Bool
  private var windows: EventWindows?
  private var isAtEnd = false

  /// - Parameters:
  ///   - now: by Stripe's clock, or about.
  ///   - progress: how far a run with the same question got that was stopped.
  ///   - keepsProgress: whether it is written down how far this one gets.
  package init(
    _ query: StripeEventQuery, client: StripeClient, now: Timestamp,
    progress: StripeEventProgress?, keepsProgress: Bool
  ) {
    self.client = client
    self.query = query
    self.now = now
    resumed = progress.flatMap { $0.covers(query.filter.since) ? $0 : nil }
    self.keepsProgress = keepsProgress
  }

  package func next() async throws -> EventBatch? {
    guard !isAtEnd else { return nil }
    guard var windows = try await openWindows() else {
      isAtEnd = true
      return resumed == nil ? nil : farewell()
    }
    while !windows.isDone {
      let objects = try await read(&windows)
      windows.advance(after: objects.count)
      self.windows = windows
      guard !objects.isEmpty else { continue }
      return batch(objects, taken: windows.isDone ? nil : windows.start)
    }
    isAtEnd = true
    return farewell()
  }

  /// Nil where there is no event at all.
  private func openWindows() async throws -> EventWindows? {
    if let windows { return windows }
    let start = resumed?.taken ?? query.filter.since
    var parameters = query.parameters(from: start, before: query.filter.until)
    parameters["limit"] = 1
    let answer = try await client.send(StripeRequest(.get, StripePath("events"), parameters))
    guard let newest = answer.json["data"]?.array?.first?["created"]?.integer else { return nil }
    return EventWindows(
      from: start, oldest: now - StripeEventQuery.keptSeconds, newest: Timestamp(newest),
      end: query.filter.until)
  }

  /// All events of the next stretch, the oldest first. A stretch that holds too many is shortened.
  private func read(_ windows: inout EventWindows) async throws -> [JSON] {
    while true {
      var (objects, isTooLong): ([JSON], Bool) = ([], false)
      let parameters = query.parameters(from: windows.start, before: windows.before)
      for try await page in client.pages(StripePath("events"), parameters) {
        objects += page.objects
        let hasMore = page.response.json["has_more"]?.bool == true
        if hasMore, objects.count >= Self.mostAtOnce, windows.shorten() {
          isTooLong = true
          break
        }
      }
      if !isTooLong { return objects.reversed() }
    }
  }

  private func batch(_ objects: [JSON], taken: Timestamp?) -> EventBatch {
    var batch = EventBatch()
    batch.readings = objects.map { Self.reading($0) }
    batch.length = Int64(objects.count)
    if keepsProgress, let taken {
      let progress = StripeEventProgress(
        start: resumed.map { $0.start } ?? query.filter.since, taken: taken)
      let name = query.cursorName
      batch.alongside = { try $0.setCursor(name, to: progress.text) }
    }
    return batch
  }

  /// Nothing is left to go on with.
  private func farewell() -> EventBatch? {
    guard keepsProgress else { return nil }
    var batch = EventBatch()
    let name = query.cursorName
    batch.alongside = { try $0.removeCursor(name) }
    return batch
  }

  /// What Stripe itself tells is believed.
  static func reading(_ json: JSON) -> EventReading {
    do {
      return .event(try IncomingEvent(Array(json.compact.utf8), verdict: .trusted))
    } catch {
      let id = json["id"]?.string ?? "an event without an id"
      return .unreadable(UnreadableEvent(place: id, reason: "\(error)"))
    }
  }
}
