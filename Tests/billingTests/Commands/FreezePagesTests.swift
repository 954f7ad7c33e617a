import Basics
import Stripe
import Testing

@testable import billing

/// What a freeze does about checkout pages that are open already.
@Suite(.tags(.unit)) struct FreezePagesTests {
  /// A page for a plan and one for tokens.
  private func shop() async throws -> (Shop, plan: String, tokens: String) {
    let shop = try await Shop("coditect")
    _ = try await shop.json("customer create --email ada@example.com")
    let line = "checkout ada@example.com --success-url https://example.com"
    let plan = try await shop.json(line + " starter")["id"]?.string ?? "-"
    let tokens = try await shop.json(line + " --tokens booster")["id"]?.string ?? "-"
    return (shop, plan, tokens)
  }

  private func status(_ shop: Shop, _ id: String) async throws -> String? {
    try await shop.call(.get, "checkout", "sessions", id)["status"]?.string
  }

  @Test(arguments: [
    ("subscriptions", "1 checkout page is open and can still be paid; --expire-pages expires it"),
    ("all", "2 checkout pages are open and can still be paid; --expire-pages expires them"),
  ])
  func howManyAreOpenIsTold(_ scope: String, _ words: String) async throws {
    let (shop, plan, tokens) = try await shop()
    let result = await shop.run("freeze \(scope) --reason Stop")
    #expect(result.exit == .done && result.errors == "warning: \(words)\n")
    #expect(try await status(shop, plan) == "open")
    #expect(try await status(shop, tokens) == "open")
    _ = try await shop.json("unfreeze \(scope)")
    _ = try await shop.json("sandbox advance 25h")
    #expect(await shop.run("freeze \(scope) --reason Stop").errors == "")
  }

  @Test func theyExpireWhenAsked() async throws {
    let (shop, plan, tokens) = try await shop()
    let line = "freeze subscriptions --reason Stop --expire-pages"
    #expect(try await shop.dryRun(line) == ["POST /v1/checkout/sessions/\(plan)/expire {}"])
    _ = try await shop.json(line)
    #expect(try await status(shop, plan) == "expired")
    #expect(try await status(shop, tokens) == "open")
    // What is frozen already stays so, and the rest expires.
    _ = try await shop.json("freeze all --reason More --expire-pages")
    #expect(try await status(shop, tokens) == "expired")
    _ = try await shop.json("freeze all --reason More --expire-pages")
  }
}
