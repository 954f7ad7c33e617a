import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct UsagePriceTests {
  private func price(_ terms: JSONObject) throws -> UsagePrice? {
    var object: JSONObject = [
      "id": "price_1", "object": "price", "currency": "usd", "created": 1, "livemode": false,
    ]
    for (key, value) in terms { object[key] = value }
    return try UsagePrice(.object(object))
  }

  private func amounts(_ price: UsagePrice?, _ units: [Int64]) -> [Int64?] {
    units.map { price?.amount(for: $0) }
  }

  @Test func eachUnitCosts() throws {
    let price = try price(["unit_amount_decimal": "0.4"])
    #expect(price?.included == nil)
    #expect(amounts(price, [0, 1, 2, 10]) == [0, 0, 1, 4])
  }

  @Test func packagesAreBilledWhole() throws {
    let up = try price([
      "unit_amount": 100, "transform_quantity": ["divide_by": 10, "round": "up"],
    ])
    #expect(amounts(up, [0, 1, 10, 11]) == [0, 100, 100, 200])
    let down = try price([
      "unit_amount": 100, "transform_quantity": ["divide_by": 10, "round": "down"],
    ])
    #expect(amounts(down, [9, 10, 19]) == [0, 100, 100])
  }

  private let tiers: JSON = [
    ["up_to": 10, "unit_amount_decimal": "0"],
    ["up_to": 20, "unit_amount_decimal": "1.5", "flat_amount": 100],
    ["up_to": .null, "unit_amount_decimal": "0.5"],
  ]

  @Test func tiersAreClimbedOrReached() throws {
    let terms: JSONObject = ["billing_scheme": "tiered", "tiers": tiers]
    var graduated = terms
    graduated["tiers_mode"] = "graduated"
    let climbed = try price(graduated)
    #expect(climbed?.included == 10)
    // Each line is rounded by itself: 1.5 to 2, and 0.5 to 1.
    #expect(amounts(climbed, [0, 10, 11, 20, 21]) == [0, 0, 102, 115, 116])
    var volume = terms
    volume["tiers_mode"] = "volume"
    #expect(amounts(try price(volume), [10, 11, 21]) == [0, 117, 11])
  }

  @Test func tiersThatNobodyToldAreNotKnown() throws {
    #expect(try price(["billing_scheme": "tiered", "tiers_mode": "graduated"]) == nil)
  }

  @Test func whatCannotBeCountedIsNotGuessed() throws {
    #expect(amounts(try price(["unit_amount_decimal": "2"]), [.max]) == [nil])
  }
}
