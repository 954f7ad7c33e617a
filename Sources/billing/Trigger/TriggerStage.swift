import Basics
import Stripe
import StripeSandbox

/// A sandbox in memory on which a script is played.
struct TriggerStage {
  private let sandbox: Sandbox
  private let client: StripeClient
  /// What the words in braces stand for: given at the start, and ids of what was made last.
  private(set) var words: [String: String]
  private var lastEvent: Int64 = 0

  /// The bill of a renewal is final an hour after the period began.
  private static let renewalSeconds: Int64 = 3660
  private static let daySeconds: Int64 = 86_400

  /// - Parameter now: when the script is to have ended, as near as months allow.
  init(_ script: TriggerScript, words: [String: String], now: Timestamp, in context: Context) throws
  {
    let start = try Self.start(of: script, endingAt: now)
    sandbox = try Sandbox(
      Sandbox.Configuration(
        path: nil, systemTime: { start }, makeToken: context.world.makeToken))
    client = try context.client(of: sandbox, apiVersion: Settings.builtForVersion)
    self.words = words
    self.words["now"] = "\(start.seconds)"
    self.words["soon"] = "\(start.seconds + 60)"
  }

  private static func start(
    of script: TriggerScript, endingAt now: Timestamp
  ) throws -> Timestamp {
    var start = now
    for line in script.setting + script.act where line.hasPrefix("advance ") {
      start = start - (try span(of: line))
    }
    let month = TimeSpan(months: 1)
    if script.renews { return start - renewalSeconds - month }
    return (script.setting + script.act).contains("before renewal")
      ? start - month + daySeconds : start
  }

  func now() throws -> Timestamp { try sandbox.now() }

  /// Plays lines; returns the events that come of them, in their order.
  mutating func play(_ lines: [String]) async throws -> [JSON] {
    var events: [JSON] = []
    for line in lines {
      try await play(line)
      let new = try newEvents()
      for event in new { remember(event[at: "data", "object"] ?? .null) }
      events += new
    }
    return events
  }

  private mutating func play(_ line: String) async throws {
    if line.hasPrefix("advance ") {
      _ = try sandbox.advance(by: try Self.span(of: line))
    } else if line == "renewal" {
      try await advance(toRenewalAnd: Self.renewalSeconds)
    } else if line == "before renewal" {
      try await advance(toRenewalAnd: -Self.daySeconds)
    } else {
      remember(try await client.send(try request(line)).json)
    }
  }

  private static func span(of line: String) throws -> TimeSpan {
    guard let span = TimeSpan(parsing: String(line.dropFirst("advance ".count))) else {
      throw CommandError.unexpected("internal", "a script has \(line), which is no length of time")
    }
    return span
  }

  private func advance(toRenewalAnd seconds: Int64) async throws {
    let subscription = try await client.send(
      StripeRequest(.get, StripePath("subscriptions", words["subscription"] ?? "")))
    let items = try Subscription(subscription.json).items
    guard let end = items.first?.currentPeriodEnd else { return }
    _ = try sandbox.advance(by: TimeSpan(seconds: end + seconds - sandbox.now()))
  }

  /// `post customers email={email}` as the words of `sandbox call`.
  private func request(_ line: String) throws -> StripeRequest {
    var words = try line.split(separator: " ").map { try fill(String($0)) }
    if !words[1].hasPrefix("/") { words[1] = "/v1/" + words[1] }
    var arguments = try Arguments(
      words, parameters: SandboxCall.parameters, command: SandboxCall.name)
    return try SandboxCall(parsing: &arguments).request
  }

  private func fill(_ word: String) throws -> String {
    try word.replacing(/{([a-z_.]+)}/) { match in
      guard let value = words[String(match.1)] else {
        throw CommandError.unexpected("internal", "a script names \(match.0), and nothing made it")
      }
      return value
    }
  }

  private mutating func newEvents() throws -> [JSON] {
    let events = try sandbox.events(after: lastEvent, limit: 500)
    lastEvent = events.last?.sequence ?? lastEvent
    return try events.map { try JSON(parsing: $0.body) }
  }

  private mutating func remember(_ object: JSON) {
    guard let kind = object["object"]?.string, let id = object["id"]?.string else { return }
    words[kind] = id
    if let item = object[at: "items", "data"]?[0]?["id"]?.string {
      words["subscription_item"] = item
    }
  }
}
