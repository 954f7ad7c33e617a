import Basics
import BillingCore
import Foundation
import Stripe
import Testing

@testable import billing

/// `doctor --go-live`: the launch, ticked off.
@Suite(.tags(.unit)) struct DoctorGoLiveTests {
  private static let live = [
    "STRIPE_SECRET_KEY": "rk_live_abcdefghijkl", "STRIPE_WEBHOOK_SECRET": "whsec_a",
    "FRONTEND_URL": "https://app.example.com",
  ]

  /// `check status: message` of what --go-live adds.
  private func findings(
    _ environment: [String: String], _ answers: [ScriptedTransport.Answer], in world: TestWorld
  ) async throws -> (result: TestWorld.Result, lines: [String]) {
    let transport = ScriptedTransport(answers)
    let result = await world.run(
      "doctor --go-live --json", environment: environment, transport: transport)
    #expect(transport.rest == 0)
    let rows = try JSON(parsing: result.output)["data"]?.array ?? []
    let first = rows.firstIndex { $0["check"] == "live_key" } ?? rows.endIndex
    return (
      result,
      rows[first...].map { row in
        "\(row["check"]?.string ?? "-") \(row["status"]?.string ?? "-"): "
          + (row["message"]?.string ?? "-")
      }
    )
  }

  @Test func nothingIsReady() async throws {
    let environment = DoctorTests.key.merging(["FRONTEND_URL": "http://app.example.com"]) { $1 }
    let account = DoctorTests.account(
      """
      {"id":"acct_1","charges_enabled":false,"payouts_enabled":false,"requirements":
      {"past_due":["external_account"],"currently_due":["external_account"]}}
      """)
    let (result, lines) = try await findings(
      environment, [account, DoctorTests.noEndpoint], in: TestWorld())
    #expect(
      lines == [
        "live_key fault: this is not a live key",
        "live_webhook_secret fault: STRIPE_WEBHOOK_SECRET is not set",
        "return_url fault: FRONTEND_URL is not https",
        "account fault: Stripe does not let this account charge yet",
        "account fault: Stripe does not pay out to this account yet",
        "account fault: overdue: external_account",
        "statement_descriptor warning: nothing stands on customers' card statements",
        "webhook_endpoint fault: Stripe has no endpoint to send events to",
        "catalogue fault: there is no plan catalogue that can be used",
        "webhook_received warning: no verified webhook has come in yet",
        "backup fault: the database was never backed up",
      ])
    #expect(result.exit == .configuration)
  }

  @Test func theAccountAndTheEndpoint() async throws {
    let account = DoctorTests.account(
      """
      {"id":"acct_1","charges_enabled":true,"payouts_enabled":true,"requirements":
      {"past_due":[],"currently_due":["business_profile.url"]},
      "settings":{"payments":{"statement_descriptor":"ADA INC"}}}
      """)
    let heard = HandledEvents.types.filter { $0 != "invoice.paid" }
    let (_, lines) = try await findings(
      Self.live, [account, DoctorTests.endpoint(events: heard)], in: TestWorld())
    #expect(
      lines == [
        "live_key ok: a restricted live key", "return_url ok: https://app.example.com",
        "account warning: due: business_profile.url", "statement_descriptor ok: ADA INC",
        "webhook_endpoint fault: no endpoint hears of invoice.paid",
        "catalogue fault: there is no plan catalogue that can be used",
        "webhook_received warning: no verified webhook has come in yet",
        "backup fault: the database was never backed up",
      ])
  }

  /// The sandbox answers as Stripe does; that it is not live is all that is left.
  @Test func aLaunchIsTickedOffStepByStep() async throws {
    let shop = try await Shop(seeds: false)
    let checks = { () async throws -> [String] in
      let result = await shop.run("doctor --go-live --json")
      return try (JSON(parsing: result.output)["data"]?.array ?? [])
        .filter { ["catalogue", "portal", "backup"].contains($0["check"]?.string) }
        .map { "\($0["check"]?.string ?? "-") \($0["status"]?.string ?? "-")" }
    }
    #expect(try await checks() == ["catalogue fault", "portal fault", "backup fault"])
    _ = try await shop.json("plans seed")
    #expect(try await checks() == ["catalogue ok", "portal fault", "backup fault"])
    _ = try await shop.json("portal configure")
    #expect(try await checks() == ["catalogue ok", "portal ok", "backup fault"])
    _ = try await shop.json("db backup copy.db")
    #expect(try await checks() == ["catalogue ok", "portal ok", "backup ok"])
    shop.world.tick(7 * 86_400)
    #expect(try await checks() == ["catalogue ok", "portal ok", "backup warning"])
  }

  @Test func webhooksHaveComeIn() async throws {
    let world = try TestWorld()
    let store = try Store.open(
      at: world.directory + "/billing.db", now: { TestWorld.start })
    let body = #"""
      {"id":"evt_1","object":"event","type":"customer.created","created":1795168000,
      "livemode":true,"api_version":"2026-10-28.endive","data":{"object":{"id":"cus_1",
      "object":"customer","created":1795168000,"livemode":true,"metadata":{}}}}
      """#
    _ = try Inbox(store: store, mirror: world.context().mirror())
      .take([IncomingEvent(Array(body.utf8), verdict: .verified)])
    let (_, lines) = try await findings(
      Self.live, [DoctorTests.account(), DoctorTests.endpoint()], in: world)
    #expect(lines.contains("webhook_received ok: the last one at 2026-11-20 10:00"))
  }
}
