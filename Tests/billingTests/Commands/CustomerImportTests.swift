import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CustomerImportTests {
  @Test(arguments: [
    ("", "FILE is missing; see billing customer import --help"),
    ("a.csv b.csv", "unexpected 'b.csv'; see billing customer import --help"),
    (
      "a.csv --idempotency-key k",
      """
      --idempotency-key cannot stand for a batch; each line has its own key; \
      see billing customer import --help
      """
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ line: String) {
    #expect(Words.mistake("customer import \(words)") == line)
  }

  /// A file that is no table of customers: nothing is done.
  @Test(arguments: [
    (
      "email\na@b.c\n",
      "2 usage: c.csv:1: there is no column external_id; the first line names "
        + "the columns: external_id,email,name,description,metadata.KEY"
    ),
    ("external_id,emial\n", "2 usage: c.csv:1: unknown column 'emial'; did you mean email?"),
    ("external_id,name,name\n", "2 usage: c.csv:1: the column 'name' stands twice"),
    (
      "external_id,name\nu-1,\"Ada\nu-2,Bob\n",
      "2 usage: c.csv is no CSV file: a quote does not end where it should"
    ),
    (
      "external_id,name\nu-1,\"A \"\"x\"\"\nu-2,B",
      "2 usage: c.csv is no CSV file: a quote does not end where it should"
    ),
    (
      "external_id,metadata.4242424242424242\nu-1,x\n",
      "2 usage: c.csv:1: a column has a card number for a name"
    ),
    (
      "external_id,email\n",
      "2 usage: c.csv has no lines under its header; nothing was compared"
    ),
    (
      "external_id,email", "2 usage: c.csv has no lines under its header; nothing was compared"
    ),
  ])
  func files(_ text: String, _ failure: String) async throws {
    let shop = try await Shop(seeds: false)
    try shop.world.write(text, to: "c.csv")
    #expect(try await shop.failure("customer import c.csv") == failure)
    #expect(try await shop.failure("customer import d.csv") == "4 not_found: d.csv: no such file")
  }

  @Test func aDirectoryIsNoFile() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.failure("customer import .") == "2 usage: .: is a directory; name a file")
  }

  /// `line operation status`, one a line.
  private func outcome(_ shop: Shop, _ options: String = "") async throws -> [String] {
    let result = await shop.run("customer import c.csv --json" + options)
    let rows = try JSON(parsing: result.output)["data"]?.array ?? []
    let failed = rows.count { $0["status"] == "failed" }
    #expect(result.exit == (failed == 0 ? .done : .partial))
    #expect(
      try failed == 0
        ? result.errors == ""
        : Shop.words(of: result)
          == "10 partial: \(failed) of \(rows.count { $0["line"] != .null }) lines failed")
    return rows.map { row in
      #expect(row.object?.keys == ["line", "operation", "customer", "status", "error", "result"])
      let words = [row["line"], row["operation"], row["status"], row["error"]?["message"]]
      return words.map { Cell($0).text }.joined(separator: " ")
    }
  }

  private static let file = """
    external_id,email,name,metadata.team
    u-1,ada@example.com,Ada,north
    u-2,no address,Bob,
    ,eve@example.com,Eve,
    u-4,dan@example.com,"King, Dan",
    u-5,x@example.com,4242424242424242,

    """

  @Test func madeUpdatedLeftAndGone() async throws {
    let shop = try await Shop(seeds: false)
    _ = try await shop.json("customer create --email old@example.com --external-id u-0")
    try shop.world.write(Self.file, to: "c.csv")
    let faults = [
      "3 import failed email is no e-mail address",
      "4 import failed external_id is missing, or is no id of yours",
      "6 import failed a cell holds a card number; it was not used",
    ]
    let before = try shop.counts()
    let made = [
      "2 create done -", faults[0], faults[1], "5 create done -", faults[2],
      "- gone already_done -",
    ]
    #expect(try await outcome(shop, " --dry-run") == made)
    #expect(try shop.counts() == before)
    #expect(try await outcome(shop) == made)
    #expect(try shop.counts()["customer"] == 3)
    #expect(
      try await outcome(shop) == [
        "2 update already_done -", faults[0], faults[1], "5 update already_done -", faults[2],
        "- gone already_done -",
      ])
    let fixed = """
      external_id,email,name,metadata.team
      u-1,ada@example.com,Ada King,
      u-4,dan@example.com,"King, Dan",

      """
    try shop.world.write(fixed, to: "c.csv")
    let changed = ["2 update done -", "3 update already_done -", "- gone already_done -"]
    #expect(try await outcome(shop, " --dry-run") == changed)
    #expect(try await outcome(shop) == changed)
    let ada = try await shop.json("customer show u-1")
    #expect(ada["name"] == "Ada King" && ada["metadata"]?["team"] == nil)
    #expect(try await shop.json("customer show u-0")["deleted"] == false)
  }

  @Test func anIdThatTwoHave() async throws {
    let shop = try await Shop(seeds: false)
    for address in ["a@b.c", "d@e.f"] {
      try await shop.call(
        .post, "customers",
        parameters: ["email": .string(address), "metadata": ["external_id": "u-1"]])
    }
    try shop.world.write("external_id,email\nu-1,a@b.c\n", to: "c.csv")
    let rows = try await outcome(shop)
    #expect(rows.count == 1 && rows[0].hasPrefix("2 import failed u-1 fits 2 customers: cus_"))
  }
}
