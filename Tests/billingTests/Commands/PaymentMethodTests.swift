import Basics
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct PaymentMethodTests {
  @Test(arguments: [
    ("attach a@b.c", "PM is missing; see billing payment-method attach --help"),
    (
      "attach a@b.c visa",
      "PM must be the id of a payment method (pm_…); see billing payment-method attach --help"
    ),
    ("detach", "PM is missing; see billing payment-method detach --help"),
    (
      "default a@b.c cus_1",
      "PM must be the id of a payment method (pm_…); see billing payment-method default --help"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ line: String) {
    #expect(Words.mistake("payment-method \(words)") == line)
  }

  private func shop() async throws -> Shop {
    let shop = try await Shop()
    _ = try await shop.json(
      "subscribe ada@example.com team --create --payment-method pm_card_visa")
    return shop
  }

  /// `visa 4242 true` of each, newest first.
  private func methods(_ shop: Shop, _ option: String = "") async throws -> [String] {
    let list = try await shop.json("payment-method list ada@example.com\(option)")
    return (list["data"]?.array ?? []).map {
      "\($0["brand"]?.string ?? "-") \($0["last4"]?.string ?? "-") \($0["is_default"] == true)"
    }
  }

  private func id(_ brand: String, _ shop: Shop) async throws -> String {
    let list = try await shop.json("payment-method list ada@example.com")
    return list["data"]?.array?.first { $0["brand"]?.string == brand }?["id"]?.string ?? "-"
  }

  @Test func theOneThatIsChargedIsTheDefault() async throws {
    let shop = try await shop()
    #expect(try await methods(shop) == ["visa 4242 true"])
    let second = try await shop.json("payment-method attach ada@example.com pm_card_mastercard")
    #expect(
      second.object?.keys == [
        "id", "customer", "type", "brand", "last4", "exp_month", "exp_year", "is_default",
        "created",
      ])
    #expect(second["is_default"] == false)
    #expect(try await methods(shop) == ["mastercard 4444 false", "visa 4242 true"])
    let chosen = try await shop.json(
      "payment-method default ada@example.com \(second["id"]?.string ?? "-")")
    #expect(chosen["is_default"] == true && chosen["id"] == second["id"])
    #expect(try await methods(shop) == ["mastercard 4444 true", "visa 4242 false"])
    #expect(try await methods(shop, " --local") == ["mastercard 4444 true", "visa 4242 false"])
    #expect(try await methods(shop, " --limit 1") == ["mastercard 4444 true"])
  }

  @Test func theNewDefaultIsTheOneThatPays() async throws {
    let shop = try await shop()
    _ = try await shop.json("payment-method attach ada@example.com pm_card_mastercard --default")
    _ = try await shop.json("sandbox advance '32 days'")
    let charges = try await shop.call(.get, "charges")["data"]?.array ?? []
    #expect(
      charges.map { $0["payment_method_details"]?["card"]?["last4"] } == ["4444", "4242"])
  }

  @Test func choosingTheDefaultAgainSendsNothing() async throws {
    let shop = try await shop()
    let made = try await shop.json(
      "payment-method attach ada@example.com pm_card_mastercard --default")
    let id = made["id"]?.string ?? "-"
    #expect(try await shop.dryRun("payment-method default ada@example.com \(id)") == [])
    #expect(
      try await shop.json("payment-method default ada@example.com \(id) --idempotency-key k")
        == made)
    #expect(try shop.journal(key: "k") == nil)
    #expect(try await shop.json("payment-method attach ada@example.com \(id) --default") == made)
    #expect(
      try await shop.failure("payment-method attach ada@example.com \(id)") == """
        5 already_exists: \(id) belongs to \(made["customer"]?.string ?? "-") already; \
        billing payment-method default makes it the one that is charged
        """)
  }

  @Test func whatIsInUseIsKept() async throws {
    let shop = try await shop()
    let visa = try await id("visa", shop)
    let subscription = try await shop.json("subscription show ada@example.com")
    #expect(
      try await shop.failure("payment-method detach \(visa)") == """
        5 invalid_state: \(subscription["id"]?.string ?? "-") of \
        \(subscription["customer"]?.string ?? "-") is charged to \(visa); \
        billing payment-method default makes another one the default first
        """)
    _ = try await shop.json("payment-method attach ada@example.com pm_card_mastercard --default")
    #expect(
      try await shop.dryRun("payment-method detach \(visa)")
        == ["POST /v1/payment_methods/\(visa)/detach {}"])
    let gone = try await shop.json("payment-method detach \(visa)")
    #expect(gone["customer"] == JSON.null && gone["is_default"] == false)
    #expect(try await methods(shop) == ["mastercard 4444 true"])
    #expect(
      try await shop.failure("payment-method detach \(visa)")
        == "5 invalid_state: \(visa) belongs to nobody: there is nothing to detach")
  }

  @Test func aRefusedCardLeavesAllAsItWas() async throws {
    let shop = try await shop()
    let failure = try await shop.failure(
      "payment-method attach ada@example.com pm_card_chargeDeclined --default")
    #expect(failure.hasPrefix("6 card_declined: "))
    #expect(try await methods(shop) == ["visa 4242 true"])
    #expect(
      try await shop.failure("payment-method attach ada@example.com pm_nobody")
        == "4 not_found: no payment method pm_nobody")
  }

  @Test func oneOfAnotherCustomerIsRefused() async throws {
    let shop = try await shop()
    let visa = try await id("visa", shop)
    _ = try await shop.json("customer create --email bob@example.com")
    for command in ["attach", "default"] {
      #expect(
        try await shop.failure("payment-method \(command) bob@example.com \(visa)") == """
          5 invalid_state: \(visa) belongs to another customer; \
          a payment method has one customer for good; take a new one
          """)
    }
  }

  @Test func aLostAnswerAttachesOnce() async throws {
    let shop = try await shop()
    _ = try await shop.json("sandbox fault add drop_after --path /v1/payment_methods/*/attach")
    let line = "payment-method attach ada@example.com pm_card_mastercard --default"
    let lost = try await shop.failure(line + " --max-retries 0")
    #expect(lost.hasPrefix("11 outcome_unknown: "))
    #expect(try await shop.json(line)["is_default"] == true)
    #expect(try await methods(shop) == ["mastercard 4444 true", "visa 4242 false"])
  }
}
