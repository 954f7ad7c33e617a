import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SubscriptionHistoryTests {
  @Test(arguments: [("", "CUSTOMER is missing;"), ("a b", "unexpected 'b';")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("subscription history \(words)")
        == "\(message) see billing subscription history --help")
  }

  @Test func whatBecameDifferentAndWhy() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    let empty = await shop.world.run("--sandbox subscription history ada@example.com")
    #expect(empty.output == "" && empty.errors.hasSuffix("note: nothing has changed yet\n"))
    _ = try await shop.json("subscribe ada@example.com team --payment-method pm_card_visa")
    let end = try await shop.json("subscription show ada@example.com")["current_period_end"]
    _ = try await shop.json("cancel ada@example.com")
    _ = try await shop.json("resume ada@example.com")
    // Past the commands: what another program does comes as an event.
    let id = try await shop.json("subscription show ada@example.com")["id"]?.string ?? "-"
    try await shop.call(.delete, "subscriptions", id)
    let rows = try await shop.json("subscription history ada@example.com")["data"]?.array ?? []
    #expect(rows.allSatisfy { $0.object?.keys == ["at", "kind", "from", "to", "cause"] })
    #expect(
      rows.map { "\($0["kind"]?.string ?? "-") \(Cell($0["from"]).text) \(Cell($0["to"]).text)" }
        == [
          "created - team", "status - active", "cancellation - \(Cell(end).text)",
          "cancellation \(Cell(end).text) -", "status active canceled",
        ])
    #expect(
      rows.map { String($0["cause"]?.string?.prefix { $0 != "_" } ?? "-") }
        == ["op", "op", "op", "op", "evt"])
    #expect(
      try await shop.failure("subscription history nobody@example.com")
        .hasPrefix("4 not_found: no customer nobody@example.com;"))
  }

  @Test func whatWaitsAndThatItWasTakenBack() async throws {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com enterprise --create --payment-method pm_card_visa")
    _ = try await shop.json("downgrade ada@example.com team")
    _ = try await shop.json("resume ada@example.com")
    _ = try await shop.json("downgrade ada@example.com team")
    let id = try await shop.json("subscription show ada@example.com")
    let end = id["current_period_end"]?.string ?? "-"
    _ = await shop.run("sandbox advance '1 month'")
    let rows = try await shop.json("subscription history ada@example.com")["data"]?.array ?? []
    let waiting = "team month, from \(end) on"
    #expect(
      rows.filter { $0["kind"] == "pending_change" }.map {
        "\(Cell($0["from"]).text) → \(Cell($0["to"]).text)"
      } == ["- → \(waiting)", "\(waiting) → -", "- → \(waiting)", "\(waiting) → -"])
    #expect(rows.contains { $0["kind"] == "plan" && $0["to"] == "team" })
    #expect(rows.allSatisfy { $0["cause"] != JSON.null })
    #expect(try await shop.json("gate check ada@example.com support")["plan"] == "team")
  }
}
