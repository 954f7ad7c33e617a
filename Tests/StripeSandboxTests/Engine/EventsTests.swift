import Basics
import StripeSandbox
import Testing

@Suite struct EventsTests {
  private func sandbox() throws -> TestSandbox {
    let stripe = try TestSandbox()
    _ = stripe.post("/v1/products", "id=p1&name=x")
    stripe.wait(seconds: 60)
    _ = stripe.post("/v1/products/p1", "name=y")
    stripe.wait(seconds: 60)
    _ = stripe.post("/v1/coupons", "id=c1&percent_off=10")
    return stripe
  }

  @Test(.tags(.unit)) func areNumberedWithoutGaps() throws {
    let stripe = try sandbox()
    _ = stripe.post("/v1/products", "id=p1&name=x")
    _ = stripe.delete("/v1/coupons/c1")
    let events = try stripe.sandbox.events(after: 0, limit: 100)
    #expect(events.map { $0.sequence } == [1, 2, 3, 4])
    #expect(try stripe.sandbox.events(after: 2, limit: 1).map { $0.sequence } == [3])
    #expect(try stripe.sandbox.events(after: 4, limit: 10).isEmpty)
  }

  @Test(.tags(.unit)) func areCountedByType() throws {
    let stripe = try sandbox()
    _ = stripe.post("/v1/products/p1", "name=z")
    let counts = try stripe.sandbox.eventCounts(after: 1)
    #expect(counts.map { "\($0.type) \($0.count)" } == ["product.updated 2", "coupon.created 1"])
    #expect(try stripe.sandbox.eventCounts(after: 4).isEmpty)
  }

  @Test(.tags(.unit)) func carryASnapshot() throws {
    let stripe = try sandbox()
    let events = try stripe.events()
    #expect(events.flatMap { ObjectFacts.faults(in: $0) } == [])
    #expect(events[1]["type"] == "product.updated")
    #expect(events[1]["api_version"] == "2026-10-28.endive")
    #expect(events[1]["created"] == 1_795_168_860)
    #expect(events[1][at: "data", "object", "name"] == "y")
    #expect(
      events[1][at: "data", "previous_attributes"]
        == ["name": "x", "updated": 1_795_168_800])
    #expect(events[0][at: "data", "previous_attributes"] == nil)
    #expect(events[1][at: "request", "id"]?.string?.hasPrefix("req_") == true)
    #expect(events[1][at: "request", "idempotency_key"] == .null)
  }

  @Test(.tags(.unit)) func areNotMadeWhereNothingChanges() throws {
    let stripe = try sandbox()
    _ = stripe.post("/v1/products/p1", "name=y")
    #expect(try stripe.events().count == 3)
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("", "coupon.created product.updated product.created"),
      ("limit=1", "coupon.created +"),
      ("type=product.updated", "product.updated"),
      ("type=product.*", "product.updated product.created"),
      ("types[]=coupon.created&types[]=product.created", "coupon.created product.created"),
      ("created[gte]=1795168860", "coupon.created product.updated"),
      ("delivery_success=true", "coupon.created product.updated product.created"),
      ("delivery_success=false", ""), ("types[]=", ""),
      ("types[]=&types[]=coupon.created", "coupon.created"),
    ])
  func areListed(_ query: String, _ expected: String) throws {
    let answer = try sandbox().get("/v1/events", query)
    let types = answer["data"]?.array?.compactMap { $0["type"]?.string } ?? []
    let more = answer["has_more"] == true ? ["+"] : []
    #expect((types + more).joined(separator: " ") == expected)
  }

  @Test(.tags(.unit)) func arePagedAndRetrieved() throws {
    let stripe = try sandbox()
    let ids = stripe.get("/v1/events").ids
    #expect(stripe.get("/v1/events", "starting_after=\(ids[0])").ids == [ids[1], ids[2]])
    #expect(stripe.get("/v1/events", "ending_before=\(ids[2])&limit=1").ids == [ids[1]])
    #expect(stripe.get("/v1/events/\(ids[0])")["type"] == "coupon.created")
    #expect(
      stripe.get("/v1/events/evt_x").error
        == "404 invalid_request_error resource_missing id: No such event: 'evt_x'")
    #expect(
      stripe.get("/v1/events", "starting_after=evt_x").error
        == "400 invalid_request_error resource_missing starting_after: No such event: 'evt_x'")
    #expect(
      stripe.get("/v1/events", "type=a&types[]=b").error
        == "400 invalid_request_error - -: You may only specify one of these parameters: type, types."
    )
    let many = (1...21).map { "types[]=t\($0)" }.joined(separator: "&")
    #expect(
      stripe.get("/v1/events", many).error
        == "400 invalid_request_error - types: You may only pass up to 20 types.")
  }
}
