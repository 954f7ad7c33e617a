import Basics
import BillingCore
import Stripe
import StripeSandbox
import Testing

@testable import billing

/// `webhook replay` without files: from Stripe, from the inbox, and handed on.
@Suite(.tags(.unit)) struct WebhookReplaySourcesTests {
  private static let url = "http://127.0.0.1:3000/hook"

  @Test(arguments: [
    ("", "say what is to be replayed: FILE, --from-stripe, --failed, --id or another filter"),
    ("a.json --from-stripe", "FILE and --from-stripe exclude each other"),
    ("a.json --failed", "--failed is for events of the inbox or of Stripe"),
    ("--failed --no-verify", "--signature and --no-verify are for files"),
    (
      "--failed --forward-to ftp://x",
      "--forward-to 'ftp://x': it must be an http or https address"
    ),
    (
      "--failed --forward-to http://169.254.169.254/x",
      "--forward-to 'http://169.254.169.254/x': a link-local address is never sent anything"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("webhook replay \(words)")
        == "\(message); see billing webhook replay --help")
  }

  /// A shop whose Stripe is the sandbox, and a state database that has heard nothing of it yet.
  private func stripe(_ lines: String...) async throws -> (shop: Shop, transport: SandboxTransport)
  {
    let shop = try await Shop()
    for line in lines { _ = try await shop.json(line) }
    let sandbox = try shop.world.context("--sandbox --quiet").sandbox()
    return (shop, SandboxTransport(sandbox: sandbox))
  }

  private func run(
    _ line: String, _ shop: Shop, _ transport: any Transport, isSandbox: Bool = false
  ) async -> TestWorld.Result {
    await shop.world.run(
      (isSandbox ? ["--sandbox"] : []) + ["--json", "--quiet"] + Session.words(of: line),
      environment: [
        "STRIPE_SECRET_KEY": isSandbox ? "" : SandboxTransport.key,
        "STRIPE_API_BASE": SandboxTransport.baseURL, "STRIPE_WEBHOOK_SECRET": "whsec_one",
      ], transport: transport)
  }

  private func figures(_ result: TestWorld.Result) throws -> String {
    guard !result.output.isEmpty else { return try Shop.words(of: result) }
    let figures = (try JSON(parsing: result.output).object ?? [:]).members.filter {
      $0.value.integer ?? 0 > 0 && $0.key != "events_per_second"
    }
    return
      (figures.map { "\($0.key) \($0.value.compact)" }
      + (result.exit == .done ? [] : ["exit \(result.exit.rawValue)"])).joined(separator: " ")
  }

  // MARK: Reading again

  @Test func whatWasAppliedIsReadAgainWhenWanted() async throws {
    let (shop, transport) = try await stripe("customer create --email ada@example.com")
    let reads = { (words: [String]) async in
      let result = await shop.world.run(
        ["--json", "--verbose", "webhook", "replay", "--from-stripe", "--force"] + words,
        environment: [
          "STRIPE_SECRET_KEY": SandboxTransport.key, "STRIPE_API_BASE": SandboxTransport.baseURL,
        ], transport: transport)
      #expect(result.exit == .done, "\(result.errors)")
      return result.errors.split(separator: "\n").count { $0.contains("GET /v1/customers/cus_") }
    }
    #expect(await reads([]) == 0)
    #expect(await reads(["--refetch"]) == 1)
    // Nothing is left in doubt.
    #expect(await reads(["--refetch", "--type", "invoice.paid"]) == 0)
  }

  // MARK: From Stripe

  @Test func whatStripeListsIsAppliedOnce() async throws {
    let (shop, transport) = try await stripe(
      "subscribe ada@example.com team --create --payment-method pm_card_visa",
      "cancel ada@example.com")
    let line = "webhook replay --from-stripe --type customer.subscription.*"
    let first = await run(line, shop, transport)
    #expect(first.exit == .done, "\(first.errors)")
    let json = try JSON(parsing: first.output)
    let listed = try await shop.call(
      .get, "events", parameters: ["type": "customer.subscription.*", "limit": 100])
    let count = listed["data"]?.array?.count ?? 0
    #expect(count >= 2 && json["processed"] == JSON(count) && json["verified"] == 0)
    let again = try JSON(parsing: await run(line, shop, transport).output)
    #expect(again["duplicates"] == JSON(count) && again["processed"] == 0)
    let mirrored = await run("subscription list --local", shop, transport)
    let real = try await shop.json("subscription list --local")
    #expect(try JSON(parsing: mirrored.output)["data"]?.array?.count == real["data"]?.array?.count)
  }

  @Test func oneIsAskedForByItsID() async throws {
    let (shop, transport) = try await stripe("customer create --email ada@example.com")
    let events = try await shop.call(.get, "events")["data"]?.array ?? []
    let id = events.first { $0["type"] == "customer.created" }?["id"]?.string ?? "-"
    let result = await run("webhook replay --from-stripe --id \(id)", shop, transport)
    #expect(try figures(result) == "read 1 processed 1")
    #expect(
      try figures(await run("webhook replay --from-stripe --id evt_none", shop, transport))
        == "4 not_found: no event evt_none at Stripe; Stripe keeps events for 30 days")
  }

  @Test func withoutAKeyStripeIsNotAsked() async throws {
    let world = try TestWorld()
    let result = await world.run("webhook replay --from-stripe --json --quiet")
    #expect(try Shop.words(of: result).hasPrefix("8 missing_key: there is no Stripe key"))
  }

  @Test func whatIsTooOldIsSaid() async throws {
    let (shop, transport) = try await stripe()
    let result = await shop.world.run(
      "webhook replay --from-stripe --since 40d --json",
      environment: [
        "STRIPE_SECRET_KEY": SandboxTransport.key, "STRIPE_API_BASE": SandboxTransport.baseURL,
      ], transport: transport)
    #expect(
      result.errors
        == "note: Stripe lists the events of the last 30 days; older ones are not to be had\n")
  }

  // MARK: From the inbox

  @Test func theInboxIsReplayedByFilter() async throws {
    let (shop, transport) = try await stripe("customer create --email ada@example.com")
    let line = "webhook replay --type customer.created"
    #expect(
      try figures(await run(line, shop, transport, isSandbox: true)) == "read 1 duplicates 1")
    #expect(
      try figures(await run(line + " --force", shop, transport, isSandbox: true))
        == "read 1 processed 1")
    #expect(
      try figures(await run("webhook replay --failed", shop, transport, isSandbox: true)) == "")
    let missing = await run("webhook replay --id evt_none", shop, transport, isSandbox: true)
    #expect(try figures(missing).hasPrefix("4 not_found: no event evt_none"))
  }

  // MARK: Handed on

  private func forwarded(_ result: TestWorld.Result) throws -> String {
    guard !result.output.isEmpty else { return try Shop.words(of: result) }
    return try JSON(parsing: result.output)["forwarded"]?.compact ?? "-"
  }

  private func report(
    _ delivered: Int, before: Int = 0, failed: Int = 0, waiting: Int = 0
  ) -> String {
    """
    {"url":"\(Self.url)","delivered":\(delivered),"already_delivered":\(before),\
    "failed":\(failed),"waiting":\(waiting)}
    """
  }

  @Test func eventsAreHandedOnOnce() async throws {
    let (shop, _) = try await stripe("customer create --email ada@example.com")
    let application = Application()
    let line = "webhook replay --type customer.* --forward-to \(Self.url)"
    let first = await run(line, shop, application, isSandbox: true)
    #expect(try forwarded(first) == report(1) && first.exit == .done, "\(first.errors)")
    let again = await run(line, shop, application, isSandbox: true)
    #expect(try forwarded(again) == report(0, before: 1))
    let forced = await run(line + " --force", shop, application, isSandbox: true)
    #expect(try forwarded(forced) == report(1))
    #expect(application.seen.count == 2)
    for request in application.seen {
      try WebhookSignature.verify(
        payload: request.body, header: request.headers["Stripe-Signature"] ?? "",
        secrets: [Secret("whsec_one")], toleranceSeconds: nil, now: TestWorld.start)
    }
  }

  @Test func whatIsNotTakenIsAPartOfTheBatchThatFailed() async throws {
    let (shop, _) = try await stripe(
      "customer create --email ada@example.com",
      "customer update ada@example.com --name Ada")
    let application = Application(status: 404)
    let line = "webhook replay --type customer.* --forward-to \(Self.url)"
    let result = await run(line, shop, application, isSandbox: true)
    #expect(try forwarded(result) == report(0, failed: 1, waiting: 1))
    #expect(result.exit == .partial && application.seen.count == 1)
    #expect(result.errors.contains("were not delivered to \(Self.url)"))
    application.answer(200)
    #expect(try forwarded(await run(line, shop, application, isSandbox: true)) == report(2))
  }

  @Test func aLimitIsOfWhatIsHandedOn() async throws {
    let (shop, _) = try await stripe(
      "customer create --email ada@example.com",
      "customer update ada@example.com --name Ada")
    let application = Application()
    let line = "webhook replay --type customer.* --limit 1 --forward-to \(Self.url)"
    let result = await run(line, shop, application, isSandbox: true)
    #expect(try forwarded(result) == report(1) && application.seen.count == 1)
  }

  @Test func withoutASecretNothingIsHandedOn() async throws {
    let (shop, _) = try await stripe("customer create --email ada@example.com")
    #expect(
      try await shop.failure("webhook replay --type customer.* --forward-to \(Self.url)") == """
        8 missing_key: events cannot be signed without STRIPE_WEBHOOK_SECRET; \
        set it to the secret that the application verifies with
        """)
  }

  @Test func aDryRunHandsNothingOn() async throws {
    let (shop, _) = try await stripe("customer create --email ada@example.com")
    let application = Application()
    let result = await run(
      "webhook replay --type customer.* --force --dry-run --forward-to \(Self.url)", shop,
      application, isSandbox: true)
    #expect(result.exit == .done && application.seen.isEmpty)
  }
}
