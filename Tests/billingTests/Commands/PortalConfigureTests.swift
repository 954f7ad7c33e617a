import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct PortalConfigureTests {
  private static let business = """

    business:
      name: Agnostic
      privacy_policy_url: https://agnostic.example/privacy
      terms_of_service_url: https://agnostic.example/terms
    urls: { portal_return: https://agnostic.example/billing }

    """

  private func shop() async throws -> Shop {
    let shop = try await Shop()
    let plans = try shop.world.text(of: "plans.yaml")
    try shop.world.write(plans + Self.business, to: "plans.yaml")
    return shop
  }

  private func configuration(_ shop: Shop) async throws -> JSON {
    let list = try await shop.call(.get, "billing_portal", "configurations")
    #expect(list["data"]?.array?.count == 1)
    return list[at: "data", "0"] ?? .null
  }

  @Test func wordsThatAreWrong() {
    #expect(
      Words.mistake("portal configure now")
        == "unexpected 'now'; see billing portal configure --help")
  }

  @Test func itIsMadeOnce() async throws {
    let shop = try await shop()
    #expect(try await shop.dryRun("portal configure").count == 1)
    let made = try await shop.json("portal configure")
    #expect(
      made.object?.keys == [
        "id", "action", "plans", "changes", "return_url", "created", "updated",
      ])
    #expect(made["action"] == "created" && made["plans"] == ["team", "enterprise"])
    #expect(made["return_url"] == "https://agnostic.example/billing")
    let found = try await configuration(shop)
    #expect(found["metadata"]?["billing_catalogue"] == "agnostic")
    #expect(
      found["business_profile"] == [
        "headline": "Agnostic", "privacy_policy_url": "https://agnostic.example/privacy",
        "terms_of_service_url": "https://agnostic.example/terms",
      ])
    let features = found["features"]
    for feature in [
      "customer_update", "invoice_history", "payment_method_update", "subscription_cancel",
      "subscription_update",
    ] {
      #expect(features?[feature]?["enabled"] == true, "\(feature)")
    }
    let update = features?["subscription_update"]
    #expect(update?["products"]?.array?.count == 2)
    #expect(update?["proration_behavior"] == "always_invoice")
    #expect(features?["subscription_cancel"]?["mode"] == "at_period_end")

    let again = try await shop.json("portal configure")
    #expect(again["action"] == "unchanged" && again["id"] == made["id"])
    #expect(try await shop.dryRun("portal configure") == [])
    #expect(try await configuration(shop) == found)
  }

  @Test func itFollowsTheCatalogue() async throws {
    let shop = try await shop()
    let id = try await shop.json("portal configure")["id"]
    let plans = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      plans.replacing("name: Agnostic\n", with: "name: Agnostic Inc\n")
        .replacing("unit_amount: 9900 }", with: "unit_amount: 10900 }")
        .replacing("urls: { portal_return: https://agnostic.example/billing }", with: ""),
      to: "plans.yaml")
    _ = try await shop.json("plans seed")
    let plan = try await shop.json("portal configure --dry-run")
    #expect(
      plan["changes"] == [
        "business_profile.headline", "default_return_url",
        "features.subscription_update.products",
      ])
    let updated = try await shop.json("portal configure")
    #expect(updated["action"] == "updated" && updated["id"] == id)
    #expect(updated["changes"] == plan["changes"] && updated["return_url"] == JSON.null)
    let found = try await configuration(shop)
    #expect(found["business_profile"]?["headline"] == "Agnostic Inc")
    #expect(try await shop.json("portal configure")["action"] == "unchanged")
  }

  /// What somebody changes in Stripe's dashboard is seen, and put right.
  @Test func itIsFoundAtStripe() async throws {
    let shop = try await shop()
    let id = try await shop.json("portal configure")["id"]?.string ?? "-"
    try await shop.call(
      .post, "billing_portal", "configurations", id,
      parameters: ["features": ["invoice_history": ["enabled": false]]])
    try shop.world.remove("billing.sandbox.db")
    let updated = try await shop.json("portal configure")
    #expect(updated["action"] == "updated" && updated["id"]?.string == id)
    #expect(updated["changes"] == ["features.invoice_history.enabled"])
  }

  /// The portal adds no metered price, so a plan that bills usage would come without it.
  @Test func plansThatBillUsageAreLeftOutBesideOthers() async throws {
    let shop = try await Shop("coditect", seeds: false)
    let plans = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      plans.replacing(
        """
            overage:
              - { meter: ai_requests, included: 5000, unit_amount_decimal: "1" }
              - { meter: storage_mb, included: 10000, unit_amount_decimal: "5" }

        """, with: ""), to: "plans.yaml")
    #expect(await shop.run("plans seed").exit == .done)
    let result = await shop.run("portal configure --json")
    #expect(try JSON(parsing: result.output)["plans"] == ["professional"])
    #expect(
      result.errors == """
        warning: the portal leaves out starter, which bills usage: it changes subscriptions of one \
        price only; billing upgrade changes the others

        """)
  }

  /// The portal changes no subscription of several prices, so offering plans would promise nothing.
  @Test func noPlansAreOfferedWhereAllBillUsage() async throws {
    let shop = try await Shop("coditect")
    let result = await shop.run("portal configure --json")
    #expect(try JSON(parsing: result.output)["plans"] == [])
    #expect(
      result.errors == """
        warning: no plan can be changed in the portal, as every plan for sale bills usage: it \
        changes subscriptions of one price only; billing upgrade changes the others

        """)
    #expect(
      try await configuration(shop)["features"]?["subscription_update"]?["enabled"] == false)
  }

  @Test func pricesMustBeThere() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.failure("portal configure") == """
        5 invalid_state: Stripe has no price agnostic_team_month; \
        billing plans seed makes the prices of plans.yaml
        """)
  }

  @Test func aLostAnswerIsSettled() async throws {
    let shop = try await shop()
    _ = try await shop.json("portal configure")
    let plans = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      plans.replacing("name: Agnostic\n", with: "name: Agnostic Inc\n"), to: "plans.yaml")
    _ = try await shop.json("sandbox fault add drop_after --path /v1/billing_portal/*/*")
    let failure = try await shop.failure("portal configure --max-retries 0")
    #expect(failure.hasPrefix("11 outcome_unknown: "), "\(failure)")
    let settled = try await shop.json("recover")[at: "data", "0"]
    #expect(settled?["status"] == "done" && settled?["command"] == "portal configure")
    #expect(try await shop.json("portal configure")["action"] == "unchanged")
    _ = try await configuration(shop)
  }

  @Test func theDoctorLooksAtIt() async throws {
    let shop = try await shop()
    func finding() async throws -> String {
      let result = await shop.run("doctor --go-live --json")
      let portal = try JSON(parsing: result.output)["data"]?.array?
        .first { $0["check"] == "portal" }
      return [portal?["check"], portal?["status"], portal?["message"]].map { $0?.string ?? "-" }
        .joined(separator: " ")
    }
    #expect(try await finding() == "portal fault the customer portal is not configured")
    _ = try await shop.json("portal configure")
    #expect(try await finding() == "portal ok as the catalogue says")
  }
}
