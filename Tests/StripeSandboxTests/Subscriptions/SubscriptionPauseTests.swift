import Basics
import Testing

@testable import StripeSandbox

@Suite struct SubscriptionPauseTests {
  private func paused(_ world: MoneyWorld, _ behavior: String) -> Answer {
    let subscription = world.subscribe(world.customer())
    return world.update(subscription.id, "pause_collection[behavior]=\(behavior)")
  }

  @Test(.tags(.unit)) func keptAsADraft() throws {
    let world = try MoneyWorld()
    let subscription = paused(world, "keep_as_draft")
    try world.pass(days: 31)
    let renewed = world.subscription(subscription.id)
    #expect(renewed["status"] == "active")
    #expect(renewed.item["current_period_start"] == subscription.item["current_period_end"])
    let invoice = world.latestInvoice(renewed)
    #expect(invoice["status"] == "draft")
    #expect(invoice["auto_advance"] == false)
    #expect(invoice["next_payment_attempt"] == .null)
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("void", "void", "invoice.voided"),
      ("mark_uncollectible", "uncollectible", "invoice.marked_uncollectible"),
    ])
  func givenUp(behavior: String, status: String, event: String) throws {
    let world = try MoneyWorld()
    let subscription = paused(world, behavior)
    let count = try world.eventCount()
    try world.pass(days: 30)
    let renewed = world.subscription(subscription.id)
    #expect(renewed["status"] == "active")
    #expect(world.latestInvoice(renewed)["status"] == .string(status))
    let types = try world.events(after: count)
    #expect(types.contains(event))
    #expect(!types.contains("charge.succeeded"))
    try world.checkEvents()
    _ = world.update(subscription.id, "pause_collection=")
    try world.pass(days: 31, hours: 1)
    #expect(world.latestInvoice(world.subscription(subscription.id))["status"] == "paid")
  }

  @Test(.tags(.unit)) func collectionGoesOnByItself() throws {
    let world = try MoneyWorld()
    let subscription = world.subscribe(world.customer())
    let moment = TestSandbox.start + 86_400
    _ = world.update(
      subscription.id,
      "pause_collection[behavior]=void&pause_collection[resumes_at]=\(moment.seconds)")
    try world.pass(days: 1)
    #expect(world.subscription(subscription.id)["pause_collection"] == .null)
    let event = try #require(try world.stripe.events().last)
    #expect(event["created"] == .time(moment))
    #expect(event[at: "data", "previous_attributes", "pause_collection", "behavior"] == "void")
  }
}
