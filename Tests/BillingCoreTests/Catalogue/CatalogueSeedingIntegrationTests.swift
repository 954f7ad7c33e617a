import Basics
import Stripe
import Synchronization
import Testing

@testable import BillingCore

@Suite(.tags(.integration)) struct CatalogueSeedingIntegrationTests {
  static let yaml = """
    version: 1
    currency: usd
    default_plan: free
    meters: { runs: { name: Runs, aggregation: sum } }
    plans:
      - { id: free, name: Free, rank: 0, features: { sso: false, support: Community } }
      - id: pro
        name: Pro
        rank: 1
        prices: [{ interval: month, unit_amount: 1900 }, { interval: year, unit_amount: 19000 }]
        overage: [{ meter: runs, included: 100, unit_amount_decimal: "0.5" }]
        features: { sso: true, support: Email }
    coupons: [{ id: launch, percent_off: 20, duration: once, promotion_codes: [LAUNCH20] }]
    packages: [{ id: small, name: Small, tokens: 1000, unit_amount: 500 }]
    """

  private func catalogue(_ changes: (from: String, to: String)...) throws -> Catalogue {
    var yaml = Self.yaml
    for change in changes {
      try #require(yaml.contains(change.from))
      yaml = yaml.replacing(change.from, with: change.to)
    }
    return try Catalogue(yaml: yaml, file: "plans.yaml")
  }

  @Test func firstSeedMakesEverythingAndTheSecondNothing() async throws {
    let bench = try CatalogueBench()
    let catalogue = try catalogue()
    let difference = try await bench.difference(catalogue)
    #expect(
      difference.lines == """
        create meter billing_runs Runs, sum
        create product billing_pro (pro) Pro
        create product billing_package_small Small
        create price billing_pro_month (pro) 19.00 usd a month
        create price billing_pro_year (pro) 190.00 usd a year
        create price billing_pro_overage_runs_month (pro) 0.005 usd a unit beyond 100 a month
        create price billing_pro_overage_runs_year (pro) 0.005 usd a unit beyond 100 a year
        create price billing_package_small 5.00 usd
        create feature billing_sso Sso
        create feature billing_support Support
        create feature billing_sso (pro) granted by product billing_pro
        create feature billing_support (pro) granted by product billing_pro
        create coupon launch 20 percent off, once
        create coupon launch promotion code LAUNCH20
        """)
    let heard = Mutex<[String]>([])
    let outcome = await CatalogueSeeding.run(
      difference, client: try bench.client,
      apply: { response in
        heard.withLock { $0.append(response.json["object"]?.string ?? "") }
      })
    #expect(outcome.failures.isEmpty)
    #expect(outcome.applied.count == 14)
    #expect(heard.withLock { Set($0) }.contains("price"))
    let price = try #require(difference.changes.first { $0.object == .price })
    #expect(outcome.id(of: price)?.hasPrefix("price_") == true)
    #expect(bench.writes().count == 14)

    #expect(try await bench.difference(catalogue).isEmpty)
    try await bench.seed(catalogue)
    #expect(bench.writes() == [])
    #expect(try await bench.difference(catalogue, whole: true).isEmpty)
  }

  @Test(arguments: ["coditect", "agnostic", "allthrive", "api"])
  func fixturesSeedAndThenDifferInNothing(_ name: String) async throws {
    let bench = try CatalogueBench()
    let catalogue = try CatalogueFixtureTests.fixture(name)
    #expect(try await bench.seed(catalogue).failures.isEmpty)
    #expect(try await bench.difference(catalogue).lines == "")
  }

  @Test func anAmountThatChangesIsANewPriceUnderTheSameKey() async throws {
    let bench = try CatalogueBench()
    try await bench.seed(try catalogue())
    let edited = try catalogue(("unit_amount: 1900 ", "unit_amount: 2100 "))
    let difference = try await bench.difference(edited)
    #expect(
      difference.lines == "replace price billing_pro_month (pro) amount 19.00 usd → 21.00 usd")
    let old = try #require(difference.changes.first?.id)
    _ = bench.writes()
    try await bench.seed(edited)
    #expect(bench.writes() == ["POST /v1/prices", "POST /v1/prices/\(old)"])
    let prices = try await bench.objects(
      StripePath("prices"), ["lookup_keys": ["billing_pro_month"]])
    #expect(prices.map { $0["unit_amount"]?.integer } == [2100])
    let before = try await bench.client.send(StripeRequest(.get, StripePath("prices", old))).json
    #expect(before["active"]?.bool == false)
    #expect(before["lookup_key"]?.isNull == true)
    #expect(try await bench.difference(edited).isEmpty)
    // Back to the old amount: another new price, not the answer that was saved for the first one.
    try await bench.seed(try catalogue())
    #expect(try await bench.difference(try catalogue()).isEmpty)
  }

  @Test func aReplacementThatWasCutShortIsFinished() async throws {
    let bench = try CatalogueBench()
    try await bench.seed(try catalogue())
    let edited = try catalogue(("unit_amount: 1900 ", "unit_amount: 2100 "))
    let old = try #require(try await bench.difference(edited).changes.first?.id)
    bench.broken.withLock { $0 = "POST /v1/prices/" }
    let outcome = try await bench.seed(edited)
    #expect(outcome.applied.isEmpty)
    #expect(outcome.failures.count == 1)
    bench.broken.withLock { $0 = nil }
    let difference = try await bench.difference(edited)
    #expect(difference.lines == "archive price \(old) (pro) replaced under billing_pro_month")
    try await bench.seed(edited)
    #expect(try await bench.difference(edited).isEmpty)
  }

  @Test func whatMayChangeIsUpdated() async throws {
    let bench = try CatalogueBench()
    try await bench.seed(try catalogue())
    let edited = try catalogue(
      ("name: Runs", "name: Test runs"), ("name: Pro", "name: Professional\n    description: More"),
      ("sso: true", "sso: false"), ("{ id: launch,", "{ id: launch, name: Launch,"),
      ("included: 100", "included: 200"))
    #expect(
      try await bench.difference(edited).lines == """
        update meter billing_runs name Runs → Test runs
        update product billing_pro (pro) name Pro → Professional, description none → More
        replace price billing_pro_overage_runs_month (pro) tiers up to 100: 0.00 usd, beyond: \
        0.005 usd → up to 200: 0.00 usd, beyond: 0.005 usd
        replace price billing_pro_overage_runs_year (pro) tiers up to 100: 0.00 usd, beyond: \
        0.005 usd → up to 200: 0.00 usd, beyond: 0.005 usd
        update feature billing_sso (pro) no longer granted by product billing_pro
        update coupon launch name none → Launch
        """)
    #expect(try await bench.seed(edited).failures.isEmpty)
    #expect(try await bench.difference(edited).lines == "")
  }

  @Test func pruningArchivesWhatIsNoLongerNamedAndSeedingBringsItBack() async throws {
    let bench = try CatalogueBench()
    let full = try catalogue()
    try await bench.seed(full)
    // Another catalogue's things and those of nobody stay.
    try await bench.post(StripePath("products"), ["id": "foreign", "name": "Foreign"])
    let small = try Catalogue(
      yaml: "{ version: 1, currency: usd, default_plan: a, plans: [{ id: a, name: A, rank: 0 }] }",
      file: "plans.yaml")
    #expect(try await bench.difference(small).isEmpty)
    let difference = try await bench.difference(small, whole: true)
    #expect(
      difference.lines.split(separator: "\n").sorted() == [
        "archive coupon launch launch", "archive coupon launch promotion code LAUNCH20",
        "archive feature billing_sso Sso", "archive feature billing_support Support",
        "archive price billing_package_small 5.00 usd",
        "archive price billing_pro_month (pro) 19.00 usd",
        "archive price billing_pro_overage_runs_month (pro) tiers in usd",
        "archive price billing_pro_overage_runs_year (pro) tiers in usd",
        "archive price billing_pro_year (pro) 190.00 usd",
        "archive product billing_package_small Small", "archive product billing_pro (pro) Pro",
      ])
    #expect(try await bench.seed(small, whole: true).failures.isEmpty)
    #expect(try await bench.difference(small, whole: true).lines == "")
    let again = try await bench.difference(full)
    #expect(
      again.changes.map { $0.action.rawValue + " " + $0.object.rawValue }.filter {
        $0.hasPrefix("create")
      } == ["create coupon", "create coupon"])
    #expect(try await bench.seed(full).failures.isEmpty)
    #expect(try await bench.difference(full).lines == "")
  }

  @Test func aPriceThatIsNoLongerNamedIsArchivedAndComesBack() async throws {
    let bench = try CatalogueBench()
    try await bench.seed(try catalogue())
    let monthly = try catalogue((", { interval: year, unit_amount: 19000 }", ""))
    #expect(
      try await bench.difference(monthly, whole: true).lines.split(separator: "\n").sorted() == [
        "archive price billing_pro_overage_runs_year (pro) tiers in usd",
        "archive price billing_pro_year (pro) 190.00 usd",
      ])
    try await bench.seed(monthly, whole: true)
    #expect(
      try await bench.difference(try catalogue()).lines == """
        update price billing_pro_year (pro) active false → true
        update price billing_pro_overage_runs_year (pro) active false → true
        """)
    try await bench.seed(try catalogue())
    #expect(try await bench.difference(try catalogue()).isEmpty)
  }

  @Test func whatCannotChangeIsAConflict() async throws {
    let bench = try CatalogueBench()
    try await bench.seed(try catalogue())
    let edited = try catalogue(
      ("aggregation: sum", "aggregation: last"), ("percent_off: 20", "percent_off: 30"))
    #expect(
      try await bench.difference(edited).lines == """
        conflict meter: runs counts by sum at Stripe, not by last, and a meter cannot change that; \
        give the meter another `event_name`
        conflict coupon: at Stripe it is 20 percent off, once, in the catalogue 30 percent off, \
        once, and a coupon cannot change that; give the new one another id
        """)
  }

  @Test func whatWasMadeElsewhereIsUsedAsItIs() async throws {
    let bench = try CatalogueBench()
    try await bench.post(StripePath("products"), ["id": "prod_own", "name": "Own name"])
    let own = try await bench.post(
      StripePath("prices"),
      [
        "product": "prod_own", "currency": "usd", "unit_amount": 1,
        "recurring": ["interval": "month"],
      ])
    let price = try #require(own["id"]?.string)
    let yaml = """
      version: 1
      currency: usd
      default_plan: free
      plans:
        - { id: free, name: Free, rank: 0 }
        - id: pro
          name: Pro
          rank: 1
          product: prod_own
          prices:
            - { interval: month, unit_amount: 1900, id: \(price) }
            - { interval: year, unit_amount: 19000 }
      """
    let catalogue = try Catalogue(yaml: yaml, file: "plans.yaml")
    #expect(
      try await bench.difference(catalogue).lines
        == "create price billing_pro_year (pro) 190.00 usd a year")
    let unknown = try catalogue.applying(
      environment: ["STRIPE_PRICE_PRO_MONTHLY": "price_nowhere"])
    #expect(
      try await bench.difference(unknown).conflicts.map { "\($0)" }
        == ["price price_nowhere: plan pro names it, but Stripe does not know it"])
    // A lookup key in use by a price that is not ours, with another amount.
    try await bench.post(
      StripePath("prices"),
      [
        "product": "prod_own", "currency": "usd", "unit_amount": 5,
        "lookup_key": "billing_pro_year",
        "recurring": ["interval": "year"],
      ])
    let conflicts = try await bench.difference(catalogue).conflicts.map { $0.message }
    #expect(
      conflicts == [
        """
        it has the lookup key billing_pro_year but was made elsewhere, and differs: \
        amount 0.05 usd → 190.00 usd
        """
      ])
  }

  @Test func aPromotionCodeOfAnotherCouponIsAConflict() async throws {
    let bench = try CatalogueBench()
    try await bench.post(
      StripePath("coupons"), ["id": "other", "percent_off": 5, "duration": "once"])
    try await bench.post(
      StripePath("promotion_codes"),
      ["code": "launch20", "promotion": ["type": "coupon", "coupon": "other"]])
    #expect(
      try await bench.difference(try catalogue()).conflicts.map { $0.message } == [
        """
        the promotion code LAUNCH20 is active for coupon other; deactivate it or choose another code
        """
      ])
  }

  @Test func whatDependsOnAFailureIsNotSent() async throws {
    let bench = try CatalogueBench()
    bench.broken.withLock { $0 = "POST /v1/products" }
    let outcome = try await bench.seed(try catalogue())
    let reasons = outcome.failures.map { failure -> String in
      switch failure.reason {
      case .stripe: "\(failure.change.lookupKey ?? failure.change.id ?? "-"): not reached"
      case .needs(let name): "\(failure.change.lookupKey ?? "-"): needs \(name)"
      case .response: "response"
      }
    }
    #expect(
      reasons == [
        "billing_pro: not reached", "billing_package_small: not reached",
        "billing_pro_month: needs product billing_pro",
        "billing_pro_year: needs product billing_pro",
        "billing_pro_overage_runs_month: needs product billing_pro",
        "billing_pro_overage_runs_year: needs product billing_pro",
        "billing_package_small: needs product billing_package_small",
        "billing_sso: needs product billing_pro", "billing_support: needs product billing_pro",
      ])
    #expect(outcome.applied.count == 5)
    bench.broken.withLock { $0 = nil }
    #expect(try await bench.seed(try catalogue()).failures.isEmpty)
    #expect(try await bench.difference(try catalogue()).isEmpty)
  }

  @Test func aDryRunNamesIdsThatAreNotKnownYet() async throws {
    let bench = try CatalogueBench()
    let difference = try await bench.difference(try catalogue())
    let overage = try #require(
      difference.changes.first { $0.lookupKey == "billing_pro_overage_runs_month" })
    #expect(
      overage.requests.map {
        "\($0.method.rawValue) \($0.path) \(JSON.object($0.parameters).compact)"
      }
        == [
          """
          POST /v1/prices {"product":"billing_pro","currency":"usd",\
          "lookup_key":"billing_pro_overage_runs_month","recurring":{"interval":"month",\
          "interval_count":1,"usage_type":"metered","meter":"{id of meter billing_runs}"},\
          "billing_scheme":"tiered","tiers_mode":"graduated",\
          "tiers":[{"up_to":100,"unit_amount_decimal":"0"},\
          {"up_to":"inf","unit_amount_decimal":"0.5"}],"metadata":{"billing_catalogue":"billing",\
          "billing_plan":"pro","billing_lookup_key":"billing_pro_overage_runs_month"}}
          """
        ])
  }

  @Test func aResponseThatCannotBeTakenInIsAFailure() async throws {
    struct Full: Error {}
    let bench = try CatalogueBench()
    let difference = try await bench.difference(try catalogue())
    let outcome = await CatalogueSeeding.run(
      difference, client: try bench.client, apply: { _ in throw Full() })
    #expect(outcome.applied.isEmpty)
    #expect(outcome.failures.count == difference.changes.count)
  }

  @Test func olderVersionsNameTheCouponOfACodeDirectly() throws {
    let catalogue = try catalogue()
    for (version, key) in [("2024-11-20.acacia", "coupon"), ("2025-09-30.clover", "promotion")] {
      let changes = CatalogueDifference(catalogue, CatalogueState(apiVersion: version)).changes
      let parameters = try #require(changes.last?.requests.first?.parameters)
      #expect(parameters.keys == ["code", key, "metadata"])
    }
  }
}
