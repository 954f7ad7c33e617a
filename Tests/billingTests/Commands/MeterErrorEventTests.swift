import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

/// Events that tell that usage was reported in vain: the reports are marked, and told anew.
@Suite(.tags(.unit)) struct MeterErrorEventTests {
  private static let type = "v1.billing.meter.error_report_triggered"

  /// A report of ten requests that Stripe took and could not count, and the event that says so.
  private func shop() async throws -> (Shop, event: JSON) {
    let shop = try await Shop("coditect")
    let made = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    let id = made["customer"]?.string ?? "-"
    _ = try await shop.json("usage record ada@example.com ai_requests 10")
    let context = try shop.world.context("--sandbox --quiet")
    let reporting = try await context.usageReporting(try context.catalogue())
    let reports = try reporting.prepare(await reporting.plan(.init(customerID: id)))
    try await shop.call(.delete, "customers", id)
    for report in reports { _ = try await reporting.send(report) }
    let client = try context.client()
    let found = try await client.send(
      StripeRequest(.get, StripePath(segments: ["v2", "core", "events"]))
    ).json
    return (shop, found["data"]?[0] ?? .null)
  }

  /// As a webhook brings it: without what went wrong.
  private func thin(_ event: JSON) -> JSONObject {
    var thin = event.object ?? [:]
    thin["data"] = nil
    return thin
  }

  /// Whether the report is known to count for nothing: then asking Stripe brings nothing new.
  private func isMarked(_ shop: Shop) async throws -> Bool {
    let context = try shop.world.context("--sandbox --quiet")
    let reporting = try await context.usageReporting(try context.catalogue())
    return try await reporting.takeInErrors(ofMeters: reporting.meterIDs()).isEmpty
  }

  private func status(_ shop: Shop, _ event: JSON) async throws -> String {
    let shown = try await shop.json("webhook show \(event["id"]?.string ?? "-")")
    return "\(Cell(shown["status"]).text): \(Cell(shown["error"]).text)"
  }

  /// Hands it to the inbox, as a listener does that has no key.
  private func receive(_ event: JSONObject, _ shop: Shop) throws {
    let context = try shop.world.context("--sandbox --quiet")
    let incoming = try IncomingEvent(Array(JSON.object(event).compact.utf8), verdict: .verified)
    _ = try context.inbox().take([incoming])
  }

  @Test func aWholeEventMarksTheReport() async throws {
    let (shop, event) = try await shop()
    #expect(event["type"]?.string == Self.type)
    try shop.world.write(event.compact, to: "event.json")
    let summary = try await shop.json("webhook replay event.json --no-verify")
    #expect(summary["processed"] == 1)
    #expect(try await isMarked(shop))
    #expect(try await status(shop, event) == "processed: -")
    #expect(try await shop.json("webhook replay event.json --no-verify")["duplicates"] == 1)
  }

  @Test func aThinOneIsReadWhole() async throws {
    let (shop, event) = try await shop()
    try shop.world.write(JSON.object(thin(event)).compact, to: "event.json")
    let summary = try await shop.json("webhook replay event.json --no-verify")
    #expect(summary["processed"] == 1)
    #expect(try await isMarked(shop))
    #expect(try await status(shop, event) == "processed: -")
  }

  /// Without a key it waits, and says for what.
  @Test(arguments: ["webhook retry", "webhook retry ID", "webhook replay --failed"])
  func aThinOneThatCouldNotBeReadIsReadLater(_ line: String) async throws {
    let (shop, event) = try await shop()
    try receive(thin(event), shop)
    #expect(
      try await status(shop, event)
        == "failed: what went wrong with reported usage has to be read from Stripe")
    _ = try await shop.json(line.replacing("ID", with: event["id"]?.string ?? "-"))
    #expect(try await isMarked(shop))
    #expect(try await status(shop, event) == "processed: -")
  }

  @Test func aListenerReadsIt() async throws {
    let (shop, event) = try await shop()
    try receive(thin(event), shop)
    let context = try shop.world.context("--sandbox --quiet")
    for chore in try ListenerChores(context, forwarding: nil).all { _ = await chore() }
    #expect(try await isMarked(shop))
    #expect(try await status(shop, event) == "processed: -")
  }

  @Test func oneThatStripeDoesNotHaveStaysFailed() async throws {
    let (shop, event) = try await shop()
    var other = thin(event)
    other["id"] = "evt_test_nobody"
    try receive(other, shop)
    let context = try shop.world.context("--sandbox --quiet")
    let chores = try ListenerChores(context, forwarding: nil).all
    for _ in 1...2 { for chore in chores { _ = await chore() } }
    #expect(await shop.run("webhook retry").exit == .partial)
    #expect(
      try await status(shop, .object(other))
        == "failed: what went wrong with reported usage has to be read from Stripe")
  }

  @Test func withoutTheEventNobodyKnows() async throws {
    let (shop, _) = try await shop()
    #expect(try await !isMarked(shop))
  }

  @Test func whatIsNotOursIsIgnored() async throws {
    let (_, event) = try await shop()
    let other = try await Shop("coditect")
    for object in [thin(event), event.object ?? [:]] {
      try receive(object, other)
      #expect(try await status(other, event) == "ignored: -")
    }
  }
}
