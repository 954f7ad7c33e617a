import Basics
import Testing

@testable import StripeSandbox

/// What holds whatever customers do and however time goes on.
///
/// A seed makes the same steps everywhere. What fails is told with the fewest steps that bring it
/// about.
@Suite struct RandomLifeTests {
  private static let stepCount = 30

  @Test(.tags(.unit), arguments: UInt64(1)...50)
  func allIsInOrder(_ seed: UInt64) throws {
    let steps = RandomLife.steps(of: seed, count: Self.stepCount)
    let life = try RandomLife()
    try life.run(steps)
    let faults = try Self.faults(of: life)
    guard let first = faults.first else { return }
    let shortest = try Self.shortest(steps, showing: first)
    let told = ["seed \(seed)"] + faults + ["with the fewest steps"]
    let shown = told + shortest.history + (try Self.faults(of: shortest))
    Issue.record("\(shown.joined(separator: "\n"))")
  }

  @Test(.tags(.unit), arguments: [UInt64(7), 21, 35])
  func theSameSeedGivesTheSameWorld(_ seed: UInt64) throws {
    let worlds = try (0..<2).map { _ in
      let life = try RandomLife()
      try life.run(RandomLife.steps(of: seed, count: Self.stepCount))
      return try dump(of: life)
    }
    #expect(worlds[0] == worlds[1])
  }

  /// Every object and event, in the order in which they were made.
  private func dump(of life: RandomLife) throws -> [String] {
    let objects = try life.stripe.sandbox.store.read { try $0.latest(limit: 1_000_000) }
    let events = try life.stripe.sandbox.events(after: 0, limit: 1_000_000)
    return objects.map { JSON.object($0).compact }
      + events.map { String(decoding: $0.body, as: UTF8.self) }
  }

  static func faults(of life: RandomLife) throws -> [String] {
    let events = try life.stripe.sandbox.events(after: 0, limit: 1_000_000)
      .map { try JSON(parsing: $0.body) }
    let stateful = events.filter { event in
      let type = event["type"]?.string ?? ""
      return type.hasPrefix("customer.subscription.") || type.hasPrefix("invoice.")
    }
    return life.broken + (try InvoiceInvariants.faults(of: life))
      + StatusInvariants.faults(in: stateful) + (try PeriodInvariants.faults(of: life))
      + (try CoverageInvariants.faults(of: life))
      + shapeFaults(in: events) + timeFaults(in: events)
  }

  /// Events go forward in time.
  private static func timeFaults(in events: [JSON]) -> [String] {
    zip(events, events.dropFirst()).compactMap { one, next in
      guard let earlier = one["created"]?.integer, let later = next["created"]?.integer,
        earlier > later
      else { return nil }
      return "\(next["id"]?.string ?? "") at \(later) comes after one at \(earlier)"
    }
  }

  /// The last event of each type has the shape that Stripe declares.
  private static func shapeFaults(in events: [JSON]) -> [String] {
    var last: [String: JSON] = [:]
    for event in events { last[event["type"]?.string ?? ""] = event }
    return last.sorted { $0.key < $1.key }.flatMap { type, event in
      (ObjectFacts.faults(in: event)
        + ObjectFacts.faults(in: event[at: "data", "object"] ?? .null)).map { "\(type): \($0)" }
    }
  }

  /// Leaves out one step after the other as long as the same kind of fault shows.
  private static func shortest(_ steps: [UInt64], showing fault: String) throws -> RandomLife {
    let kind = kind(of: fault)
    let shows = { (steps: [UInt64]) throws -> Bool in
      let life = try RandomLife()
      try life.run(steps)
      return try faults(of: life).contains { Self.kind(of: $0) == kind }
    }
    var kept = steps
    for index in steps.indices.reversed() {
      var fewer = kept
      fewer.remove(at: index)
      if try shows(fewer) { kept = fewer }
    }
    let life = try RandomLife()
    try life.run(kept)
    return life
  }

  /// A fault without ids and times.
  private static func kind(of fault: String) -> String {
    fault.replacing(/[a-z]+_[A-Za-z0-9]+|[0-9]+/, with: "")
  }
}
