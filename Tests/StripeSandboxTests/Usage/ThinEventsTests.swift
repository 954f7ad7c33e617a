import Basics
import Testing

@testable import StripeSandbox

@Suite struct ThinEventsTests {
  @Test(
    .tags(.unit),
    arguments: [
      (
        "payload[stripe_customer_id]=cus_x&payload[value]=1",
        "meter_event_customer_not_found: Customer with id cus_x not found."
      ),
      (
        "payload[value]=1",
        "meter_event_no_customer_defined: Customer mapping key stripe_customer_id not found in "
          + "payload."
      ),
      (
        "payload[stripe_customer_id]=CUSTOMER&payload[value]=many",
        "meter_event_invalid_value: Invalid value for key value: many is not a number."
      ),
      (
        "payload[stripe_customer_id]=CUSTOMER",
        "meter_event_invalid_value: Value key value not found in payload."
      ),
      (
        "payload[stripe_customer_id]=CUSTOMER&payload[value]=1000000000000000",
        "meter_event_value_too_many_digits: Invalid value for key value: at most 15 digits before "
          + "the decimal point and 12 after it."
      ),
    ])
  func tellWhatCannotBeCounted(_ payload: String, _ problem: String) throws {
    let world = try UsageWorld()
    let customer = world.money.customer()
    let count = try world.stripe.eventTypes().count
    let answer = world.stripe.post(
      "/v1/billing/meter_events",
      "event_name=calls&identifier=one&" + payload.replacing("CUSTOMER", with: customer))
    #expect(answer.status == 200)
    #expect(world.thinEvents() == ["v1.billing.meter.error_report_triggered \(problem) [one]"])
    #expect(world.used(by: customer) == 0)
    // They are no events of the first kind.
    #expect(try world.stripe.eventTypes().count == count)
    #expect(world.stripe.get("/v1/events", "limit=100").ids.count == count)
  }

  @Test(.tags(.unit)) func haveTheirShape() throws {
    let world = try UsageWorld()
    world.stripe.wait(seconds: 3)
    world.use("1", of: "cus_x", "identifier=one")
    let list = world.stripe.get("/v2/core/events", isChecked: false)
    let event = try #require(list.body[at: "data", "0"])
    let id = try #require(event["id"]?.string)
    #expect(id.hasPrefix("evt_test_"))
    #expect(
      event == [
        "id": .string(id), "object": "v2.core.event", "context": .null,
        "created": "2026-11-20T10:00:03.000Z",
        "data": [
          "developer_message_summary": "There is 1 invalid event",
          "reason": [
            "error_count": 1,
            "error_types": [
              [
                "code": "meter_event_customer_not_found", "error_count": 1,
                "sample_errors": [
                  [
                    "error_message": "Customer with id cus_x not found.",
                    "request": ["identifier": "one"],
                  ]
                ],
              ]
            ],
          ], "validation_end": "2026-11-20T10:00:10.000Z",
          "validation_start": "2026-11-20T10:00:00.000Z",
        ], "livemode": false, "reason": .null,
        "related_object": [
          "id": .string(world.meter), "type": "billing.meter",
          "url": .string("/v1/billing/meters/\(world.meter)"),
        ], "type": "v1.billing.meter.error_report_triggered",
      ])
    #expect(world.stripe.get("/v2/core/events/\(id)", isChecked: false).body == event)
    #expect(world.stripe.get("/v2/core/events/x").status == 404)
  }

  @Test(.tags(.unit)) func tellOfANameThatNoMeterHas() throws {
    let world = try UsageWorld()
    let answer = world.stripe.post(
      "/v1/billing/meter_events", "event_name=nothing&payload[value]=1&identifier=one")
    #expect(answer["event_name"] == "nothing")
    #expect(
      world.thinEvents() == [
        "v1.billing.meter.no_meter_found no_meter: No meter was found matching event_name nothing. "
          + "[one]"
      ])
    let list = world.stripe.get("/v2/core/events", isChecked: false)
    #expect(list["data", "0", "related_object"] == .null)
  }

  @Test(.tags(.unit)) func areListedByPagesTypesAndObjects() throws {
    let world = try UsageWorld()
    for index in 1...3 { world.use("1", of: "cus_x", "identifier=\(index)") }
    _ = world.stripe.post("/v1/billing/meter_events", "event_name=nothing&payload[value]=1")
    let list = { (query: String) in world.stripe.get("/v2/core/events", query, isChecked: false) }
    let all = list("").ids
    #expect(all.count == 4)
    let first = list("limit=2&object_id=\(world.meter)")
    #expect(first.ids == Array(all[1...2]))
    let next = try #require(first["next_page_url"]?.string)
    let second = world.stripe.get(next, isChecked: false)
    #expect(second.ids == [all[3]])
    #expect(second["next_page_url"] == .null)
    #expect(list("types[]=v1.billing.meter.no_meter_found").ids == [all[0]])
    #expect(list("page=x").status == 400)
    #expect(list("limit=101").status == 400)
  }
}
