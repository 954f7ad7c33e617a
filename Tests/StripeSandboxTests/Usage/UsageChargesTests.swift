import Basics
import Foundation
import Testing

@testable import StripeSandbox

@Suite struct UsageChargesTests {
  private func price(_ terms: String) throws -> JSONObject {
    let recurring = #""recurring":{"interval":"month","interval_count":1,"usage_type":"metered"}"#
    return try #require(
      try JSON(parsing: #"{"id":"price_1","currency":"usd",\#(recurring),\#(terms)}"#).object)
  }

  /// Amount and description of each line.
  private func lines(_ terms: String, _ quantity: Decimal) throws -> [String] {
    let price = try price(terms)
    return try PriceAmount.charges(of: price, quantity: quantity).map { charge in
      let text = PriceText.usage(
        charge, price: price, product: ["name": "API", "unit_label": "call"])
      return "\(charge.amount) \(text)"
    }
  }

  @Test(.tags(.unit)) func ofAPriceForEachUnit() throws {
    let terms = #""billing_scheme":"per_unit","unit_amount_decimal":"0.25""#
    #expect(try lines(terms, 0) == ["0 0 call × API (at $0.0025 / month)"])
    #expect(try lines(terms, 1001) == ["250 1001 call × API (at $0.0025 / month)"])
    #expect(try lines(terms, 1002) == ["251 1002 call × API (at $0.0025 / month)"])
    #expect(try lines(terms, 10.5) == ["3 10.5 call × API (at $0.0025 / month)"])
  }

  @Test(.tags(.unit)) func ofPackages() throws {
    let terms = { (round: String) in
      #"""
      "billing_scheme":"per_unit","unit_amount":7500,"unit_amount_decimal":"7500",
      "transform_quantity":{"divide_by":50,"round":"\#(round)"}
      """#
    }
    #expect(try lines(terms("up"), 0) == ["0 0 call × API (at $75.00 per 50 units / month)"])
    #expect(try lines(terms("up"), 51) == ["15000 51 call × API (at $75.00 per 50 units / month)"])
    #expect(try lines(terms("down"), 99.5)[0].hasPrefix("7500 99.5 call"))
    #expect(try lines(terms("up"), 100)[0].hasPrefix("15000 "))
  }

  @Test(.tags(.unit)) func ofGraduatedTiers() throws {
    let terms = #"""
      "billing_scheme":"tiered","tiers_mode":"graduated","tiers":[
      {"up_to":1000,"flat_amount":900,"flat_amount_decimal":"900","unit_amount":0,
      "unit_amount_decimal":"0"},
      {"up_to":null,"flat_amount":0,"flat_amount_decimal":"0","unit_amount":null,
      "unit_amount_decimal":"3.6"}]
      """#
    // As on an invoice that Stripe made.
    #expect(
      try lines(terms, 1031) == [
        "0 1000 call × API (Tier 1 at $0.00 / month)", "900 API (Tier 1 at $9.00 / month)",
        "112 31 call × API (Tier 2 at $0.036 / month)", "0 API (Tier 2 at $0.00 / month)",
      ])
    #expect(
      try lines(terms, 0) == [
        "0 0 call × API (Tier 1 at $0.00 / month)", "900 API (Tier 1 at $9.00 / month)",
      ])
    #expect(try lines(terms, 1000).count == 2)
  }

  @Test(.tags(.unit)) func ofTiersWithoutFlatAmounts() throws {
    let terms = #"""
      "billing_scheme":"tiered","tiers_mode":"graduated","tiers":[
      {"up_to":10,"flat_amount":null,"unit_amount":0},
      {"up_to":20,"flat_amount":null,"unit_amount":5},
      {"up_to":null,"flat_amount":null,"unit_amount":3}]
      """#
    #expect(
      try lines(terms, 25) == [
        "0 10 call × API (Tier 1 at $0.00 / month)", "50 10 call × API (Tier 2 at $0.05 / month)",
        "15 5 call × API (Tier 3 at $0.03 / month)",
      ])
  }

  @Test(.tags(.unit)) func tooMuchIsRefused() throws {
    let terms = #""billing_scheme":"per_unit","unit_amount_decimal":"999999999999""#
    #expect(throws: SandboxError.self) { try lines(terms, 999_999_999_999_999) }
  }
}
