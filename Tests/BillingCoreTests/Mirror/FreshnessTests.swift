import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct FreshnessTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var storedStatus = "active"
    var storedAge: Int64 = 100
    var storedFromEvent = false
    var newStatus = "past_due"
    var newAge: Int64 = 100
    var origin = Snapshot.Origin.response
    let expected: Freshness
    var testDescription: String { name }
  }

  static func event(_ id: String, _ previous: JSON?) -> Snapshot.Origin {
    .event(id: id, previous: previous)
  }

  @Test(arguments: [
    Case(name: "newer", newAge: 101, expected: .news),
    Case(name: "older", newAge: 99, expected: .stale),
    Case(name: "the same content", newStatus: "active", newAge: 999, expected: .known),
    Case(name: "a response in the same second", expected: .news),
    Case(
      name: "a response in the same second as an event", storedFromEvent: true, expected: .news),
    Case(
      name: "an event that knows what is stored", origin: event("evt_9", ["status": "active"]),
      expected: .news),
    Case(
      name: "an event that does not", origin: event("evt_9", ["status": "trialing"]),
      expected: .stale),
    Case(name: "an event that says nothing", origin: event("evt_9", nil), expected: .stale),
    Case(
      name: "of two events the state that is further on", storedFromEvent: true,
      origin: event("evt_0", nil), expected: .news),
    Case(
      name: "and never the state before", storedStatus: "past_due", storedFromEvent: true,
      newStatus: "active", origin: event("evt_9", nil), expected: .stale),
    Case(
      name: "what has ended stays so", storedStatus: "canceled", newStatus: "active", newAge: 200,
      expected: .stale),
    Case(
      name: "what has expired stays so", storedStatus: "incomplete_expired", newStatus: "active",
      newAge: 200, origin: event("evt_9", ["status": "incomplete_expired"]), expected: .stale),
  ])
  func verdict(_ test: Case) throws {
    let json = Sample.subscription(status: test.newStatus)
    let snapshot = try #require(
      Snapshot(json, origin: test.origin, asOf: Timestamp(test.newAge), cause: nil))
    let stored = Freshness.Stored(
      json: Sample.subscription(status: test.storedStatus), asOf: Timestamp(test.storedAge),
      isFromEvent: test.storedFromEvent, cause: "evt_5")
    #expect(Freshness.of(snapshot, json: json, against: stored) == test.expected)
  }

  @Test func equalStatesOfOneSecondAreDecidedByTheEventsID() throws {
    let json = Sample.subscription(quantity: 2)
    let stored = Freshness.Stored(
      json: Sample.subscription(quantity: 1), asOf: noon, isFromEvent: true, cause: "evt_5")
    for (id, expected) in [("evt_4", Freshness.stale), ("evt_6", .news)] {
      let snapshot = try #require(
        Snapshot(json, origin: .event(id: id, previous: nil), asOf: noon, cause: nil))
      #expect(Freshness.of(snapshot, json: json, against: stored) == expected)
    }
  }
}
