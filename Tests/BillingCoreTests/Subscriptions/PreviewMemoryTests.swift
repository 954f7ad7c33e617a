import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct PreviewMemoryTests {
  private func change(
    to target: PlanChange.Target = .init(priceID: "price_pro"), quantity: Int64 = 1
  ) throws -> PlanChange {
    let catalogue = try Catalogue.sample()
    var change = try PlanChange(
      PlanChangeRequest(.upgrade, to: "pro"),
      of: Subscription(Sample.subscription(quantity: quantity)),
      to: try #require(catalogue.plan("pro")), in: catalogue)
    change.target = target
    return change
  }

  @Test func theSameChangeIsReckonedFromThePreview() throws {
    let memory = PreviewMemory(store: try Store.inMemory(now: { noon }))
    try memory.remember(change(), at: noon)
    #expect(try memory.moment(of: change(), now: noon + 60) == noon)
    #expect(try memory.moment(of: change(), now: noon + 3601) == nil)
    #expect(try memory.moment(of: change(quantity: 2), now: noon + 60) == nil)
  }

  /// The preview showed other amounts.
  @Test(arguments: [
    PlanChange.Target(priceID: "price_pro_2"),
    PlanChange.Target(priceID: "price_pro", overagePriceIDs: ["price_over"]),
  ])
  func aPriceThatWasReplacedMakesItAnother(_ target: PlanChange.Target) throws {
    let memory = PreviewMemory(store: try Store.inMemory(now: { noon }))
    try memory.remember(change(), at: noon)
    #expect(try memory.moment(of: change(to: target), now: noon + 60) == nil)
  }
}
