import Basics
import Foundation
import Testing

@testable import StripeSandbox

@Suite struct MeterEventsTests {
  @Test(.tags(.unit)) func areAnsweredAndCounted() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let count = try world.stripe.eventTypes().count
    let event = world.use("25", of: customer, "identifier=one")
    #expect(
      event.body == [
        "object": "billing.meter_event", "created": .time(TestSandbox.start),
        "event_name": "calls", "identifier": "one", "livemode": false,
        "payload": ["stripe_customer_id": .string(customer), "value": "25"],
        "timestamp": .time(TestSandbox.start),
      ])
    let other = world.use("0.5", of: customer)
    #expect(other["identifier"]?.string?.isEmpty == false)
    #expect(world.used(by: customer)?.decimal == 25.5)
    // Usage makes no event of its own.
    #expect(try world.stripe.eventTypes().count == count)
  }

  @Test(.tags(.unit)) func anIdentifierIsTakenForADay() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    world.use("1", of: customer, "identifier=one")
    world.stripe.wait(seconds: 86_399)
    #expect(
      world.use("1", of: customer, "identifier=one").error
        == "400 invalid_request_error - identifier: An event already exists with identifier one.")
    world.stripe.wait(seconds: 1)
    #expect(world.use("1", of: customer, "identifier=one").status == 200)
  }

  @Test(.tags(.unit)) func anEventThatCountsForNothingTakesItsIdentifier() throws {
    let world = try UsageWorld()
    world.use("1", of: "cus_nobody", "identifier=one")
    #expect(world.use("1", of: world.money.customer(), "identifier=one").status == 400)
  }

  @Test(.tags(.unit)) func momentsLieWithin35DaysAndFiveMinutes() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let oldest = TestSandbox.start.seconds - 35 * 86_400
    let newest = TestSandbox.start.seconds + 300
    #expect(world.use("1", of: customer, "timestamp=\(oldest)").status == 200)
    #expect(world.use("1", of: customer, "timestamp=\(newest)").status == 200)
    #expect(
      world.use("1", of: customer, "timestamp=\(oldest - 1)").error
        == "400 invalid_request_error - timestamp: The event timestamp cannot be more than 35 days "
        + "in past. Expected a timestamp greater than or equal to \(oldest).")
    #expect(
      world.use("1", of: customer, "timestamp=\(newest + 1)").error
        == "400 invalid_request_error - timestamp: The event timestamp cannot be in future.")
  }

  @Test(.tags(.unit)) func theMeterMustBeActive() throws {
    let world = try UsageWorld()
    _ = world.stripe.post("/v1/billing/meters/\(world.meter)/deactivate")
    #expect(
      world.use("1", of: world.money.customer()).error
        == "400 invalid_request_error - event_name: No active meter found for event name "
        + "\"calls\".")
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("payload[value]=1", "400 parameter_missing event_name"),
      ("event_name=calls", "400 parameter_missing payload"),
      ("event_name=calls&payload[value][x]=1", "400 - payload[value]"),
      (
        "event_name=calls&payload[value]=1&identifier=\(String(repeating: "x", count: 101))",
        "400 - identifier"
      ),
    ])
  func wrongParameters(_ parameters: String, _ expected: String) throws {
    let answer = try UsageWorld().stripe.post("/v1/billing/meter_events", parameters)
    let parts = ["code", "param"].map { answer["error", $0]?.string ?? "-" }
    #expect("\(answer.status) \(parts.joined(separator: " "))" == expected)
  }

  @Test(.tags(.unit)) func keysOfThePayloadAreTheMeters() throws {
    let world = try UsageWorld(
      meter: """
        customer_mapping[event_payload_key]=who&customer_mapping[type]=by_id\
        &value_settings[event_payload_key]=tokens
        """)
    let customer = world.money.customer()
    _ = world.stripe.post(
      "/v1/billing/meter_events",
      "event_name=calls&payload[who]=\(customer)&payload[tokens]=7")
    #expect(world.used(by: customer) == 7)
  }

  @Test(.tags(.unit)) func anEventIsTakenBackWithinADay() throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    world.use("5", of: customer, "identifier=one")
    world.use("3", of: customer, "identifier=two")
    let take = { (identifier: String, name: String) in
      world.stripe.post(
        "/v1/billing/meter_event_adjustments",
        "event_name=\(name)&type=cancel&cancel[identifier]=\(identifier)")
    }
    #expect(
      take("one", "calls").body == [
        "object": "billing.meter_event_adjustment", "cancel": ["identifier": "one"],
        "event_name": "calls", "livemode": false, "status": "complete", "type": "cancel",
      ])
    #expect(world.used(by: customer) == 3)
    #expect(
      take("one", "calls").error
        == "400 invalid_request_error - cancel[identifier]: Meter event one has already been "
        + "cancelled.")
    #expect(
      take("two", "others").error
        == "400 invalid_request_error resource_missing cancel[identifier]: No meter event found "
        + "with identifier two.")
    world.stripe.wait(seconds: 86_400)
    #expect(
      take("two", "calls").error
        == "400 invalid_request_error - cancel[identifier]: Meter event two cannot be cancelled "
        + "because it was received more than 24 hours ago.")
    #expect(
      world.stripe.post(
        "/v1/billing/meter_event_adjustments", "event_name=calls&type=cancel"
      )["error", "param"] == "cancel[identifier]")
  }

  /// The day in which an event can be taken back is one of its customer's clock.
  @Test(.tags(.unit)) func anEventOnATestClockIsTakenBackWithinItsDay() throws {
    let world = try UsageWorld()
    let start: Int64 = 1_767_268_800
    let clocks = "/v1/test_helpers/test_clocks"
    let clock = world.stripe.post(clocks, "frozen_time=\(start)").id
    let customer = world.stripe.post("/v1/customers", "test_clock=\(clock)").id
    for name in ["one", "two"] { world.use("5", of: customer, "identifier=\(name)") }
    let take = { (identifier: String) in
      world.stripe.post(
        "/v1/billing/meter_event_adjustments",
        "event_name=calls&type=cancel&cancel[identifier]=\(identifier)")
    }
    #expect(take("one").status == 200)
    _ = world.stripe.post("\(clocks)/\(clock)/advance", "frozen_time=\(start + 86_400)")
    #expect(
      take("two").error
        == "400 invalid_request_error - cancel[identifier]: Meter event two cannot be cancelled "
        + "because it was received more than 24 hours ago.")
  }
}
