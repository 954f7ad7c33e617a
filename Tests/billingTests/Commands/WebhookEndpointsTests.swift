import Basics
import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct WebhookEndpointsTests {
  private static let url = "https://app.example.com/hook"

  @Test(arguments: [
    ("list extra", "list", "unexpected 'extra'"),
    ("create", "create", "URL is missing"),
    ("create ftp://x", "create", "URL must be an address (https://…), not 'ftp://x'"),
    (
      "create \(url) --events invoice.*", "create",
      "--events must be types of events (invoice.paid), handled or *, not 'invoice.*'"
    ),
    (
      "create \(url) --events *,invoice.paid", "create",
      "--events * stands alone: it is all of them"
    ),
    ("delete", "delete", "ID is missing"),
    ("delete evt_1", "delete", "ID must be the id of a webhook endpoint (we_…)"),
  ])
  func wordsThatAreWrong(_ words: String, _ command: String, _ message: String) {
    #expect(
      Words.mistake("webhook endpoints \(words)")
        == "\(message); see billing webhook endpoints \(command) --help")
  }

  @Test func itIsSentWhatHasAnEffectAndTellsItsSecretOnce() async throws {
    let shop = try await Shop(seeds: false)
    let made = try await shop.json("webhook endpoints create \(Self.url)")
    #expect(
      made.object?.keys == [
        "id", "url", "status", "enabled_events", "api_version", "description", "livemode",
        "created", "secret",
      ])
    let secret = try #require(made["secret"]?.string)
    #expect(secret.hasPrefix("whsec_"))
    #expect(made["api_version"] == "2026-10-28.endive" && made["status"] == "enabled")
    let types = made["enabled_events"]?.array ?? []
    #expect(types.contains("invoice.paid") && types.contains("billing.meter.created"))
    let list = try await shop.json("webhook endpoints list")
    #expect(list["data"]?.array?.map { $0["id"] } == [made["id"]])
    #expect(!list.compact.contains("whsec_"))
  }

  @Test func anOlderVersionIsAskedForWhatItHas() async throws {
    let shop = try await Shop(seeds: false)
    let made = try await shop.json(
      "webhook endpoints create \(Self.url) --api-version 2024-11-20.acacia")
    let types = made["enabled_events"]?.array ?? []
    #expect(types.contains("invoice.paid") && !types.contains("billing.meter.created"))
    #expect(made["api_version"] == "2024-11-20.acacia")
  }

  @Test func aSecondOneForAnAddressIsAConflict() async throws {
    let shop = try await Shop(seeds: false)
    let id = try await shop.json("webhook endpoints create \(Self.url) --events '*'")["id"]?.string
    #expect(
      try await shop.failure("webhook endpoints create \(Self.url) --events invoice.paid") == """
        5 already_exists: \(id ?? "-") is sent to \(Self.url) already: two would bring every event \
        twice; billing webhook endpoints delete \(id ?? "-") makes room for another one
        """)
  }

  @Test func aTypeThatStripeDoesNotHaveIsItsRefusal() async throws {
    let shop = try await Shop(seeds: false)
    let refusal = try await shop.failure(
      "webhook endpoints create \(Self.url) --events invoice.eaten")
    #expect(refusal.hasPrefix("6 "), "\(refusal)")
  }

  @Test func aDryRunShowsTheRequest() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.dryRun("webhook endpoints create \(Self.url) --events invoice.paid --save")
        == [
          """
          POST /v1/webhook_endpoints {"url":"\(Self.url)","enabled_events":["invoice.paid"],\
          "api_version":"2026-10-28.endive"}
          """
        ])
    #expect(!shop.world.exists(".env"))
  }

  // MARK: The secret

  @Test func savedItIsNotShownAndOnlyTheOwnerMayReadIt() async throws {
    let shop = try await Shop(seeds: false)
    let made = try await shop.json("webhook endpoints create \(Self.url) --save")
    #expect(made["secret"] == .null)
    let text = try shop.world.text(of: ".env")
    #expect(text.wholeMatch(of: /STRIPE_WEBHOOK_SECRET=whsec_\w+\n/) != nil, "\(text)")
    #expect(try Self.mode(of: ".env", shop) == 0o600)
  }

  @Test func aSecretThatIsThereStaysBehindTheNewOne() async throws {
    let shop = try await Shop(seeds: false)
    try shop.world.write(
      "# mine\nA=1\nexport STRIPE_WEBHOOK_SECRET='whsec_old' # of the old endpoint\nB=2",
      to: ".env", mode: 0o640)
    _ = try await shop.json("webhook endpoints create \(Self.url) --save")
    let text = try shop.world.text(of: ".env")
    let lines = text.split(separator: "\n")
    #expect([lines[0], lines[1], lines[3]] == ["# mine", "A=1", "B=2"])
    #expect(
      lines[2].wholeMatch(of: /export STRIPE_WEBHOOK_SECRET=whsec_\w+,whsec_old/) != nil, "\(text)")
    #expect(try Self.mode(of: ".env", shop) == 0o600)
  }

  @Test func whereItCouldNotBeKeptNothingIsMade() async throws {
    let shop = try await Shop(seeds: false)
    try shop.world.write("STRIPE_WEBHOOK_SECRET_FILE=secret.txt\n", to: ".env")
    #expect(
      try await shop.failure("webhook endpoints create \(Self.url) --save") == """
        8 invalid_env: STRIPE_WEBHOOK_SECRET_FILE says where the secret stands, so .env is not the \
        place; leave --save out, and put the secret that is shown into that file
        """)
    #expect(try await shop.json("webhook endpoints list")["data"] == [])
  }

  @Test func theSameKeyBringsTheSameAnswerWithItsSecret() async throws {
    let shop = try await Shop(seeds: false)
    let line = "webhook endpoints create \(Self.url) --idempotency-key one"
    let made = try await shop.json(line)
    #expect(try await shop.json(line) == made)
    shop.world.tick(23 * 3600)
    let later = try await shop.json(line)
    #expect(later["id"] == made["id"] && later["secret"] == .null)
    #expect(try await shop.json("webhook endpoints list")["data"]?.array?.count == 1)
  }

  // MARK: Deleting

  @Test func deletingNeedsAYesAndIsForGood() async throws {
    let shop = try await Shop(seeds: false)
    let id =
      try await shop.json("webhook endpoints create \(Self.url)")["id"]?.string ?? "-"
    #expect(
      try await shop.failure("webhook endpoints delete \(id)") == """
        2 confirmation_required: not confirmed: delete the webhook endpoint \(id); \
        run it again with --yes
        """)
    #expect(
      try await shop.dryRun("webhook endpoints delete \(id)") == [
        "DELETE /v1/webhook_endpoints/\(id) {}"
      ])
    let deleted = try await shop.json("webhook endpoints delete \(id) --yes")
    #expect(deleted["id"]?.string == id && deleted["status"] == "deleted")
    #expect(deleted["url"]?.string == Self.url)
    #expect(
      try await shop.failure("webhook endpoints delete \(id) --yes")
        == "4 not_found: no webhook endpoint \(id); billing webhook endpoints list shows them")
  }

  private static func mode(of path: String, _ shop: Shop) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: shop.world.directory + "/" + path)
    return attributes[.posixPermissions] as? Int
  }
}
