import Basics
import Testing

@testable import StripeSandbox

/// Faults of what is sent to webhook endpoints.
@Suite(.tags(.unit)) struct EventFaultsTests {
  private let stripe: TestSandbox

  init() throws {
    stripe = try TestSandbox()
    _ = stripe.post("/v1/webhook_endpoints", "url=https://example.com&enabled_events[]=*")
  }

  private func products(_ ids: String...) {
    for id in ids { _ = stripe.post("/v1/products", "id=\(id)&name=x") }
  }

  /// Takes what is due and answers it; the objects that it is about.
  private func sent() throws -> [String] {
    try stripe.sandbox.deliveriesDue(limit: 100).map { delivery in
      try stripe.sandbox.note(delivery, status: 200)
      return try JSON(parsing: delivery.body)[at: "data", "object", "id"]?.string ?? ""
    }
  }

  @Test func anEventComesTwice() throws {
    _ = stripe.post("/sandbox/faults", "kind=duplicate_event")
    products("a", "b")
    #expect(try sent() == ["a", "b"])
    #expect(try sent() == ["a"])
    #expect(try sent() == [])
    #expect(try stripe.eventTypes() == ["product.created", "product.created"])
  }

  @Test func anEventComesAfterTheNext() throws {
    _ = stripe.post("/sandbox/faults", "kind=reorder_events")
    products("a", "b", "c")
    #expect(try sent() == ["b", "c"])
    #expect(try sent() == ["a"])
    #expect(try sent() == [])
  }

  @Test func anEventThatNothingFollowsComesLate() throws {
    _ = stripe.post("/sandbox/faults", "kind=reorder_events")
    products("a")
    #expect(try sent() == [])
    stripe.wait(seconds: 9)
    #expect(try sent() == [])
    stripe.wait(seconds: 1)
    #expect(try sent() == ["a"])
  }

  @Test func anEventNeverComes() throws {
    _ = stripe.post("/sandbox/faults", "kind=drop_event")
    products("a", "b")
    #expect(try sent() == ["b"])
    stripe.wait(seconds: 100_000)
    #expect(try sent() == [])
    let lost = stripe.get("/v1/events", "delivery_success=false").ids
    #expect(lost.count == 1)
    _ = stripe.post("/v1/events/\(lost[0])/retry")
    #expect(try sent() == ["a"])
    #expect(stripe.get("/v1/events", "delivery_success=false").ids == [])
    #expect(try stripe.eventTypes() == ["product.created", "product.created"])
  }

  @Test func theirPathIsTheEventsType() throws {
    _ = stripe.post("/sandbox/faults", "kind=drop_event&path=coupon.*")
    products("a")
    _ = stripe.post("/v1/coupons", "id=c&percent_off=5")
    #expect(try sent() == ["a"])
    #expect(stripe.get("/sandbox/faults")["data"]?[0]?["struck"] == 1)
  }

  @Test func doNotStrikeRequestsNorRetries() throws {
    products("a")
    #expect(try sent() == ["a"])
    _ = stripe.post("/sandbox/faults", "kind=drop_event")
    let event = stripe.get("/v1/events").ids[0]
    #expect(stripe.post("/v1/events/\(event)/retry").status == 200)
    #expect(try sent() == ["a"])
    #expect(stripe.get("/sandbox/faults")["data"]?[0]?["struck"] == 0)
  }
}
