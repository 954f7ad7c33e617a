import Basics
import Testing

@testable import StripeSandbox

/// What holds whatever happens.
@Suite struct LifeTests {
  /// From which state a subscription may come to which.
  private static let arrows: Set<String> = [
    "incomplete active", "incomplete incomplete_expired", "trialing active", "trialing canceled",
    "trialing paused", "trialing past_due", "active past_due", "active canceled", "active unpaid",
    "past_due active", "past_due canceled", "past_due unpaid", "unpaid active", "unpaid canceled",
    "paused canceled",
  ]

  @Test(.tags(.unit), arguments: 1...8 as ClosedRange<UInt64>)
  func whateverHappens(seed: UInt64) throws {
    let life = try Life(seed: seed, steps: 60)
    #expect(life.story.filter { $0.contains(": 5") } == [])
    #expect(try wrongSteps(life) == [])
    #expect(life.subscriptions.flatMap { periodFaults(of: $0, in: life) } == [])
    #expect(life.world.sumFaults() == [])
    #expect(try eventFaults(life) == [])
  }

  @Test(.tags(.unit)) func theSameSeedGivesTheSameWorld() throws {
    let (one, other) = (try Life(seed: 99, steps: 30), try Life(seed: 99, steps: 30))
    #expect(one.story == other.story)
    #expect(try one.world.stripe.events() == other.world.stripe.events())
  }

  /// Changes of state that are none of Stripe's, as the events tell them.
  private func wrongSteps(_ life: Life) throws -> [String] {
    var (status, wrong) = ([String: String](), [String]())
    for event in try life.world.stripe.events() {
      guard let object = event[at: "data", "object"], object["object"] == "subscription",
        let id = object["id"]?.string, let new = object["status"]?.string
      else { continue }
      if let old = status[id], old != new, !Self.arrows.contains("\(old) \(new)") {
        wrong.append("\(id): \(old) to \(new) in \(event["type"]?.string ?? "")")
      }
      status[id] = new
    }
    return wrong
  }

  /// Every period is billed once: each begins where the one before ended, and the last one has not
  /// ended yet while the subscription runs.
  private func periodFaults(of id: String, in life: Life) -> [String] {
    let stripe = life.world.stripe
    let invoices = stripe.get("/v1/invoices", "subscription=\(id)&limit=100")["data"]?.array ?? []
    let periods = invoices.flatMap { $0[at: "lines", "data"]?.array ?? [] }.filter {
      $0[at: "parent", "subscription_item_details", "proration"] == false
    }.compactMap { line -> (start: Int64, end: Int64)? in
      guard let start = line[at: "period", "start"]?.integer,
        let end = line[at: "period", "end"]?.integer
      else { return nil }
      return (start, end)
    }.sorted { $0 < $1 }
    var faults: [String] = []
    for (before, after) in zip(periods, periods.dropFirst()) where before.end != after.start {
      faults.append("\(id): \(before) is followed by \(after)")
    }
    let subscription = stripe.get("/v1/subscriptions/\(id)")
    let now = stripe.get("/sandbox/clock")["now"]?.integer ?? 0
    let runs = ["active", "past_due", "trialing", "unpaid"].map { JSON.string($0) }
    if runs.contains(subscription["status"] ?? .null) {
      let end = subscription.item["current_period_end"]?.integer ?? 0
      if end <= now { faults.append("\(id): its period ended at \(end)") }
      if periods.last?.end != end { faults.append("\(id): the period until \(end) is not billed") }
    }
    return faults
  }

  /// Events go forward in time, and each object has the shape that Stripe declares.
  private func eventFaults(_ life: Life) throws -> [String] {
    var (faults, last) = ([String](), Int64.min)
    for event in try life.world.stripe.events() {
      let created = event["created"]?.integer ?? 0
      if created < last { faults.append("\(event["id"]?.string ?? "") is earlier than the last") }
      last = created
      faults += ObjectFacts.faults(in: event[at: "data", "object"] ?? .null)
    }
    return faults
  }
}
