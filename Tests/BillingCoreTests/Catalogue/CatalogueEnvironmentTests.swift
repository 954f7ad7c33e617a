import BillingCore
import Testing

@Suite(.tags(.unit)) struct CatalogueEnvironmentTests {
  static let yaml = """
    version: 1
    currency: usd
    default_plan: free
    plans:
      - { id: free, name: Free, rank: 0 }
      - id: pro-team
        name: Pro
        rank: 1
        prices:
          - { interval: month, unit_amount: 1900, id: price_file }
          - { interval: quarter, unit_amount: 5000 }
          - { interval: year, unit_amount: 19000 }
          - { interval: week, unit_amount: 500 }
    """

  /// The price ids of plan pro-team, shortest interval first.
  private func ids(_ environment: [String: String]) throws -> [String?] {
    let catalogue = try Catalogue(yaml: Self.yaml, file: "plans.yaml")
    return try catalogue.applying(environment: environment).plan("pro-team")?.prices.map { $0.id }
      ?? []
  }

  @Test func eachVariableNamesItsPrice() throws {
    #expect(try ids([:]) == [nil, "price_file", nil, nil])
    #expect(
      try ids([
        "STRIPE_PRICE_PRO_TEAM_MONTHLY": "price_1", "STRIPE_PRICE_PRO_TEAM_QUARTERLY": "price_2",
        "STRIPE_PRICE_PRO_TEAM_YEARLY": "price_3",
      ]) == [nil, "price_1", "price_2", "price_3"])
    #expect(try ids(["STRIPE_PRICE_ID_PRO_TEAM": "price_4"]) == [nil, "price_4", nil, nil])
    #expect(try ids(["STRIPE_PRO_TEAM_PRICE_ID": "plan_5"]) == [nil, "plan_5", nil, nil])
  }

  @Test func theFirstOfSeveralWinsAndEmptyOnesDoNotCount() throws {
    #expect(
      try ids([
        "STRIPE_PRICE_PRO_TEAM_MONTHLY": "", "STRIPE_PRICE_ID_PRO_TEAM": "price_4",
        "STRIPE_PRO_TEAM_PRICE_ID": "price_5",
      ]) == [nil, "price_4", nil, nil])
  }

  @Test func malformedOnesAreMistakes() throws {
    let mistake = CatalogueMistake(
      file: "environment", line: 1, column: 1,
      message: "STRIPE_PRICE_PRO_TEAM_YEARLY is no price id (price_ and letters and digits)")
    #expect(throws: CatalogueError.invalid([mistake])) {
      try ids(["STRIPE_PRICE_PRO_TEAM_YEARLY": "prod_1"])
    }
  }

  @Test func lookUps() throws {
    let catalogue = try Catalogue(yaml: Self.yaml, file: "plans.yaml")
    #expect(catalogue.plan(productID: "billing_pro-team")?.id == "pro-team")
    #expect(catalogue.plan(lookupKey: "billing_pro-team_3month")?.id == "pro-team")
    #expect(catalogue.plan(lookupKey: "billing_pro-team_2month") == nil)
    #expect(catalogue.plan(priceID: "price_file")?.id == "pro-team")
    #expect(catalogue.nearestPlanID(to: "pro-taem") == "pro-team")
    #expect(catalogue.nearestPlanID(to: "zzz") == nil)
    let quarter = try #require(BillingInterval(parsing: "quarter"))
    #expect(catalogue.price(plan: "pro-team", quarter)?.unitAmount == 5000)
    #expect(catalogue.price(plan: "free", quarter) == nil)
  }

  @Test(arguments: [
    ("month", "month", "month"), ("quarter", "3month", "quarter"), ("3month", "3month", "quarter"),
    ("2week", "2week", "2 weeks"), ("year", "year", "year"),
  ]) func intervals(_ text: String, _ name: String, _ words: String) {
    #expect(BillingInterval(parsing: text)?.name == name)
    #expect(BillingInterval(parsing: text)?.words == words)
  }

  @Test(arguments: ["", "months", "0month", "37month", "4year", "month3", "-1month"])
  func noIntervals(_ text: String) {
    #expect(BillingInterval(parsing: text) == nil)
  }

  @Test(arguments: [
    ("1", "1"), ("0.050", "0.05"), ("007", "7"), (".5", "0.5"), ("0", "0"), ("0.0", "0"),
    ("+2", "2"),
  ]) func decimals(_ text: String, _ normalized: String) {
    #expect(DecimalText.normalized(text) == normalized)
  }

  @Test(arguments: ["", "-1", ".", "1.", "1e3", "1234567890123", "0.1234567890123", "x"])
  func noDecimals(_ text: String) {
    #expect(DecimalText.normalized(text) == nil)
  }
}
