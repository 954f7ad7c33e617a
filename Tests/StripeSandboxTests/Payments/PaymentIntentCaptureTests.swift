import Basics
import Testing

@testable import StripeSandbox

@Suite struct PaymentIntentCaptureTests {
  private func held(_ world: MoneyWorld) -> Answer {
    world.checked(
      world.stripe.post(
        "/v1/payment_intents",
        """
        amount=2900&currency=usd&payment_method=pm_card_visa&confirm=true&capture_method=manual&\
        return_url=https://example.com&expand[]=latest_charge
        """))
  }

  private func charge(_ intent: Answer, _ world: MoneyWorld) -> Answer {
    let id = intent["latest_charge", "id"]?.string ?? ""
    return world.checked(world.stripe.get("/v1/charges/\(id)"))
  }

  @Test(.tags(.unit)) func authorised() throws {
    let world = try MoneyWorld()
    let intent = held(world)
    #expect(intent["status"] == "requires_capture")
    #expect(intent["amount_capturable"] == 2900)
    #expect(intent["amount_received"] == 0)
    #expect(intent["capture_method"] == "manual")
    let charge = charge(intent, world)
    #expect(charge["captured"] == false)
    #expect(charge["amount_captured"] == 0)
    #expect(charge["status"] == "succeeded")
    #expect(
      charge["payment_method_details", "card", "capture_before"]
        == .time(TestSandbox.start + 7 * 86_400))
    #expect(
      try world.stripe.eventTypes().suffix(3) == [
        "payment_intent.created", "charge.succeeded", "payment_intent.amount_capturable_updated",
      ])
    try world.checkEvents()
  }

  /// Capturing: the amount, and what becomes of the charge.
  @Test(.tags(.unit), arguments: [("", 2900, 0), ("amount_to_capture=1000", 1000, 1900)])
  func captured(_ parameters: String, _ amount: Int64, _ returned: Int64) throws {
    let world = try MoneyWorld()
    let intent = held(world)
    let count = try world.eventCount()
    let paid = world.checked(
      world.stripe.post("/v1/payment_intents/\(intent.id)/capture", parameters))
    #expect(paid["status"] == "succeeded")
    #expect(paid["amount_received"] == .integer(amount))
    #expect(paid["amount_capturable"] == 0)
    let charge = charge(intent, world)
    #expect(charge["captured"] == true)
    #expect(charge["amount_captured"] == .integer(amount))
    #expect(charge["amount_refunded"] == .integer(returned))
    #expect(charge["refunded"] == false)
    #expect(try world.events(after: count) == ["charge.captured", "payment_intent.succeeded"])
    world.stripe.wait(seconds: 8 * 86_400)
    #expect(world.stripe.get("/v1/payment_intents/\(intent.id)")["status"] == "succeeded")
  }

  @Test(.tags(.unit)) func givenBackByHand() throws {
    let world = try MoneyWorld()
    let intent = held(world)
    let count = try world.eventCount()
    let canceled = world.stripe.post("/v1/payment_intents/\(intent.id)/cancel")
    #expect(canceled["status"] == "canceled")
    #expect(canceled["amount_capturable"] == 0)
    #expect(charge(intent, world)["refunded"] == true)
    #expect(try world.events(after: count) == ["charge.refunded", "payment_intent.canceled"])
  }

  @Test(.tags(.unit)) func givenBackAfterSevenDays() throws {
    let world = try MoneyWorld()
    let intent = held(world)
    let count = try world.eventCount()
    world.stripe.wait(seconds: 7 * 86_400 - 1)
    #expect(world.stripe.get("/v1/payment_intents/\(intent.id)")["status"] == "requires_capture")
    world.stripe.wait(seconds: 1)
    let expired = world.checked(world.stripe.get("/v1/payment_intents/\(intent.id)"))
    #expect(expired["status"] == "canceled")
    #expect(expired["cancellation_reason"] == "automatic")
    #expect(try world.events(after: count) == ["charge.expired", "payment_intent.canceled"])
  }
}
