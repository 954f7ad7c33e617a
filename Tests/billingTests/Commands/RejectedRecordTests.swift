import Basics
import Testing

@testable import billing

@Suite(.tags(.unit)) struct RejectedRecordTests {
  /// However many cells a record has, and however often it was refused.
  @Test func theReasonStandsInItsColumn() async throws {
    let shop = try await Shop("coditect", seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    try shop.world.write(
      """
      id,customer,meter,quantity
      "a,1",ada@example.com,ai_requests,x
      b,ada@example.com
      c,ada@example.com,ai_requests,1,2
      4242424242424242,ada@example.com,ai_requests,1

      """, to: "0.csv")
    for round in 1...3 {
      let result = await shop.run("usage import \(round - 1).csv --rejects \(round).csv")
      #expect(result.exit == .partial)
      let lines = try shop.world.text(of: "\(round).csv").split(separator: "\n")
      #expect(
        lines.prefix(3) == [
          "id,customer,meter,quantity,error",
          #""a,1",ada@example.com,ai_requests,x,quantity must be a whole number"#,
          "b,ada@example.com,,,meter is missing",
        ])
      #expect(lines[4].hasPrefix(",,,,"))
    }
  }
}
