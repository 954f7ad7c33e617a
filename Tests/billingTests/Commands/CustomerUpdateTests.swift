import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CustomerUpdateTests {
  @Test func wordsBecomeChanges() throws {
    let command = try Words.parsed(
      "customer update cus_1 --email a@b.c --name '' --metadata team=", as: CustomerUpdate.self)
    #expect(command.reference == .id("cus_1"))
    #expect(command.fields == CustomerFields(email: "a@b.c", name: "", metadata: ["team": ""]))
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing"),
    ("cus_1", "nothing to change is given"),
    ("cus_1 --email ada", "--email must be an e-mail address"),
    ("cus_1 --email a@@b.c", "--email must be an e-mail address"),
    ("cus_1 --test-clock c", "unknown option --test-clock"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("customer update \(words)")
        == "\(message); see billing customer update --help")
  }

  @Test func whatIsGivenChangesAndTheRestStays() async throws {
    let shop = try await Shop(seeds: false)
    let made = try await shop.json(
      "customer create --email ada@example.com --name Ada --metadata team=north --metadata a=1")
    let id = made["id"]?.string ?? "-"
    #expect(
      try await shop.dryRun("customer update ada@example.com --name 'Ada King' --metadata team=")
        == [#"POST /v1/customers/\#(id) {"name":"Ada King","metadata":{"team":""}}"#])
    #expect(
      try await shop.dryRun("customer update ada@example.com --payment-method pm_1") == [
        """
        POST /v1/customers/\(id) {"invoice_settings":{"default_payment_method":"pm_1"}}
        """
      ])
    let changed = try await shop.json(
      """
      customer update ada@example.com --name 'Ada King' --metadata team= --external-id u-1 \
      --email king@example.com
      """)
    #expect(changed["id"] == made["id"] && changed["name"] == "Ada King")
    #expect(changed["email"] == "king@example.com" && changed["external_id"] == "u-1")
    #expect(changed["metadata"]?["team"] == nil && changed["metadata"]?["a"] == "1")
    #expect(try await shop.json("customer show u-1 --local") == changed)
    let cleared = try await shop.json("customer update u-1 --name ''")
    #expect(cleared["name"] == JSON.null)
  }

  @Test func whatIsNotThere() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.failure("customer update cus_nobody --name A")
        .hasPrefix("4 not_found: no customer cus_nobody;"))
    _ = try await shop.json("customer create --email ada@example.com")
    #expect(
      try await shop.failure("customer update ada@example.com --payment-method pm_nobody")
        .hasPrefix("4 not_found: No such"))
  }
}
