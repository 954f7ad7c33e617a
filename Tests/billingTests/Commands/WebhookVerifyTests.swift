import Basics
import Stripe
import Synchronization
import Testing

@testable import billing

/// `webhook sign` and `webhook verify`: what the one signs the other verifies.
@Suite(.tags(.unit)) struct WebhookVerifyTests {
  private let world: TestWorld
  private let body =
    #"{"id":"evt_1","object":"event","type":"customer.created","created":100,"#
    + #""livemode":false,"api_version":null,"data":{"object":{"id":"cus_1","object":"customer"}}}"#

  init() throws {
    world = try TestWorld()
    try world.write(body, to: "body.json")
  }

  private func run(
    _ line: String, secrets: String? = "whsec_new, whsec_old", input: String = ""
  ) async -> TestWorld.Result {
    let environment = secrets.map { ["STRIPE_WEBHOOK_SECRET": $0] } ?? [:]
    return await world.run(
      Session.words(of: line), environment: environment, input: input)
  }

  private func header(secrets: String = "whsec_old") async -> String {
    await String(run("webhook sign body.json", secrets: secrets).output.dropLast())
  }

  private func failure(_ line: String, secrets: String? = "whsec_new") async throws -> String {
    try Shop.words(of: await run(line + " --json", secrets: secrets))
  }

  @Test(arguments: [
    ("verify", "FILE is missing;"), ("verify body.json", "--signature is missing;"),
    (
      "verify body.json --signature t=1,v1=2 --tolerance 0",
      "--tolerance must be at least 1, not 0;"
    ),
    ("sign", "FILE is missing;"), ("sign a b", "unexpected 'b';"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    let command = words.prefix { $0 != " " }
    let said = Words.mistake("webhook \(words)")
    #expect(said == "\(message) see billing webhook \(command) --help")
  }

  @Test func oneOfTheSecretsSignedIt() async throws {
    let header = await header()
    let time = world.clock.withLock { $0 }
    #expect(
      header
        == WebhookSignature.sign(
          payload: Array(body.utf8), secret: Secret("whsec_old"), at: time))
    let verified = await run("webhook verify body.json --signature \(header) --json")
    #expect(
      try JSON(parsing: verified.output) == [
        "verified": true, "id": "evt_1", "type": "customer.created",
        "timestamp": .string(time.iso8601),
      ])
    let fromInput = await run("webhook verify - --signature \(header)", input: body)
    #expect(fromInput.output.hasPrefix("verified  yes\nid        evt_1\n"))
    let words = await run("webhook sign - --json", input: body)
    #expect(try JSON(parsing: words.output)["timestamp"]?.string == time.iso8601)
  }

  /// A comma too many is no secret, and nothing is signed with nothing.
  @Test func blanksAreNoSecrets() async throws {
    let header = await header(secrets: " , ,whsec_old,")
    #expect(await self.header() == header)
    #expect(try await failure("webhook sign body.json", secrets: " , ").hasPrefix("8 missing_key"))
    #expect(
      try await failure("webhook listen --port 0", secrets: " , ").hasPrefix("8 missing_key"))
  }

  @Test func whatIsSignedNeedNotBeAnEvent() async throws {
    try world.write("{}", to: "body.json")
    let result = await run("webhook verify body.json --signature \(await header())")
    #expect(
      result.exit == .done && result.output.hasSuffix("What was signed is no event of Stripe's.\n"))
  }

  @Test func whyItIsNotBelieved() async throws {
    let header = await header()
    let verify = "webhook verify body.json --signature"
    #expect(
      try await failure("\(verify) \(header)")
        == "9 signature: no signature matches: another secret, or a body that was changed; "
        + "the body must be byte for byte as it came: an editor may have added a line end")
    #expect(
      try await failure("\(verify) 'Stripe-Signature: \(header)'")
        == "9 signature: the signature header has no time (t=) that can be read; "
        + "it is what follows Stripe-Signature: t=1492774577,v1=5257a869…")
    #expect(
      try await failure("\(verify) t=1,v0=00")
        == "9 signature: the signature header has no signature of the scheme v1")
    world.tick(300)
    #expect(await run("\(verify) \(header)").exit == .done)
    world.tick()
    #expect(
      try await failure("\(verify) \(header)", secrets: "whsec_old")
        == "9 signature: the signature is too old")
    #expect(await run("\(verify) \(header) --tolerance 301").exit == .done)
    world.tick(-602)
    #expect(
      try await failure("\(verify) \(header)", secrets: "whsec_old")
        == "9 signature: the signature lies in the future")
  }

  /// It signs with its own where none is set, and believes that.
  @Test func theSandboxHasASecret() async throws {
    let shop = try await Shop(seeds: false)
    let event =
      #"{"id":"evt_1","object":"event","type":"balance.available","created":100,"#
      + #""livemode":false,"data":{"object":{"object":"balance"}}}"#
    try shop.world.write(event, to: "body.json")
    let header = try await shop.json("webhook sign body.json")["header"]?.string ?? "-"
    let verified = try await shop.json("webhook verify body.json --signature \(header)")
    #expect(verified["verified"] == true)
    let replayed = try await shop.json("webhook replay body.json --signature \(header)")
    #expect(replayed["verified"] == 1 && replayed["ignored"] == 1)
  }

  @Test func withoutSecretOrFile() async throws {
    let missing =
      "8 missing_key: there is no webhook secret; "
      + "set STRIPE_WEBHOOK_SECRET to the endpoint's secret, whsec_…"
    #expect(try await failure("webhook sign body.json", secrets: nil) == missing)
    #expect(
      try await failure("webhook verify body.json --signature t=1,v1=00", secrets: nil) == missing)
    #expect(
      try await failure("webhook sign none.json") == "4 not_found: none.json: no such file")
  }
}
