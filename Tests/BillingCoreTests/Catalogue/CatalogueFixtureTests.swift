import BillingCore
import Foundation
import Testing

@Suite(.tags(.unit)) struct CatalogueFixtureTests {
  static func fixture(_ name: String) throws -> Catalogue {
    try Catalogue(path: repository.appending(path: "fixtures/plans/\(name).yaml").path)
  }

  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let figures = [
    "coditect": """
    free 0 none: ai_requests 3/day, storage_mb 100/period, projects 1, team_members 1; api 10 100
    starter 1 prod_starter: month 1900 usd billing_starter_month, year 19000 usd \
    billing_starter_year; ai_requests 1000 at 1, storage_mb 1000 at 5; ai_requests \
    unlimited/period, storage_mb unlimited/period, projects 10, team_members 3; api 100 10000
    professional 2 billing_professional: month 4900 usd billing_professional_month, year 49000 \
    usd billing_professional_year; ai_requests 5000 at 1, storage_mb 10000 at 5; ai_requests \
    unlimited/period, storage_mb unlimited/period, projects 50, team_members 20; api 500 100000
    enterprise 3 none: ai_requests unlimited/period, storage_mb unlimited/period, projects \
    unlimited, team_members unlimited; api unlimited unlimited
    package starter 100000 for 500 usd billing_package_starter
    package booster 500000 for 2000 usd billing_package_booster
    package power 1000000 for 3500 usd billing_package_power
    """,
    "agnostic": """
    free 0 none: test_runs 100/month, projects 1, users 3, concurrent_runs 1, storage_gb 1
    team 1 agnostic_team: month 9900 usd agnostic_team_month, year 95000 usd agnostic_team_year; \
    test_runs 1000/month, projects 10, users 20, concurrent_runs 5, storage_gb 10
    enterprise 2 agnostic_enterprise: month 49900 usd agnostic_enterprise_month, year 480000 usd \
    agnostic_enterprise_year; test_runs unlimited/period, projects unlimited, users unlimited, \
    concurrent_runs 20, storage_gb 100
    """,
    "allthrive": """
    free 0 none: ai_requests 3/day, projects 10
    community-pro 1 allthrive_community-pro: trial 7; 3month 5400 usd \
    allthrive_community-pro_3month; ai_requests 300/day, projects unlimited
    pro-learn 2 allthrive_pro-learn: 3month 10500 usd allthrive_pro-learn_3month; ai_requests \
    600/day, projects unlimited
    creator-mentor 3 none: ai_requests 1000/day, projects unlimited
    package starter 100000 for 500 usd allthrive_package_starter
    package booster 500000 for 2000 usd allthrive_package_booster
    package power 1000000 for 3500 usd allthrive_package_power
    """,
    "api": """
    free 0 none: api 10 100
    pro 1 api_pro: month 2900 usd api_pro_month, year 29000 usd api_pro_year; api 100 10000
    team 2 api_team: month 9900 usd api_team_month, year 99000 usd api_team_year; api 500 100000
    enterprise 3 api_enterprise: month 49900 usd api_enterprise_month, year 499000 usd \
    api_enterprise_year; api unlimited unlimited
    """,
  ]

  @Test(arguments: figures.keys.sorted()) func statedFigures(_ name: String) throws {
    #expect(Self.summary(try Self.fixture(name)) == Self.figures[name])
  }

  @Test func rootCatalogueIsCoditect() throws {
    let root = try Data(contentsOf: Self.repository.appending(path: "plans.yaml"))
    let fixture = try Data(
      contentsOf: Self.repository.appending(path: "fixtures/plans/coditect.yaml"))
    #expect(root == fixture)
  }

  @Test func namesAndWords() throws {
    let agnostic = try Self.fixture("agnostic")
    #expect(agnostic.plan("team")?.name == "Agnostic Automation Center - Team Plan")
    #expect(agnostic.plan("team")?.description == "1,000 test runs/month, 10 projects, 20 users")
    #expect(agnostic.plan("enterprise")?.description == "Unlimited runs, projects, and users")
    #expect(agnostic.plan("free")?.feature("support")?.value == .text("Community"))
    #expect(agnostic.plans.allSatisfy { $0.feature("ai_analysis")?.isOn == true })
    #expect(agnostic.plan("enterprise")?.feature("audit_logs")?.isOn == true)
    #expect(agnostic.displayName("storage_gb") == "Storage (GB)")
    #expect(agnostic.displayName("audit_logs") == "Audit logs")
    #expect(agnostic.displayName("test_runs") == "Test runs")
  }

  @Test func marketplaceWidensFromPlanToPlan() throws {
    let allthrive = try Self.fixture("allthrive")
    #expect(
      allthrive.plans.map { $0.feature("marketplace")?.value } == [
        .list(["view"]), .list(["view"]), .list(["view", "buy"]), .list(["view", "buy", "sell"]),
      ])
    #expect(allthrive.tokensCover.map { $0.tokensPerUnit } == [1530])
    #expect(allthrive.plan("creator-mentor")?.isForSale == false)
    #expect(allthrive.plans.filter { $0.trialDays > 0 }.map { $0.id } == ["community-pro"])
  }

  private static func summary(_ catalogue: Catalogue) -> String {
    (catalogue.plans.map(line) + catalogue.packages.map(line)).joined(separator: "\n")
  }

  private static func line(_ plan: Plan) -> String {
    let number = { (value: Int64?) in value.map(String.init) ?? "unlimited" }
    let prices = plan.prices.map {
      "\($0.interval) \($0.unitAmount) \($0.currency) \($0.lookupKey)"
    }
    let overages = plan.overages.map { "\($0.meterID) \($0.included) at \($0.unitAmountDecimal)" }
    let limits = plan.limits.map { limit in
      "\(limit.id) \(number(limit.maximum))" + (limit.window.map { "/\($0)" } ?? "")
    }
    let api = plan.api.map { "api \(number($0.rateLimitPerMinute)) \(number($0.monthlyQuota))" }
    let parts = [
      plan.trialDays > 0 ? "trial \(plan.trialDays)" : "", prices.joined(separator: ", "),
      overages.joined(separator: ", "), limits.joined(separator: ", "), api ?? "",
    ]
    return "\(plan.id) \(plan.rank) \(plan.productID ?? "none"): "
      + parts.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private static func line(_ package: TokenPackage) -> String {
    "package \(package.id) \(package.tokens) for \(package.unitAmount) \(package.currency) "
      + package.lookupKey
  }
}
