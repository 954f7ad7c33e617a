import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct SyncPlaceTests {
  @Test(arguments: [SyncPlace.Position.done, .after("cus_1"), .after("done"), .after("a b")])
  func aPositionIsReadAsItWasWritten(_ position: SyncPlace.Position) {
    let place = SyncPlace("coupons", position)
    #expect(SyncPlace("coupons", text: place.text) == place)
  }

  @Test func nonsenseIsNoPosition() {
    #expect(SyncPlace("coupons", text: "everywhere") == nil)
  }

  @Test func placesAreKeptUnderTheNamesOfTheirLists() throws {
    let store = try Store.inMemory(now: { noon })
    let places = try store.write { transaction in
      try transaction.setCursor(SyncPlace.start, to: "1")
      try transaction.setPlace(SyncPlace("customers 1/4", .after("cus_1")))
      try transaction.setPlace(SyncPlace("products", .done))
      return try transaction.syncPlaces()
    }
    #expect(places == ["customers 1/4": .after("cus_1"), "products": .done])
    let words = try store.read { try FullSync.place(in: $0) }
    #expect(words == "customers 1/4 after cus_1")
  }
}
