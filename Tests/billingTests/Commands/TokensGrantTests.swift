import Basics
import BillingCore
import Testing

@testable import billing

@Suite(.tags(.unit)) struct TokensGrantTests {
  @Test func wordsBecomeOptions() throws {
    let grant = try Words.parsed(
      "tokens grant a@b.c 50000 --reference t-1 --note why", as: TokensGrant.self
    ).change
    #expect(grant.customer == .email("a@b.c") && grant.amount == 50_000)
    #expect(grant.reference == "t-1" && grant.note == "why" && grant.kind == .granted)
    let consume = try Words.parsed(
      "tokens consume u-1 3 --reference r", as: TokensConsume.self
    ).change
    #expect(consume.amount == 3 && consume.kind == .consumed && consume.note == nil)
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing;"), ("a@b.c", "N is missing;"),
    ("a@b.c 0 --reference r", "N must be from 1 to 1000000000000, not 0;"),
    ("a@b.c 1.5 --reference r", "N must be a whole number, not '1.5';"),
    (
      "a@b.c 5", "--reference is missing: your own name for this, so that it happens once;"
    ),
    (
      "a@b.c 5 --reference \(String(repeating: "x", count: 201))",
      "--reference has at most 200 characters;"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    for command in ["tokens grant", "tokens consume"] {
      #expect(
        Words.mistake("\(command) \(words)") == "\(message) see billing \(command) --help")
    }
  }

  private func shop() async throws -> Shop {
    let shop = try await Shop("coditect", seeds: false)
    _ = try await shop.json("customer create --email ada@example.com --external-id user-7")
    return shop
  }

  @Test func aGrantIsThereAtOnceAndOnce() async throws {
    let shop = try await shop()
    let line = "tokens grant ada@example.com 50000 --reference t-1 --note why"
    let first = try await shop.json(line)
    let keys = [
      "id", "customer", "kind", "amount", "balance_after", "reference", "note", "created",
    ]
    #expect(first.object?.keys == keys)
    #expect(first["kind"] == "granted" && first["amount"] == 50_000 && first["note"] == "why")
    #expect(try await shop.json(line) == first)
    #expect(
      await shop.run(line).output.hasSuffix("\nThis was granted before; nothing more was.\n"))
    #expect(try await shop.json("tokens balance user-7")["balance"] == 50_000)
  }

  @Test func aReferenceStandsForOneThing() async throws {
    let shop = try await shop()
    _ = try await shop.json("tokens grant user-7 5 --reference t-1 --note why")
    for line in [
      "tokens grant user-7 6 --reference t-1 --note why", "tokens grant user-7 5 --reference t-1",
      "tokens consume user-7 5 --reference t-1",
    ] {
      #expect(
        try await shop.failure(line) == """
          5 idempotency_mismatch: the reference t-1 stands for something else: 5 tokens granted at \
          2026-11-20T10:00:02Z, 'why'; take another --reference
          """)
    }
    #expect(try await shop.json("tokens balance user-7")["balance"] == 5)
  }

  @Test func aKeyDoesItOnce() async throws {
    let shop = try await shop()
    let first = try await shop.json(
      "tokens grant user-7 5 --reference t-1 --idempotency-key k")
    #expect(
      try await shop.json("tokens grant user-7 5 --reference t-1 --idempotency-key k") == first)
    #expect(
      try await shop.failure("tokens grant user-7 5 --reference t-2 --idempotency-key k") == """
        5 idempotency_mismatch: the key k was used for other words of tokens grant; \
        take another --idempotency-key
        """)
  }

  @Test func aDryRunWritesNothing() async throws {
    let shop = try await shop()
    let line = "tokens grant user-7 5 --reference t-1"
    let plan = try await shop.json(line + " --dry-run")
    #expect(plan["changes"]?.array?.first?["balance_after"] == 5)
    #expect(try await shop.json("tokens history user-7")["data"] == [])
    _ = try await shop.json(line)
    #expect(try await shop.json(line + " --dry-run")["changes"] == [])
    #expect(try await shop.dryRun("tokens consume user-7 2 --reference c-1") == [])
    #expect(await shop.run("tokens consume user-7 6 --reference c-1 --dry-run").exit == .denied)
    #expect(try await shop.json("tokens balance user-7")["balance"] == 5)
  }

  @Test func nobodyWhoIsUnknownIsGrantedAnything() async throws {
    let shop = try await shop()
    for line in [
      "tokens grant bob@example.com 5 --reference r", "tokens consume cus_nobody 5 --reference r",
      "tokens balance bob@example.com", "tokens history bob@example.com",
    ] {
      #expect(try await shop.failure(line).hasPrefix("4 not_found: "))
    }
  }

  @Test func aLiveKeyNeedsLiveAndAYes() async throws {
    let world = try TestWorld()
    let result = await world.run(
      "tokens grant ada@example.com 5 --reference r",
      environment: ["STRIPE_SECRET_KEY": "sk_live_abcdefghijkl"])
    #expect(result.exit == .usage && result.errors.contains("--live is missing"))
  }
}
