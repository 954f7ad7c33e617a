import Basics
import Stripe
import Synchronization
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct StripeEventListTests {
  let store: Store
  init() throws { store = try Store.inMemory(now: { noon }) }

  private func source(
    _ stripe: FakeEventList, _ filter: EventFilter = EventFilter(), keepsProgress: Bool = true,
    areUndelivered: Bool = false
  ) throws -> StripeEventList {
    let query = StripeEventQuery(filter, areUndelivered: areUndelivered, isForced: false)
    return StripeEventList(
      query,
      client: StripeClient(
        transport: stripe,
        configuration: .init(
          key: try StripeKey(parsing: "sk_test_0123456789abcdef"), maxRetries: 0,
          sleep: { _ in })), now: noon,
      progress: try store.read { try StripeEventProgress.load(query, in: $0) },
      keepsProgress: keepsProgress)
  }

  /// The ids of what a replay takes, in order; at most so many batches.
  private func take(
    _ source: StripeEventList, _ filter: EventFilter = EventFilter(), batches: Int = .max
  ) async throws -> [String] {
    let replay = Replay(inbox: Inbox(store: store, mirror: .sample), filter: filter)
    var (ids, count) = ([String](), 0)
    struct Stopped: Error {}
    do {
      try await replay.run(source) { batch in
        ids += batch.events.map { $0.reading.name }
        count += 1
        if count == batches { throw Stopped() }
      }
    } catch is Stopped {}
    return ids
  }

  private func cursors() throws -> [String] {
    try store.read { try $0.cursorNames() }
  }

  @Test func theOldestComeFirst() async throws {
    let stripe = FakeEventList((1...1_200).map { ("evt_\($0)", noon - 10_000_000 / Int64($0)) })
    #expect(try await take(source(stripe)) == (1...1_200).map { "evt_\($0)" })
    #expect(try cursors() == [])
    #expect(stripe.requests.count < 100)
  }

  @Test func thousandsOfOneSecondAreRead() async throws {
    let stripe = FakeEventList((1...1_300).map { ("evt_\($0)", noon - 100) })
    #expect(try await take(source(stripe)) == (1...1_300).map { "evt_\($0)" })
  }

  @Test func nothingIsNothing() async throws {
    #expect(try await take(source(FakeEventList([]))) == [])
  }

  @Test func whatIsAskedForIsAskedOfStripe() async throws {
    let stripe = FakeEventList([("evt_1", noon - 100)])
    var filter = EventFilter()
    filter.type = EventTypePattern("invoice.paid")
    (filter.since, filter.until) = (noon - 1_000, noon)
    _ = try await take(source(stripe, filter, areUndelivered: true), filter)
    #expect(
      stripe.requests == [
        """
        created[gte]=\(noon.seconds - 1_000)&created[lt]=\(noon.seconds)&types[0]=invoice.paid\
        &delivery_success=false&limit=1
        """,
        """
        created[gte]=\(noon.seconds - 1_000)&created[lt]=\(noon.seconds)&types[0]=invoice.paid\
        &delivery_success=false&limit=100
        """,
      ])
  }

  @Test func aRunThatWasStoppedIsGoneOnWith() async throws {
    let times = (1...3_000).map { ("evt_\($0)", noon - 20 * 86_400 + Int64($0) * 300) }
    let first = try await take(source(FakeEventList(times)), batches: 2)
    #expect(first.first == "evt_1" && first.count < 3_000)
    let second = try source(FakeEventList(times))
    let taken = try #require(second.resumed?.taken)
    let rest = try await take(second)
    #expect(first + rest == times.map { $0.0 })
    #expect(taken > noon - 20 * 86_400)
    #expect(try cursors() == [])
    #expect(try source(FakeEventList(times)).resumed == nil)
  }

  @Test func whatBeginsEarlierIsReadFromThere() async throws {
    let times = (1...3_000).map { ("evt_\($0)", noon - 20 * 86_400 + Int64($0) * 300) }
    var filter = EventFilter()
    filter.since = noon - 15 * 86_400
    _ = try await take(source(FakeEventList(times), filter), filter, batches: 1)
    #expect(try source(FakeEventList(times), filter).resumed != nil)
    filter.since = noon - 15 * 86_400 + 60
    #expect(try source(FakeEventList(times), filter).resumed != nil)
    filter.since = noon - 16 * 86_400
    #expect(try source(FakeEventList(times), filter).resumed == nil)
    filter.since = noon
    #expect(try source(FakeEventList(times), filter).resumed == nil)
    #expect(try source(FakeEventList(times)).resumed == nil)
  }

  @Test func withoutProgressNothingIsKept() async throws {
    let times = (1...3_000).map { ("evt_\($0)", noon - 20 * 86_400 + Int64($0) * 300) }
    _ = try await take(source(FakeEventList(times), keepsProgress: false), batches: 2)
    #expect(try cursors() == [])
  }

  @Test func whatIsNoEventIsToldByItsID() async throws {
    guard case .unreadable(let unreadable) = StripeEventList.reading(["id": "evt_1"]) else {
      Issue.record("it was read")
      return
    }
    #expect(unreadable.place == "evt_1" && !unreadable.isUnsigned)
  }
}

/// Stripe's list of events and nothing else: the newest first, page by page.
final class FakeEventList: Transport {
  private let events: [(id: String, created: Timestamp)]
  private let asked = Mutex<[String]>([])

  /// - Parameter events: in the order in which they happened.
  init(_ events: [(String, Timestamp)]) { self.events = events.reversed() }

  /// The queries, without their encoding.
  var requests: [String] { asked.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let query = request.url.split(separator: "?").dropFirst().first.map { String($0) } ?? ""
    let plain = query.replacing("%5B", with: "[").replacing("%5D", with: "]")
    asked.withLock { $0.append(plain) }
    var values: [String: String] = [:]
    for pair in plain.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      values[String(parts[0])] = String(parts[1])
    }
    let from = values["created[gte]"].flatMap { Int64($0) } ?? .min
    let to = values["created[lt]"].flatMap { Int64($0) } ?? .max
    var found = events.filter { $0.created.seconds >= from && $0.created.seconds < to }[...]
    if let cursor = values["starting_after"] {
      found = found.drop { $0.id != cursor }.dropFirst()
    }
    let limit = values["limit"].flatMap { Int($0) } ?? 10
    let list: JSON = [
      "object": "list", "has_more": .bool(found.count > limit),
      "data": .array(found.prefix(limit).map { Self.event($0.id, $0.created) }),
    ]
    return HTTPResponse(
      status: 200, headers: ["Date": noon.httpDate, "Content-Type": "application/json"],
      body: Array(list.compact.utf8))
  }

  private static func event(_ id: String, _ created: Timestamp) -> JSON {
    [
      "id": .string(id), "object": "event", "type": "invoice.paid",
      "created": .integer(created.seconds), "livemode": false,
      "data": ["object": ["id": "tok_1", "object": "token"]],
    ]
  }
}
