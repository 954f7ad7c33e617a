import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct TokensBuyTests {
  @Test(arguments: [("", "CUSTOMER is missing;"), ("a@b.c", "PACKAGE is missing;")])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("tokens buy \(words)") == "\(message) see billing tokens buy --help")
  }

  private func shop() async throws -> Shop {
    let shop = try await Shop("coditect")
    try shop.world.write("FRONTEND_URL=https://app.example.com\n", to: ".env")
    _ = try await shop.json("customer create --email ada@example.com")
    return shop
  }

  private let charged = "tokens buy ada@example.com booster --payment-method pm_card_visa"

  private func history(_ shop: Shop) async throws -> [String] {
    try await shop.json("tokens history ada@example.com")["data"]?.array?.reversed().map { entry in
      ["kind", "amount", "balance_after", "note"].map { Cell(entry[$0]).text }
        .joined(separator: " ")
    } ?? []
  }

  private let credited = ["purchased 500000 500000 booster"]

  // MARK: On a page

  @Test func aPageThatIsPaidCreditsTheTokens() async throws {
    let shop = try await shop()
    let page = try await shop.json("tokens buy ada@example.com booster")
    #expect(page.object?.keys == ["id", "url", "customer", "expires_at", "mode", "plan"])
    #expect(page["mode"] == "payment")
    let id = try #require(page["id"]?.string)
    // The same page as checkout's own, and still open.
    #expect(try await shop.json("checkout ada@example.com --tokens booster")["id"] == page["id"])
    #expect(try await history(shop) == [])
    _ = try await shop.json("sandbox checkout complete \(id)")
    #expect(try await history(shop) == credited)
    // Whoever tells it again, and whatever was told before.
    for line in [
      "webhook replay --id %payment_intent.succeeded --force",
      "webhook replay --id %checkout.session.completed --force",
    ] {
      let type = line.split(separator: "%")[1].split(separator: " ")[0]
      let events = try await shop.json("webhook list --type \(type)")["data"]?.array ?? []
      let event = try #require(events.first?["id"]?.string)
      _ = try await shop.json(line.replacing("%\(type)", with: event))
    }
    #expect(try await history(shop) == credited)
    #expect(try await shop.json("tokens audit")["clean"] == true)
  }

  @Test func aPageThatExpiresCreditsNothing() async throws {
    let shop = try await shop()
    let id = try await shop.json("tokens buy ada@example.com booster")["id"]?.string ?? "-"
    _ = try await shop.json("sandbox checkout expire \(id)")
    #expect(try await history(shop) == [])
  }

  @Test func severalOnAPageAreCreditedTogether() async throws {
    let shop = try await shop()
    let page = try await shop.json("checkout ada@example.com --tokens starter --quantity 3")
    _ = try await shop.json("sandbox checkout complete \(page["id"]?.string ?? "-")")
    #expect(try await history(shop) == ["purchased 300000 300000 3 × starter"])
  }

  /// Pages as they were made before the number of tokens went with them: a bank transfer arrives
  /// days after its page was completed, or does not.
  @Test func aBankTransferIsCreditedWhenItArrives() async throws {
    let shop = try await Shop("coditect", seeds: false)
    let completed = "135-checkout.session.completed"
    let others = [
      "143-checkout.session.async_payment_succeeded", "144-checkout.session.completed",
      "145-checkout.session.async_payment_failed",
    ]
    for (names, purchased) in [
      ([completed], 0), (others, 500_000), ([completed] + others, 500_000),
    ]
      as [([String], Int64)]
    {
      let files = names.map { "\(Repository.root)/fixtures/events/\($0).json" }
      _ = try await shop.json(
        "webhook replay \(files.joined(separator: " ")) --no-verify --force")
      let audit = try await shop.json("tokens audit")
      #expect(audit["clean"] == true && audit["purchased"] == .integer(purchased), "\(names)")
    }
  }

  // MARK: At once

  @Test func aChargeCreditsTheTokensAtOnce() async throws {
    let shop = try await shop()
    let entry = try await shop.json(charged)
    #expect(entry.object?.keys == TokenView.entryKeys)
    #expect(entry["kind"] == "purchased" && entry["balance_after"] == 500_000)
    let payments = try await shop.call(.get, "payment_intents")["data"]?.array ?? []
    #expect(payments.count == 1 && payments.first?["id"] == entry["reference"])
    #expect(payments.first?["amount"] == 2000 && payments.first?["status"] == "succeeded")
    #expect(try await history(shop) == credited)
    // Each run buys once more.
    #expect(try await shop.json(charged)["balance_after"] == 1_000_000)
  }

  @Test func aKeyBuysOnce() async throws {
    let shop = try await shop()
    let first = try await shop.json(charged + " --idempotency-key k")
    #expect(try await shop.json(charged + " --idempotency-key k") == first)
    #expect(try await shop.call(.get, "payment_intents")["data"]?.array?.count == 1)
    #expect(
      try await shop.failure(
        "tokens buy ada@example.com power --payment-method pm_card_visa --idempotency-key k"
      )
      .hasPrefix("5 idempotency_mismatch: "))
  }

  @Test func aDeclineLeavesAllAsItWas() async throws {
    let shop = try await shop()
    let hint =
      "leave --payment-method out: billing tokens buy then makes a page where the customer pays"
    let declined = try await shop.failure(
      "tokens buy ada@example.com booster --payment-method pm_card_visa_chargeDeclined")
    #expect(declined.hasPrefix("6 card_declined: ") && declined.hasSuffix(hint), "\(declined)")
    let asked = try await shop.failure(
      "tokens buy ada@example.com booster --payment-method pm_card_authenticationRequired")
    #expect(asked.hasPrefix("6 authentication_required: ") && asked.hasSuffix(hint), "\(asked)")
    #expect(try await history(shop) == [])
  }

  @Test func aDryRunShowsThePayment() async throws {
    let shop = try await shop()
    let customer = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
    #expect(
      try await shop.dryRun(charged) == [
        """
        POST /v1/payment_intents {"amount":2000,"currency":"usd","customer":"\(customer)",\
        "payment_method":"pm_card_visa","confirm":true,"off_session":true,\
        "automatic_payment_methods":{"enabled":true,"allow_redirects":"never"},\
        "description":"Booster: 500000 tokens","metadata":{"billing_package":"booster",\
        "billing_quantity":"1","billing_tokens":"500000"}}
        """
      ])
    #expect(try await shop.dryRun("tokens buy ada@example.com booster").count == 1)
  }

  @Test func frozenTokensAreNotSold() async throws {
    let shop = try await shop()
    let id = try await shop.json("tokens buy ada@example.com booster")["id"]?.string ?? "-"
    _ = await shop.run("freeze tokens --reason incident")
    for line in [charged, "tokens buy ada@example.com booster"] {
      #expect(
        try await shop.failure(line).hasPrefix("5 frozen: tokens are not sold since 2026-11-20"))
    }
    // What is there may be used, and what is paid on an open page is credited.
    _ = try await shop.json("tokens grant ada@example.com 5 --reference r")
    _ = try await shop.json("tokens consume ada@example.com 5 --reference c")
    _ = try await shop.json("sandbox checkout complete \(id)")
    #expect(try await history(shop).last == "purchased 500000 500000 booster")
  }

  @Test(arguments: [
    (
      "tokens buy ada@example.com gold", "4 not_found: there is no package 'gold'; "
    ),
    ("tokens buy bob@example.com booster", "4 not_found: "),
    ("tokens buy ada@example.com booster --payment-method pm_none", "4 not_found: "),
  ])
  func whatIsNotThere(_ line: String, _ start: String) async throws {
    #expect(try await shop().failure(line).hasPrefix(start))
  }

  // MARK: Refunds

  @Test func aRefundAtStripeTakesBackWhatIsLeft() async throws {
    let shop = try await shop()
    let payment = try await shop.json(charged)["reference"] ?? .null
    _ = try await shop.json("tokens consume ada@example.com 300000 --reference c")
    try await shop.call(.post, "refunds", parameters: ["payment_intent": payment, "amount": 500])
    #expect(try await history(shop).last == "refunded -125000 75000 booster")
    try await shop.call(.post, "refunds", parameters: ["payment_intent": payment])
    #expect(
      try await history(shop).last == "refunded -75000 0 booster, 300000 had been used")
    let audit = try await shop.json("tokens audit")
    #expect(audit["clean"] == true && audit["missed"] == 300_000)
    #expect(audit["purchased"] == 500_000 && audit["refunded"] == 200_000)
  }

  @Test func theTimelineTellsOfThem() async throws {
    let shop = try await shop()
    let payment = try await shop.json(charged)["reference"] ?? .null
    _ = try await shop.json("tokens grant ada@example.com 5 --reference r --note 'a gift'")
    _ = try await shop.json("tokens consume ada@example.com 6 --reference c")
    try await shop.call(.post, "refunds", parameters: ["payment_intent": payment])
    let entries = try await shop.json("customer timeline ada@example.com")["data"]?.array ?? []
    #expect(
      entries.filter { $0["kind"] == "tokens" }.map { entry in
        "\(Cell(entry["summary"]).text) by \(Cell(entry["actor"]).text)"
      } == [
        "500,000 tokens bought (booster) by stripe", "5 tokens granted (a gift) by ada@laptop",
        "499,999 tokens taken back (booster, 1 had been used) by stripe",
      ])
    #expect(
      entries.contains {
        $0["summary"]
          == """
          tokens buy (amount 2000 usd, package booster, payment method pm_card_visa, tokens 500000)
          """
      })
  }

  @Test func tokensLapseWhereThePackageSaysSo() async throws {
    let shop = try await shop()
    let plans = try shop.world.text(of: "plans.yaml")
      .replacing("tokens: 500000,", with: "tokens: 500000, expires: 30d,")
    try shop.world.write(plans, to: "plans.yaml")
    _ = try await shop.json(charged)
    _ = try await shop.json("tokens grant ada@example.com 7 --reference r")
    _ = await shop.run("sandbox advance 30d")
    let balance = try await shop.json("tokens balance ada@example.com")
    #expect(balance["balance"] == 7 && balance["expired"] == 500_000)
    #expect(try await history(shop).last == "expired -500000 7 booster")
    #expect(
      try await shop.json("tokens packages")["data"]?.array?.map { $0["expires"] }
        == [.null, "30 days", .null])
  }
}
