import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct TokensConsumeTests {
  private func shop(granting tokens: Int = 100) async throws -> Shop {
    let shop = try await Shop("coditect", seeds: false)
    _ = try await shop.json("customer create --email ada@example.com")
    _ = try await shop.json("tokens grant ada@example.com \(tokens) --reference start")
    return shop
  }

  @Test func whatIsThereIsTakenOnce() async throws {
    let shop = try await shop()
    let line = "tokens consume ada@example.com 30 --reference r-1"
    let first = try await shop.json(line)
    #expect(first["kind"] == "consumed" && first["amount"] == -30)
    #expect(first["balance_after"] == 70)
    #expect(try await shop.json(line) == first)
    let customer = try #require(first["customer"]?.string)
    #expect(
      try await shop.json("tokens balance ada@example.com") == [
        "customer": .string(customer), "balance": 70, "purchased": 0, "consumed": 30,
        "granted": 100, "refunded": 0, "expired": 0,
      ])
  }

  @Test func tooLowABalanceIsANoWithWhatWouldDo() async throws {
    let shop = try await shop()
    let result = await shop.run(
      "tokens consume ada@example.com 400000 --reference r-1 --json")
    #expect(result.exit == .denied)
    let decision = try JSON(parsing: result.output)
    #expect(
      decision.object?.keys == [
        "allowed", "customer", "reason", "message", "amount", "balance", "missing", "reference",
        "packages",
      ])
    #expect(decision["allowed"] == false && decision["reason"] == "insufficient_tokens")
    #expect(decision["balance"] == 100 && decision["missing"] == 399_900)
    #expect(decision["packages"] == ["booster", "power"])
    #expect(
      try Shop.words(of: result) == """
        3 insufficient_tokens: ada@example.com has 100 tokens, 399,900 fewer than asked for; \
        billing tokens buy ada@example.com booster buys more
        """)
    #expect(try await shop.json("tokens balance ada@example.com")["balance"] == 100)
    #expect(try await shop.json("tokens history ada@example.com")["data"]?.array?.count == 1)
  }

  @Test func historyIsNewestFirstAndLimited() async throws {
    let shop = try await shop()
    for number in 1...3 {
      _ = try await shop.json("tokens consume ada@example.com \(number) --reference r-\(number)")
    }
    let page = try await shop.json("tokens history ada@example.com --limit 2")
    #expect(page["has_more"] == true)
    #expect(page["data"]?.array?.map { $0["reference"] } == ["r-3", "r-2"])
    let all = try await shop.json("tokens history ada@example.com --all")
    #expect(all["has_more"] == false)
    #expect(all["data"]?.array?.map { $0["balance_after"] } == [94, 97, 99, 100])
  }

  @Test func theOverviewShowsTheTokens() async throws {
    let shop = try await shop()
    let balance = try await shop.json("tokens balance ada@example.com")
    #expect(try await shop.json("customer overview ada@example.com")["tokens"] == balance)
    #expect(
      await shop.run("customer overview ada@example.com").output.contains("\ntokens    100\n"))
  }
}
