import Basics
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct GateTests {
  private static func catalogue() throws -> Catalogue {
    try Catalogue(
      yaml: """
        version: 1
        namespace: billing
        currency: usd
        default_plan: free
        meters: { ai: { name: AI, aggregation: sum } }
        plans:
          - id: free
            name: Free
            rank: 0
            limits: { ai: { max: 3, per: day }, projects: 1 }
            features: { support: "", sso: false, market: [] }
          - id: hidden
            name: Hidden
            rank: 1
            available: false
            prices: [{ interval: month, unit_amount: 100 }]
            limits: { ai: unlimited, projects: unlimited }
            features: { support: Phone, sso: true, market: [buy] }
          - id: starter
            name: Starter
            rank: 2
            prices: [{ interval: month, unit_amount: 1900 }]
            limits: { ai: { max: 300, per: day }, projects: 10 }
            features: { support: Email, sso: false, market: [view] }
          - id: pro
            name: Pro
            rank: 3
            prices: [{ interval: month, unit_amount: 4900 }]
            limits: { projects: unlimited, seats: 5 }
            features: { support: Phone, sso: true, market: [view, buy] }
        packages: [{ id: booster, name: Booster, tokens: 500, unit_amount: 2000 }]
        tokens_cover: { ai: 10 }
        """, file: "plans.yaml")
  }

  private func own(_ id: String, _ value: JSON, until: Timestamp? = nil) -> OwnEntitlement {
    OwnEntitlement(
      id: 1, customerID: "cus_1", featureID: id, value: value, until: until, note: nil,
      actor: "ada", created: noon)
  }

  private func gate(_ current: CurrentPlan, own: [OwnEntitlement] = []) throws -> Gate {
    try Gate(
      catalogue: Self.catalogue(), customerID: "cus_1", current: current, own: own, at: noon)
  }

  private func current(
    _ plan: String, status: String = "active", graceUntil: Timestamp? = nil, unpaid: String? = nil
  ) -> CurrentPlan {
    CurrentPlan(
      planID: plan, status: status, subscriptionID: nil, graceUntil: graceUntil,
      unpaidPlanID: unpaid)
  }

  /// `yes reason remaining upgrade packages`, absent ones as `-`.
  private func words(_ decision: GateDecision?) -> String {
    guard let decision else { return "unknown" }
    return [
      decision.isAllowed ? "yes" : "no", decision.reason.rawValue,
      decision.remaining.map { "\($0)" } ?? "-", decision.upgradeTo ?? "-",
      decision.packageIDs.first ?? "-",
    ].joined(separator: " ")
  }

  @Test(arguments: [
    ("free", "ai", 2, "yes included 1 - -"),
    ("free", "ai", 3, "no limit_reached 0 starter booster"),
    ("free", "projects", 0, "yes included 1 - -"),
    ("free", "projects", 1, "no limit_reached 0 starter -"),
    ("free", "projects", 10, "no limit_reached 0 pro -"),
    ("free", "seats", 0, "no not_in_plan 0 pro -"),
    ("free", "support", 0, "no not_in_plan - starter -"),
    ("free", "sso", 0, "no not_in_plan - pro -"),
    ("free", "market", 0, "no not_in_plan - starter -"),
    ("starter", "support", 0, "yes included - - -"),
    ("starter", "market", 0, "yes included - - -"),
    ("pro", "ai", 0, "no not_in_plan 0 - booster"), ("pro", "projects", 999, "yes unlimited - - -"),
    ("pro", "seats", 5, "no limit_reached 0 - -"), ("pro", "nothing", 0, "unknown"),
    ("hidden", "sso", 0, "yes included - - -"),
  ])
  func aPlanDecides(_ plan: String, _ id: String, _ used: Int64, _ expected: String) throws {
    #expect(try words(gate(current(plan)).decide(id, used: used)) == expected)
  }

  @Test(arguments: [
    (1, 2, 0, "yes included 2"), (0, 3, 0, "yes included 3"), (1, 3, 0, "no limit_reached 2"),
    (1, 3, 9, "no limit_reached 2"), (1, 3, 10, "yes tokens 2"), (3, 2, 20, "yes tokens 0"),
    (9, 2, 20, "yes tokens 0"), (0, Int64.max, Int64.max, "no limit_reached 3"),
  ])
  func tokensPayForWhatDoesNotFit(
    _ used: Int64, _ asked: Int64, _ tokens: Int64, _ expected: String
  ) throws {
    let decision = try gate(current("free")).decide("ai", used: used, asked: asked, tokens: tokens)
    #expect(words(decision).hasPrefix(expected))
    let missing = decision?.reason == .tokens ? asked - max(0, 3 - used) : 0
    #expect(decision?.covered == missing && decision?.tokens == missing * 10)
  }

  /// Levels are not paid for with tokens, and neither is what the catalogue does not say.
  @Test func tokensPayForNothingElse() throws {
    let decision = try gate(current("free")).decide("projects", used: 1, tokens: 999)
    #expect(words(decision) == "no limit_reached 0 starter -")
  }

  @Test func inGraceWhatIsAllowedSaysSo() throws {
    let gate = try gate(current("pro", status: "past_due", graceUntil: noon + 1))
    #expect(words(gate.decide("sso", used: 0)) == "yes grace - - -")
    #expect(words(gate.decide("projects", used: 9)) == "yes grace - - -")
    #expect(words(gate.decide("seats", used: 5)) == "no limit_reached 0 - -")
  }

  @Test func afterGraceThePaymentIsTheReasonWhereItWouldHelp() throws {
    let gate = try gate(current("free", status: "past_due", unpaid: "starter"))
    #expect(words(gate.decide("projects", used: 5)) == "no past_due 0 - -")
    #expect(words(gate.decide("projects", used: 10)) == "no limit_reached 0 pro -")
    #expect(words(gate.decide("sso", used: 0)) == "no not_in_plan - pro -")
    #expect(words(gate.decide("projects", used: 0)) == "yes included 1 - -")
  }

  @Test func whatACustomerWasGrantedCountsInPlaceOfThePlans() throws {
    let granted = try gate(
      current("free"),
      own: [
        own("projects", 25), own("ai", "unlimited"), own("sso", true, until: noon + 1),
        own("support", ""), own("market", ["sell"]), own("seats", 2, until: noon),
      ])
    #expect(words(granted.decide("projects", used: 24)) == "yes included 1 - -")
    #expect(words(granted.decide("projects", used: 25)) == "no limit_reached 0 pro -")
    #expect(words(granted.decide("ai", used: 999)) == "yes unlimited - - -")
    #expect(granted.decide("ai", used: 0)?.limit?.window == .day)
    #expect(words(granted.decide("sso", used: 0)) == "yes included - - -")
    #expect(words(granted.decide("support", used: 0)) == "no not_in_plan - starter -")
    #expect(words(granted.decide("market", used: 0)) == "yes included - - -")
    #expect(words(granted.decide("seats", used: 0)) == "no not_in_plan 0 pro -")
  }

  @Test func aGrantOutlivesAnUnpaidPlanAndSaysNothingOfGrace() throws {
    let grants = [own("projects", 25)]
    let lapsed = try gate(current("free", status: "unpaid", unpaid: "pro"), own: grants)
    #expect(words(lapsed.decide("projects", used: 9)) == "yes included 16 - -")
    #expect(words(lapsed.decide("projects", used: 25)) == "no limit_reached 0 pro -")
    let grace = try gate(
      current("pro", status: "past_due", graceUntil: noon + 1), own: grants)
    #expect(words(grace.decide("projects", used: 9)) == "yes included 16 - -")
  }

  /// The file may have made a feature of a limit since.
  @Test func aGrantThatNoLongerFitsDoesNotCount() throws {
    let gate = try gate(current("free"), own: [own("projects", true), own("sso", 5)])
    #expect(words(gate.decide("projects", used: 0)) == "yes included 1 - -")
    #expect(words(gate.decide("sso", used: 0)) == "no not_in_plan - pro -")
  }

  @Test func aPlanThatVanishedCannotDecide() throws {
    #expect(throws: VanishedPlan.self) { try gate(current("gone")) }
  }

  @Test(arguments: [
    ("projects", "25", JSON.integer(25)), ("projects", "unlimited", "unlimited"),
    ("projects", "-1", nil), ("projects", "many", nil), ("projects", "", nil),
    ("projects", "99999999999999999999", nil), ("sso", "true", true), ("sso", "false", false),
    ("sso", "yes", nil), ("support", "Phone", "Phone"), ("support", "", ""),
    ("market", "buy,sell", JSON.array(["buy", "sell"])), ("market", "", JSON.array([])),
  ])
  func valuesAreTypedByTheCatalogue(_ id: String, _ word: String, _ value: JSON?) throws {
    #expect(try Self.catalogue().ownValue(word, of: id) == value)
  }
}
