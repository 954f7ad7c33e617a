import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ApikeyRevokeTests {
  @Test(arguments: [
    ("", "ID is missing"), ("key_1 x", "unexpected 'x'"),
    (
      "cdt_test_0123", "ID is a key's id (key_…); the key itself does not belong on a command line"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("apikey revoke \(words)") == "\(message); see billing apikey revoke --help")
  }

  @Test func itNeedsAYesAndIsForGood() async throws {
    let shop = try await Shop("coditect")
    let id = try await shop.key("--name ci")["id"]?.string ?? "-"
    #expect(
      try await shop.failure("apikey revoke \(id)") == """
        2 confirmation_required: not confirmed: revoke the API key \(id) (ci) for good; \
        run it again with --yes
        """)
    #expect(try await shop.dryRun("apikey revoke \(id)") == [])
    let revoked = try await shop.json("apikey revoke \(id) --yes")
    #expect(revoked.object?.keys == ContractTests.apiKey)
    #expect(revoked["active"] == false && revoked["revoked_at"] == "2026-11-20T10:00:06Z")
    #expect(try await shop.json("apikey revoke \(id) --yes") == revoked)
  }

  @Test func whatNobodyKnows() async throws {
    let shop = try await Shop("coditect")
    #expect(
      try await shop.failure("apikey revoke key_none --yes") == """
        4 not_found: no API key 'key_none'; billing apikey list CUSTOMER shows their ids
        """)
  }
}
