import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct GateListTests {
  @Test(arguments: [("", "CUSTOMER is missing;"), ("a b", "unexpected 'b';")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("gate list \(words)") == "\(message) see billing gate list --help")
  }

  @Test func oneDecisionForEachThatAnyPlanNames() async throws {
    let shop = try await Shop("allthrive")
    _ = try await shop.json("customer create --email ada@example.com")
    let rows = try await shop.json("gate list ada@example.com")["data"]?.array ?? []
    #expect(
      rows.map { "\($0["feature"]?.string ?? "-") \($0["reason"]?.string ?? "-")" } == [
        "ai_requests included", "courses not_in_plan", "marketplace included",
        "mentorship not_in_plan", "projects included",
      ])
    for row in rows {
      let feature = row["feature"]?.string ?? "-"
      let single = await shop.run("gate check ada@example.com \(feature) --json")
      #expect(try JSON(parsing: single.output) == row)
    }
  }

  @Test func aCatalogueOfApiPlansHasFewToList() async throws {
    let shop = try await Shop("api")
    _ = try await shop.json("customer create --email ada@example.com")
    let rows = try await shop.json("gate list ada@example.com")["data"]?.array ?? []
    #expect(rows.map { $0["feature"] } == ["support"] && rows.first?["value"] == "Community")
  }
}
