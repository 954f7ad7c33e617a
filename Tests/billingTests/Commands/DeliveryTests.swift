import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct DeliveryTests {
  private func shop(_ events: String = "*") async throws -> Shop {
    let shop = try await Shop()
    _ = try await shop.json("endpoint add https://app.example.com/hook --events '\(events)'")
    return shop
  }

  private func run(
    _ line: String, _ shop: Shop, _ application: Application
  ) async -> TestWorld.Result {
    await shop.world.run(
      ["--sandbox", "--quiet", "--json"] + Session.words(of: line), transport: application)
  }

  /// The types of what is in the log, the oldest first.
  private func log(_ shop: Shop, _ options: String = "") async throws -> [String] {
    (try await shop.json("delivery list \(options)")["data"]?.array ?? [])
      .compactMap { $0["type"]?.string }.reversed()
  }

  private func subscribe(_ shop: Shop, _ email: String = "ada@example.com") async throws {
    _ = try await shop.json("subscribe \(email) team --create --payment-method pm_card_visa")
  }

  @Test func whatACommandBringsAboutIsTold() async throws {
    let shop = try await shop()
    try await subscribe(shop)
    #expect(
      try await log(shop).sorted() == [
        "invoice.created", "invoice.paid", "payment_intent.succeeded", "payment_method.attached",
        "subscription.created",
      ])
    _ = try await shop.json("upgrade ada@example.com enterprise")
    _ = try await shop.json("cancel ada@example.com --now --yes")
    #expect(
      try await log(shop).filter { $0.hasPrefix("subscription") } == [
        "subscription.created", "subscription.updated", "subscription.canceled",
      ])
  }

  /// The renewals, each an hour after its period's begin, as they come, and each once.
  @Test func whatTimeBringsIsTold() async throws {
    let shop = try await shop("invoice.paid")
    try await subscribe(shop)
    _ = await shop.run("sandbox advance '3 months'")
    _ = await shop.run("sandbox advance '2 hours'")
    #expect(try await log(shop) == Array(repeating: "invoice.paid", count: 4))
  }

  @Test func aPaymentThatFailsAndRecoversIsTold() async throws {
    let shop = try await shop("invoice.payment_*")
    try await subscribe(shop)
    _ = try await shop.json(
      "payment-method attach ada@example.com pm_card_chargeCustomerFail --default")
    _ = await shop.run("sandbox advance '32 days'")
    #expect(try await log(shop).first == "invoice.payment_failed")
    _ = try await shop.json("payment-method attach ada@example.com pm_card_visa --default")
    _ = try await shop.json("invoice retry ada@example.com")
    #expect(try await log(shop).last == "invoice.payment_recovered")
    #expect(try await log(shop).count { $0 == "invoice.payment_recovered" } == 1)
  }

  @Test func theLogIsNarrowedDown() async throws {
    let shop = try await shop("subscription.created")
    try await subscribe(shop)
    try await subscribe(shop, "bob@example.com")
    #expect(try await log(shop, "--customer bob@example.com").count == 1)
    #expect(try await log(shop, "--status delivered") == [])
    #expect(try await log(shop, "--status pending").count == 2)
    let first = try await shop.json("delivery list --limit 1")
    #expect(first["has_more"] == true && first["data"]?.array?.count == 1)
    #expect(first["data"]?[0]?.object?.keys == DeliveryView.keys)
    #expect(
      try await shop.failure("delivery list --endpoint ep_none")
        == "4 not_found: no endpoint 'ep_none'; billing endpoint list shows their ids")
    #expect(
      Words.mistake("delivery list --status dead")
        == "--status must be pending, delivered or failed, not 'dead'; "
        + "see billing delivery list --help")
  }

  // MARK: Sending

  @Test func whatIsPendingIsSentOnce() async throws {
    let shop = try await shop("subscription.*")
    try await subscribe(shop)
    let application = Application()
    let sent = await run("delivery retry", shop, application)
    #expect(sent.exit == .done)
    #expect(try JSON(parsing: sent.output)["data"]?[0]?["status"] == "delivered")
    let body = try JSON(parsing: try #require(application.seen.first).body)
    #expect(body["type"] == "subscription.created" && body["data"]?["plan"] == "team")
    let again = await run("delivery retry", shop, application)
    #expect(again.exit == .done && application.seen.count == 1)
  }

  @Test func whatIsNotTakenWaitsForItsTurnOrForSomebodyToAsk() async throws {
    let shop = try await shop("subscription.created")
    try await subscribe(shop)
    let application = Application(status: 500)
    let failed = await run("delivery retry", shop, application)
    #expect(
      try Shop.words(of: failed)
        == "10 partial: the only message is not delivered; billing delivery list tells why; "
        + "webhook listen goes on with them by itself")
    let row = try await shop.json("delivery list")["data"]?[0]
    #expect(row?["status"] == "pending" && row?["http_status"] == 500)
    #expect(row?["error"] == "answered 500" && row?["attempts"] == 1)
    application.answer(204)
    #expect(await run("delivery retry", shop, application).exit == .done)
    #expect(try await log(shop, "--status delivered") == ["subscription.created"])
  }

  /// Who stops it sees what was sent until then, and is not told that there was nothing.
  @Test func whatWasSentIsShownWhenItIsStopped() async throws {
    let shop = try await shop("subscription.created,payment_intent.succeeded")
    try await subscribe(shop)
    let stop = ScriptedTransport.Answer.failure(
      TransportError(kind: .canceled, mayHaveReachedServer: true, detail: "stopped"))
    func retry(_ script: [ScriptedTransport.Answer]) async -> TestWorld.Result {
      await shop.world.run("--sandbox delivery retry", transport: ScriptedTransport(script))
    }
    let none = await retry([stop])
    #expect(none.exit == .interrupted && none.output == "")
    #expect(!none.errors.contains("nothing is to be sent"))
    let one = await retry([.response(204, "", [:]), stop])
    #expect(one.exit == .interrupted && one.output.contains("subscription.created"))
    #expect(!one.output.contains("payment_intent.succeeded"))
  }

  @Test func oneIsSentByItsID() async throws {
    let shop = try await shop("subscription.created")
    try await subscribe(shop)
    try await subscribe(shop, "bob@example.com")
    let id = try await shop.json("delivery list")["data"]?[0]?["id"]?.string ?? "-"
    let application = Application()
    let sent = await run("delivery retry \(id)", shop, application)
    #expect(sent.exit == .done && application.seen.count == 1)
    #expect(application.seen.first?.headers["webhook-id"] == id)
    #expect(
      try Shop.words(of: await run("delivery retry \(id)", shop, application))
        == "5 invalid_state: \(id) was delivered to https://app.example.com/hook already; "
        + "billing delivery retry \(id) --again sends it once more")
    #expect(await run("delivery retry \(id) --again", shop, application).exit == .done)
    #expect(application.seen.map { $0.body }.count == 2)
    #expect(
      try Shop.words(of: await run("delivery retry msg_none", shop, application))
        == "4 not_found: no delivery 'msg_none'; billing delivery list shows their ids")
  }

  @Test func aDryRunSendsNothing() async throws {
    let shop = try await shop("subscription.created")
    try await subscribe(shop)
    let application = Application()
    let planned = await run("delivery retry --dry-run", shop, application)
    #expect(try JSON(parsing: planned.output)["changes"]?.array?.count == 1)
    #expect(application.seen.isEmpty)
  }

  @Test func thresholdsOfUseAreTold() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.json("endpoint add https://app.example.com/hook --events 'usage.*'")
    _ = try await shop.json(
      "subscribe ada@example.com starter --create --payment-method pm_card_visa")
    _ = try await shop.json("usage record ada@example.com ai_requests 1250")
    _ = try await shop.json("usage alerts --notify")
    _ = try await shop.json("usage alerts --notify")
    #expect(
      try await log(shop) == [
        "usage.threshold_reached", "usage.threshold_reached", "usage.overage",
      ])
  }
}
