import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct EntitlementListTests {
  @Test(arguments: [
    ("a b", "unexpected 'b';"),
    ("\u{1B}", "CUSTOMER must be an id (cus_…), an e-mail address or an id of yours;"),
    ("--limit 3 --all", "--limit and --all exclude each other;"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("entitlement list \(words)")
        == "\(message) see billing entitlement list --help")
  }

  @Test func ofOneCustomerOrOfAllWithALimit() async throws {
    let shop = try await Shop(seeds: false)
    for name in ["ada", "grace"] {
      _ = try await shop.json("customer create --email \(name)@example.com")
      _ = try await shop.json("entitlement set \(name)@example.com sso true --note \(name)")
      _ = try await shop.json("entitlement set \(name)@example.com users 9 --note \(name)")
    }
    let features = { (line: String) in
      try await shop.json(line)["data"]?.array?.map {
        "\(Cell($0["note"]).text) \(Cell($0["feature"]).text)"
      }
    }
    #expect(
      try await features("entitlement list") == [
        "grace users", "grace sso", "ada users", "ada sso",
      ])
    #expect(try await features("entitlement list ada@example.com") == ["ada users", "ada sso"])
    let first = try await shop.json("entitlement list --limit 3")
    #expect(first["data"]?.array?.count == 3 && first["has_more"] == true)
    let none = await shop.world.run(
      "--sandbox entitlement list grace@example.com --history --format csv")
    #expect(
      none.output.hasPrefix("id,customer,feature,value,until,note,actor,status,created\r\n"))
  }
}
