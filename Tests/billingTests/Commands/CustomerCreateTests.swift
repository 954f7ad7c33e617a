import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CustomerCreateTests {
  @Test func wordsBecomeFields() throws {
    let command = try Words.parsed(
      """
      customer create --email ada@example.com --name 'Ada Lovelace' --external-id user-7 \
      --description 'first' --payment-method pm_card_visa --metadata team=north --metadata a=b=c \
      --test-clock clock_1 --if-not-exists
      """, as: CustomerCreate.self)
    #expect(
      command.fields
        == CustomerFields(
          email: "ada@example.com", name: "Ada Lovelace", description: "first",
          externalID: "user-7", paymentMethod: "pm_card_visa", testClock: "clock_1",
          metadata: ["team": "north", "a": "b=c"]))
    #expect(command.returnsExisting)
  }

  @Test(arguments: [
    ("", "--email is missing"),
    ("--email ada", "--email must be an e-mail address"),
    ("--email a@@b.c", "--email must be an e-mail address"),
    ("--email 'a b@c.d'", "--email must be an e-mail address"),
    ("--email @b.c", "--email must be an e-mail address"),
    ("--email a@", "--email must be an e-mail address"),
    ("--email a@b..c", "--email must be an e-mail address"),
    ("--email a@b.", "--email must be an e-mail address"),
    ("--email ''", "--email must be an e-mail address"),
    ("--email a@b.c --email d@e.f", "--email is given twice"),
    (
      "--email a@b.c --payment-method visa",
      "--payment-method must be the id of a payment method (pm_…)"
    ),
    (
      "--email a@b.c --external-id cus_1",
      "--external-id must be an id of yours: no e-mail address, no cus_…, 500 characters at most"
    ),
    ("--email a@b.c --metadata team", "--metadata must be KEY=VALUE, not 'team'"),
    ("--email a@b.c --metadata a=1 --metadata a=2", "--metadata has 'a' twice"),
    ("--email a@b.c ada", "unexpected 'ada'"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(
      Words.mistake("customer create \(words)")
        == "\(message); see billing customer create --help")
  }

  @Test(arguments: ["a@localhost", "a.b+c@d.e", "ä@ö.example", "'o''hara'@x"])
  func anAddressThatIsFine(_ address: String) throws {
    let command = try Words.parsed(
      "customer create --email \(address)", as: CustomerCreate.self)
    #expect(command.fields.email?.contains("@") == true)
  }

  @Test func oneIsMadeOnce() async throws {
    let shop = try await Shop(seeds: false)
    let made = try await shop.json("customer create --email ada@example.com --external-id u-1")
    let id = try #require(made["id"]?.string)
    #expect(
      try await shop.failure("customer create --email ada@example.com") == """
        5 already_exists: there is a customer already: \(id), ada@example.com, u-1; \
        --if-not-exists returns it instead; an --external-id tells two people apart
        """)
    #expect(
      try await shop.failure("customer create --email else@example.com --external-id u-1")
        .hasPrefix("5 already_exists: there is a customer already: \(id)"))
    let again = try await shop.json("customer create --email ada@example.com --if-not-exists")
    #expect(again == made)
    // Two people of one address are told apart by ids of your own.
    let other = try await shop.json("customer create --email ada@example.com --external-id u-2")
    #expect(other["id"] != made["id"])
  }

  @Test func aCardThatIsRefusedLeavesNobody() async throws {
    let shop = try await Shop(seeds: false)
    let line = "customer create --email bob@example.com --payment-method pm_card_chargeDeclined"
    #expect(
      try await shop.failure(line)
        == "6 card_declined: Your card was declined. (generic_decline); try another payment method")
    #expect(try await shop.json("customer list")["data"] == [])
    #expect(
      try await shop.failure("customer create --email b@c.d --payment-method pm_nobody")
        .hasPrefix("4 not_found: No such PaymentMethod"))
  }

  @Test func theCardIsTheDefault() async throws {
    let shop = try await Shop()
    _ = try await shop.json(
      "customer create --email ada@example.com --payment-method pm_card_visa")
    // Subscribing needs no other card, and no attaching.
    let requests = try await shop.dryRun("subscribe ada@example.com team")
    #expect(requests.count == 1)
    #expect(requests[0].contains(#""payment_behavior":"error_if_incomplete""#))
  }

  @Test func aDryRunSendsNothing() async throws {
    let shop = try await Shop(seeds: false)
    #expect(
      try await shop.dryRun(
        "customer create --email ada@example.com --external-id u-1 --payment-method pm_card_visa")
        == [
          """
          POST /v1/customers {"email":"ada@example.com","metadata":{"billing_external_id":"u-1"},\
          "payment_method":"pm_card_visa","invoice_settings":{"default_payment_method":\
          "pm_card_visa"}}
          """
        ])
    #expect(try await shop.json("customer list")["data"] == [])
  }

  @Test func aKeyDoesItOnce() async throws {
    let shop = try await Shop(seeds: false)
    let line = "customer create --email ada@example.com --idempotency-key k-1"
    let made = try await shop.json(line)
    #expect(try await shop.json(line) == made)
    #expect(try shop.journal(key: "k-1") == "done")
    #expect(
      try await shop.failure("customer create --email bob@example.com --idempotency-key k-1") == """
        5 idempotency_mismatch: the key k-1 was used for other words of customer create; \
        take another --idempotency-key
        """)
  }
}
