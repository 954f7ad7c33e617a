import Basics
import Foundation
import Testing

@testable import StripeSandbox

@Suite struct MoneyArithmeticTests {
  @Test(
    .tags(.unit),
    arguments: [
      ("0.5", 1), ("-0.5", -1), ("0.49", 0), ("1.5", 2), ("-1.5", -2), ("2.5", 3), ("7", 7),
    ] as [(String, Int64)])
  func halvesAreRoundedAwayFromZero(_ text: String, _ whole: Int64) throws {
    let exact = try #require(Decimal(string: text))
    #expect(try Money.rounded(exact) == whole)
  }

  @Test(
    .tags(.unit),
    arguments: [
      (2500, 2_591_996, 2_592_000, 2500), (100, 1, 2, 50), (101, 1, 2, 51), (-101, 1, 2, -51),
      (1900, 0, 10, 0), (1900, 20, 10, 1900), (1000, 1, 3, 333), (1000, 2, 3, 667),
      (Int64.max, 1, 2, 4_611_686_018_427_387_904), (5, 1, 0, 0),
    ] as [(Int64, Int64, Int64, Int64)])
  func proratedBySecond(
    _ amount: Int64, _ remaining: Int64, _ total: Int64, _ expected: Int64
  ) throws {
    #expect(try Money.prorated(amount, remaining: remaining, total: total) == expected)
  }

  @Test(.tags(.unit)) func overflowIsRefused() {
    #expect(throws: SandboxError.self) { try Money.sum([.max, 1]) }
    #expect(throws: SandboxError.self) { try Money.rounded(Decimal(Int64.max) * 10) }
    #expect(throws: SandboxError.self) { try Money.checkCharge(100_000_000, currency: "usd") }
  }

  @Test(.tags(.unit)) func tooMuchForACardInStripesWords() throws {
    let error = #expect(throws: SandboxError.self) {
      try Money.checkCharge(100_000_000, currency: "usd")
    }
    #expect(error?.code == "amount_too_large")
    #expect(error?.message == "Amount must be no more than $999,999.99")
  }

  @Test(.tags(.unit)) func discountsFollowOneAnother() throws {
    let lines: [InvoiceArithmetic.Line] = [
      .init(amount: 1000), .init(amount: 500), .init(amount: -300, isDiscountable: false),
    ]
    let totals = try InvoiceArithmetic.totals(
      lines,
      discounts: [
        .init(id: "half", percentOff: 50), .init(id: "some", amountOff: 100),
        .init(id: "one", percentOff: 10, lines: [1]),
      ])
    #expect(totals.subtotal == 1200)
    #expect(totals.lineDiscounts == [[500, 67, 0], [250, 33, 22], [0, 0, 0]])
    #expect(totals.discounts == [750, 100, 22])
    #expect(totals.total == 328)
  }

  @Test(.tags(.unit)) func anAmountOffNeverExceedsTheLines() throws {
    let totals = try InvoiceArithmetic.totals(
      [.init(amount: 300), .init(amount: 0)], discounts: [.init(id: "big", amountOff: 5000)])
    #expect(totals.total == 0)
    #expect(totals.discounts == [300])
  }

  @Test(
    .tags(.unit),
    arguments: [
      (1000, 0, 1000, 0), (1000, -300, 700, 0), (1000, -1500, 0, -500), (-400, 0, 0, -400),
      (0, 50, 50, 0), (0, 0, 0, 0),
    ] as [(Int64, Int64, Int64, Int64)])
  func balancesPay(_ total: Int64, _ balance: Int64, _ due: Int64, _ ending: Int64) throws {
    let settled = try InvoiceArithmetic.settle(total: total, balance: balance)
    #expect(settled.due == due)
    #expect(settled.endingBalance == ending)
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("usd", 49, "Amount must be at least $0.50 usd"), ("usd", 50, nil),
      ("jpy", 49, "Amount must be at least ¥50 jpy"), ("jpy", 50, nil),
      ("gbp", 29, "Amount must be at least £0.30 gbp"), ("gbp", 30, nil),
      ("uzs", 0, "Amount must be at least 0.01 UZS uzs"), ("uzs", 1, nil),
    ] as [(String, Int64, String?)])
  func leastCharges(_ currency: String, _ amount: Int64, _ expected: String?) throws {
    var message: String?
    do {
      try ChargeLimits.checkMinimum(amount, currency: currency)
    } catch {
      message = error.message
      #expect(error.code == "amount_too_small")
    }
    #expect(message == expected)
  }

  /// What lines have of their own is off before the subtotal, the rest after it.
  @Test(.tags(.unit)) func discountsOfLinesAndOfTheInvoice() throws {
    let totals = try InvoiceArithmetic.totals(
      [.init(amount: 1000), .init(amount: 500)],
      discounts: [
        .init(id: "line", percentOff: 50, lines: [0], isOfLines: true),
        .init(id: "all", percentOff: 10),
      ])
    #expect(totals.subtotal == 1000)
    #expect(totals.lineDiscounts == [[500, 50], [0, 50]])
    #expect(totals.total == 900)
  }

  @Test(.tags(.unit)) func pricesOfQuantities() throws {
    let unit: JSONObject = ["billing_scheme": "per_unit", "unit_amount_decimal": "0.5"]
    #expect(try PriceAmount.amount(of: unit, quantity: 3) == 2)
    let tiered: JSONObject = [
      "billing_scheme": "tiered",
      "tiers": [
        ["up_to": 10, "unit_amount": 100, "flat_amount": 500],
        ["up_to": .null, "unit_amount_decimal": "50"],
      ],
    ]
    #expect(try PriceAmount.amount(of: tiered, quantity: 10) == 1500)
    #expect(try PriceAmount.amount(of: tiered, quantity: 12) == 1600)
    #expect(try PriceAmount.amount(of: tiered, quantity: 0) == 500)
    let packed: JSONObject = [
      "unit_amount": 100, "transform_quantity": ["divide_by": 10, "round": "up"],
    ]
    #expect(try PriceAmount.amount(of: packed, quantity: 21) == 300)
    let cut: JSONObject = [
      "unit_amount": 100, "transform_quantity": ["divide_by": 10, "round": "down"],
    ]
    #expect(try PriceAmount.amount(of: cut, quantity: 21) == 200)
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("2500", "usd", "$25.00"), ("0.5", "usd", "$0.005"), ("500", "jpy", "¥500"),
      ("123456789", "eur", "€1,234,567.89"), ("2500", "chf", "25.00 CHF"),
      ("-150", "gbp", "-£1.50"), ("5120", "kwd", "5.120 KWD"),
    ])
  func amountsInWords(_ minor: String, _ currency: String, _ text: String) throws {
    let amount = try #require(Decimal(string: minor))
    #expect(PriceText.amount(amount, currency: currency) == text)
  }
}
