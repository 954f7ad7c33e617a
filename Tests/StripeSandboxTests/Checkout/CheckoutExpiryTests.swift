import Basics
import Testing

@testable import StripeSandbox

@Suite struct CheckoutExpiryTests {
  @Test(.tags(.unit)) func byItself() throws {
    let world = try CheckoutWorld()
    let short = world.open("mode=subscription&expires_at=\((TestSandbox.start + 1800).seconds)")
    let long = world.open("mode=payment&after_expiration[recovery][enabled]=true")
    world.stripe.wait(seconds: 1799)
    #expect(world.stripe.get("/v1/checkout/sessions", "status=open").ids == [long.id, short.id])
    world.stripe.wait(seconds: 1)
    let count = try world.money.eventCount()
    let expired = world.stripe.get("/v1/checkout/sessions/\(short.id)")
    #expect(expired["status"] == "expired")
    #expect(expired["payment_status"] == "unpaid")
    #expect(expired["url"] == .null)
    let event = try #require(try world.stripe.events().last)
    #expect(event["type"] == "checkout.session.expired")
    #expect(event["created"] == .time(TestSandbox.start + 1800))
    #expect(event[at: "request", "id"] == .null)
    #expect(try world.money.eventCount() == count + 1)
    #expect(world.complete(short).status == 400)
    world.stripe.wait(seconds: 86_400)
    let recovered = world.stripe.get("/v1/checkout/sessions/\(long.id)")
    #expect(recovered["after_expiration", "recovery", "url"]?.string != nil)
    #expect(
      recovered["after_expiration", "recovery", "expires_at"]
        == .time(TestSandbox.start + 31 * 86_400))
    try world.money.checkEvents()
  }

  @Test(.tags(.unit)) func byRequest() throws {
    let world = try CheckoutWorld()
    let setup = world.open("mode=setup&currency=usd")
    let paid = world.open("mode=payment")
    _ = world.complete(paid, "card=4000000000000002")
    let count = try world.money.eventCount()
    for session in [setup, paid] {
      let expired = world.stripe.post("/v1/checkout/sessions/\(session.id)/expire")
      #expect(expired["status"] == "expired")
      #expect(world.stripe.post("/v1/checkout/sessions/\(session.id)/expire").status == 400)
    }
    #expect(
      try world.money.events(after: count) == [
        "setup_intent.canceled", "checkout.session.expired", "payment_intent.canceled",
        "checkout.session.expired",
      ])
    world.stripe.wait(seconds: 2 * 86_400)
    _ = world.stripe.get("/v1/balance")
    #expect(try world.money.eventCount() == count + 4)
  }
}
