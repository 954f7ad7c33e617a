import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct NotifyFlushTests {
  private static let mail = ["SMTP_URL": "smtp://127.0.0.1:1025"]

  /// A line in the sandbox with a mail server, a second after the last one.
  private func run(
    _ shop: Shop, _ line: String, _ environment: [String: String] = mail,
    transport: (any Transport)? = nil
  ) async -> TestWorld.Result {
    shop.world.tick()
    return await shop.world.run(
      ["--sandbox", "--quiet"] + Session.words(of: line), environment: environment,
      transport: transport)
  }

  private func json(_ shop: Shop, _ line: String) async throws -> JSON {
    let result = await run(shop, line + " --json")
    #expect(result.exit == .done && result.errors == "", "\(line): \(result.errors)")
    return try JSON(parsing: result.output)
  }

  private func subscribe(_ shop: Shop, to plan: String = "starter") async throws {
    _ = try await shop.json(
      "subscribe ada@example.com \(plan) --create --payment-method pm_card_visa")
  }

  private func lines(_ shop: Shop) -> [String] { shop.world.mailbox.lines }

  @Test func aSubscriptionsLifeIsTold() async throws {
    let shop = try await Shop("coditect")
    try await subscribe(shop)
    #expect(try await json(shop, "notify flush")["sent"] == 1)
    _ = try await shop.json("upgrade ada@example.com professional")
    _ = try await shop.json("cancel ada@example.com")
    _ = try await json(shop, "notify flush")
    _ = await shop.run("sandbox advance '1 month'")
    _ = try await json(shop, "notify flush")
    #expect(
      lines(shop) == [
        "ada@example.com: [sandbox] Welcome to CODITECT Starter",
        "ada@example.com: [sandbox] Your subscription has changed",
        "ada@example.com: [sandbox] Your subscription to CODITECT Professional is canceled",
        "ada@example.com: [sandbox] Your subscription to CODITECT Professional is canceled",
      ])
    #expect(try await json(shop, "notify flush")["sent"] == 0)
  }

  @Test func aPaymentThatFailsAndIsMade() async throws {
    let shop = try await Shop("coditect")
    try await subscribe(shop)
    _ = try await json(shop, "notify flush")
    _ = try await shop.json(
      "payment-method attach ada@example.com pm_card_chargeCustomerFail --default")
    _ = await shop.run("sandbox advance '1 month'")
    _ = await shop.run("sandbox advance 2h")
    _ = try await json(shop, "notify flush")
    let failed = try #require(shop.world.mailbox.messages.last)
    #expect(failed.subject == "[sandbox] Your payment of $19.00 has failed")
    #expect(failed.text.contains("\nYour bank declined the payment. Please ask your bank, or pay "))
    #expect(failed.text.contains("\nWe shall try again on December "))
    _ = try await shop.json("payment-method attach ada@example.com pm_card_visa --default")
    _ = try await shop.json("invoice retry ada@example.com")
    _ = try await json(shop, "notify flush")
    #expect(
      lines(shop).last == "ada@example.com: [sandbox] We have received your payment of $19.00")
  }

  @Test func aDryRunShowsTheMessagesAndSendsNone() async throws {
    let shop = try await Shop("coditect")
    try await subscribe(shop)
    let shown = await run(shop, "notify flush --dry-run", [:])
    #expect(shown.exit == .done)
    #expect(
      shown.output.hasPrefix(
        """
        To: ada@example.com
        Subject: [sandbox] Welcome to CODITECT Starter

        Hello ada@example.com,

        you are on CODITECT Starter now.
        It costs $19.00 a month.

        """))
    let plan = try JSON(parsing: await run(shop, "notify flush --dry-run --json", [:]).output)
    #expect(plan.object?.keys == ["dry_run", "requests", "changes", "preview"])
    #expect(plan["preview"]?[0]?["address"] == "ada@example.com")
    #expect(lines(shop) == [])
    #expect(try await json(shop, "notify list")["data"]?[0]?["status"] == "waiting")
    _ = try await json(shop, "notify flush")
    #expect(await run(shop, "notify flush --dry-run").output == "Nothing is to be sent.\n")
  }

  @Test func whatIsNotTakenIsTold() async throws {
    let shop = try await Shop("coditect")
    try await subscribe(shop)
    shop.world.mailbox.answer(["*": .refused(550, "550 no such user")])
    let result = await run(shop, "notify flush")
    #expect(result.exit == .partial)
    #expect(result.output == "0 sent, 1 given up.\n")
    #expect(
      result.errors == """
        warning: subscription_started to ada@example.com: 550 no such user
        error: the only message was not sent
        hint: billing notify list tells why, and when they are tried again

        """)
  }

  @Test func nothingToSendWith() async throws {
    let shop = try await Shop("coditect")
    try await subscribe(shop)
    #expect(
      try await shop.failure("notify flush")
        == "8 missing_channel: nothing is set up to send with; "
        + "set SMTP_URL or SLACK_WEBHOOK_URL; --dry-run shows the messages")
    // In the sandbox nothing leaves this machine.
    let far = await run(
      shop, "notify flush",
      [
        "SMTP_URL": "smtps://ada:password-of-ada@mail.example.com",
        "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x",
      ])
    #expect(far.exit == .configuration)
    #expect(lines(shop) == [])
  }

  @Test func aCatalogueThatTellsNobody() async throws {
    let shop = try await Shop("agnostic")
    try await subscribe(shop, to: "team")
    let result = await run(shop, "notify flush --json")
    #expect(
      try Shop.words(of: result)
        == "8 missing_channel: plans.yaml has no notifications, so nobody is told of anything; "
        + "add notifications: {} and business: { email: … }; see billing notify flush --help")
    #expect(try await json(shop, "notify list")["data"] == [])
  }

  @Test(arguments: [
    ("SMTP_URL", "mail.example.com:very-secret"), ("SMTP_URL", "smtp://a:very-secret@h/x"),
    ("SLACK_WEBHOOK_URL", "http://hooks.slack.com/services/very-secret"),
    ("SLACK_WEBHOOK_URL", "very-secret"),
  ])
  func anAddressThatIsNone(_ name: String, _ value: String) async throws {
    let result = await run(try await Shop("coditect"), "notify flush", [name: value])
    #expect(result.exit == .configuration)
    #expect(result.errors.hasPrefix("error: \(name): it must be"))
    #expect(!result.errors.contains("very-secret"))
  }

  @Test func slackIsPostedTo() async throws {
    let shop = try await Shop("coditect")
    let sink = ScriptedTransport([.response(200, "ok", [:]), .response(404, "no_service", [:])])
    let slack = ["SLACK_WEBHOOK_URL": "http://127.0.0.1:9/services/T0/B0/very-secret"]
    func alert() throws {
      try shop.world.context("--sandbox --quiet").store().write {
        _ = try $0.alert(.drift, topic: "drift", payload: ["count": 2, "example": "sub_1 status"])
      }
    }
    try alert()
    #expect(await run(shop, "notify flush", slack, transport: sink).exit == .done)
    let body = try JSON(parsing: try #require(sink.requests.first).body)
    #expect(
      body["text"]?.string?.hasPrefix(
        "*[sandbox] The mirror differs from Stripe*\nDifferences between this database and "
          + "Stripe: 2, sub_1 status among them.")
        == true)
    _ = await shop.run("sandbox advance 2h")
    try alert()
    let failed = await shop.world.run(
      "--sandbox notify flush --verbose", environment: slack, transport: sink)
    #expect(failed.exit == .partial)
    #expect(failed.errors.contains("drift to Slack: Slack answered 404 no_service"))
    #expect(!failed.errors.contains("very-secret") && !failed.output.contains("very-secret"))
  }

  @Test func operatorsHearOfDriftOnceAnHour() async throws {
    let deaf = try await DeafShop(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    let world = deaf.shop.world
    try world.write(
      world.text(of: "plans.yaml") + """

        business: { email: shop@example.com }
        notifications: { operators: [ops@example.com] }

        """, to: "plans.yaml")
    _ = try await deaf.json("sync")
    let ada = try await deaf.ids("customers")[0]
    try await deaf.call(.post, "customers", ada, parameters: ["name": "Ada King"])
    for _ in 0..<2 { #expect(try await deaf.drift().count == 1) }
    let flush = await world.run(
      "--quiet notify flush --json", environment: Self.mail)
    #expect(flush.exit == .done)
    let told = world.mailbox.messages.filter { $0.to.text == "ops@example.com" }
    #expect(told.map { $0.subject } == ["[test] The mirror differs from Stripe"])
    #expect(told.first?.text.contains(": 1, \(ada) name among them.") == true)
  }
}
