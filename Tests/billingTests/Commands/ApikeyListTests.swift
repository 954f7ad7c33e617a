import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct ApikeyListTests {
  @Test(arguments: [
    ("", "CUSTOMER is missing"), ("a@b.c d", "unexpected 'd'"),
    ("a@b.c --limit 3 --all", "--limit and --all exclude each other"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("apikey list \(words)") == "\(message); see billing apikey list --help")
  }

  @Test func theNewestFirstWithALimit() async throws {
    let shop = try await Shop("coditect")
    for name in ["one", "two", "three"] { _ = try await shop.key("--name \(name)") }
    _ = try await shop.key("--name other", email: "grace@example.com")
    let all = try await shop.json("apikey list ada@example.com")
    #expect(all["data"]?.array?.map { $0["name"] } == ["three", "two", "one"])
    #expect(all["has_more"] == false)
    for row in all["data"]?.array ?? [] { #expect(row.object?.keys == ContractTests.apiKey) }
    let first = try await shop.json("apikey list ada@example.com --limit 1")
    #expect(first["data"]?.array?.count == 1 && first["has_more"] == true)
    let csv = await shop.run("apikey list ada@example.com --format csv").output
    #expect(csv.hasPrefix(ContractTests.apiKey.joined(separator: ",") + "\r\n"))
  }

  /// A price list with a slip in it keeps nobody from being shown.
  @Test func aBrokenCatalogueIsNoObstacle() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.key()
    try shop.world.write("version: 1\nplans: none\n", to: "plans.yaml")
    let result = await shop.run("apikey list ada@example.com --json")
    #expect(result.exit == .done && result.errors.hasPrefix("warning: "))
    let row = try JSON(parsing: result.output)["data"]?[0]
    #expect(row?["tier"] == JSON.null && row?["active"] == true)
  }

  /// What an id and a beginning are for is to be read and copied, also on a narrow terminal.
  @Test func aNarrowTerminalKeepsWhatTellsKeysApart() async throws {
    let shop = try await Shop("coditect")
    _ = try await shop.key("--name production")
    let terminal = World.Terminal(output: true, columns: 80)
    let result = await shop.world.run(
      "--sandbox --quiet --no-color apikey list ada@example.com", terminal: terminal)
    let lines = result.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.first == "ID                    NAME        PREFIX             ACTIVE  LAST USED")
    #expect(lines.last?.contains("cdt_test_AAAAAAAA") == true)
  }
}
