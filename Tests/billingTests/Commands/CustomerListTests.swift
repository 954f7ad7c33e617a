import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CustomerListTests {
  @Test func wordsBecomeFilters() throws {
    let command = try Words.parsed(
      "customer list --email a@b.c --plan team --status past_due --limit 5", as: CustomerList.self)
    #expect(command.email == "a@b.c" && command.plan == "team" && command.status == "past_due")
    #expect(command.limit == 5)
    #expect(try Words.parsed("customer list", as: CustomerList.self).limit == 100)
    #expect(try Words.parsed("customer list --all", as: CustomerList.self).limit == nil)
  }

  @Test(arguments: [
    ("--limit 0", "--limit must be from 1 to 100000, not 0;"),
    ("--limit many", "--limit must be a whole number, not 'many';"),
    ("--limit 5 --all", "--limit and --all exclude each other;"),
    (
      "--status actve",
      """
      --status must be none, active, trialing, past_due, unpaid, paused, incomplete, \
      incomplete_expired or canceled, not 'actve'; did you mean active?
      """
    ),
    ("ada@example.com", "unexpected 'ada@example.com';"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("customer list \(words)") == "\(message) see billing customer list --help")
  }

  /// Three customers, of whom two are subscribed.
  private func shop() async throws -> Shop {
    let shop = try await Shop()
    for line in [
      "customer create --email one@example.com",
      "subscribe two@example.com team --create --payment-method pm_card_visa",
      "subscribe three@example.com enterprise --create",
    ] { _ = try await shop.json(line) }
    return shop
  }

  private func emails(_ list: JSON) -> [String] {
    (list["data"]?.array ?? []).map { $0["email"]?.string ?? "-" }
  }

  @Test(arguments: [
    ("", ["three@example.com", "two@example.com", "one@example.com"]),
    ("--email two@example.com", ["two@example.com"]),
    ("--plan team", ["two@example.com"]),
    ("--plan free", ["three@example.com", "one@example.com"]),
    ("--status active", ["two@example.com"]),
    ("--status incomplete", ["three@example.com"]),
    ("--status past_due", []),
  ])
  func filters(_ words: String, _ expected: [String]) async throws {
    let shop = try await shop()
    for option in ["", " --local"] {
      let list = try await shop.json("customer list \(words)\(option)")
      #expect(emails(list) == expected, "\(words)\(option)")
      #expect(list["has_more"] == false)
    }
  }

  @Test func noneIsForTheMirror() async throws {
    let shop = try await shop()
    #expect(
      try await shop.failure("customer list --status none")
        == "2 usage: only the mirror knows who has no subscription; add --local")
    #expect(
      emails(try await shop.json("customer list --status none --local")) == ["one@example.com"])
  }

  @Test func aLimitLeavesARest() async throws {
    let shop = try await shop()
    for option in ["", " --local"] {
      let two = try await shop.json("customer list --limit 2" + option)
      #expect(emails(two) == ["three@example.com", "two@example.com"])
      #expect(two["has_more"] == true)
      let three = try await shop.json("customer list --limit 3" + option)
      #expect(three["has_more"] == false)
      #expect(emails(try await shop.json("customer list --all" + option)).count == 3)
    }
  }

  @Test func formats() async throws {
    let shop = try await shop()
    let lines = await shop.run("customer list --format jsonl").output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(try lines.map { try JSON(parsing: String($0))["status"] } == ["incomplete", "active", "none"])
    let csv = await shop.run("customer list --email one@example.com --format csv").output
    #expect(
      csv.replacing("\r\n", with: "\n").split(separator: "\n").first == """
        id,email,name,external_id,plan,status,balance,currency,delinquent,metadata,created,deleted
        """)
    let empty = await shop.world.run("--sandbox customer list --plan team --status trialing")
    #expect(empty.output == "" && empty.errors.hasSuffix("note: no customers\n"))
  }

  @Test func aPlanThatIsNone() async throws {
    #expect(
      try await shop().failure("customer list --plan teem")
        == "4 not_found: there is no plan 'teem'; did you mean team?")
  }
}
