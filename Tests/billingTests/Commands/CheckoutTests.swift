import Basics
import BillingCore
import Stripe
import Synchronization
import Testing

@testable import billing

@Suite(.tags(.unit)) struct CheckoutTests {
  @Test func wordsBecomeOptions() throws {
    let command = try Words.parsed(
      """
      checkout ada@example.com team --interval year --quantity 3 --trial-days 0 --coupon c \
      --success-url https://a.b/ok?id={CHECKOUT_SESSION_ID} --cancel-url http://localhost:3000 \
      --client-reference r-1 --wait
      """, as: Checkout.self)
    #expect(command.reference == .email("ada@example.com") && command.planID == "team")
    #expect(command.interval == BillingInterval(.year) && command.quantity == 3)
    #expect(command.trialDays == 0 && command.couponID == "c" && command.waits)
    #expect(command.successURL == "https://a.b/ok?id={CHECKOUT_SESSION_ID}")
    #expect(command.cancelURL == "http://localhost:3000" && command.clientReference == "r-1")
    let tokens = try Words.parsed("checkout u-1 --tokens booster", as: Checkout.self)
    #expect(tokens.packageID == "booster" && tokens.planID == nil && !tokens.waits)
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing;"), ("a@b.c", "PLAN is missing, or --tokens;"),
    ("a@b.c team --tokens booster", "PLAN and --tokens exclude each other;"),
    (
      "a@b.c --tokens booster --interval year",
      "--interval and --trial-days belong to plans, not to --tokens;"
    ),
    (
      "a@b.c team --coupon c --promotion-code p",
      "--coupon and --promotion-code exclude each other;"
    ),
    (
      "a@b.c team --success-url example.com",
      "--success-url must be an address (https://…), not 'example.com';"
    ),
    ("a@b.c team --client-reference ''", "--client-reference has 1 to 200 characters;"),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("checkout \(words)") == "\(message) see billing checkout --help")
  }

  private static let addresses =
    "--success-url https://example.com/ok?id={CHECKOUT_SESSION_ID} --cancel-url https://example.com"

  private func shop(_ plans: String = "coditect") async throws -> Shop {
    let shop = try await Shop(plans)
    _ = try await shop.json("customer create --email ada@example.com --external-id user-7")
    return shop
  }

  private func prices(_ shop: Shop) async throws -> (String) -> String {
    let prices = try await shop.call(.get, "prices", parameters: ["limit": 100])["data"]?.array
    return { key in
      prices?.first { $0["lookup_key"]?.string == key }?["id"]?.string ?? "-"
    }
  }

  @Test func theRequestOfAPlan() async throws {
    let shop = try await shop()
    let id = try await prices(shop)
    let customer = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
    let line =
      "checkout ada@example.com starter --quantity 2 --trial-days 14 --coupon launch "
      + Self.addresses
    let digest = try await shop.json(line + " --dry-run")[
      at: "requests", "0", "params", "metadata", "billing_checkout"]?.string
    #expect(digest?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
    #expect(
      try await shop.dryRun(line) == [
        """
        POST /v1/checkout/sessions {"customer":"\(customer)","client_reference_id":"user-7",\
        "mode":"subscription","line_items":[{"price":"\(id("billing_starter_month"))",\
        "quantity":2},{"price":"\(id("billing_starter_overage_ai_requests_month"))"},\
        {"price":"\(id("billing_starter_overage_storage_mb_month"))"}],"subscription_data":\
        {"metadata":{"billing_plan":"starter"},"trial_period_days":14,\
        "trial_settings":{"end_behavior":{"missing_payment_method":"pause"}}},\
        "payment_method_collection":"if_required","metadata":{"billing_plan":"starter",\
        "billing_checkout":"\(digest ?? "-")"},"discounts":[{"coupon":"launch"}],\
        "success_url":"https://example.com/ok?id={CHECKOUT_SESSION_ID}",\
        "cancel_url":"https://example.com"}
        """
      ])
    let parameters = try await shop.json(
      "checkout ada@example.com starter --dry-run " + Self.addresses)[
        at: "requests", "0", "params"]
    #expect(parameters?["allow_promotion_codes"] == true && parameters?["discounts"] == nil)
    #expect(parameters?["payment_method_collection"] == nil)
    #expect(parameters?["subscription_data"] == ["metadata": ["billing_plan": "starter"]])
  }

  @Test func aPlanIsBoughtAndKnown() async throws {
    let shop = try await shop()
    let page = try await shop.json("checkout ada@example.com starter \(Self.addresses)")
    #expect(page.object?.keys == ["id", "url", "customer", "expires_at", "mode", "plan"])
    #expect(page["mode"] == "subscription" && page["plan"] == "starter")
    #expect(page["url"]?.string?.hasPrefix("https://checkout.stripe.com/") == true)
    let id = page["id"]?.string ?? "-"
    _ = try await shop.json("sandbox checkout complete \(id)")
    let bought = try await shop.json("subscription show ada@example.com --local")
    #expect(bought["plan"] == "starter" && bought["status"] == "active")
    #expect(bought["items"]?.array?.count == 3)
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "starter")
    let history = try await shop.json("subscription history ada@example.com")["data"]?.array ?? []
    #expect(history.first?["kind"] == "created" && history.first?["to"] == "starter")
    let subscription = bought["id"]?.string ?? "-"
    #expect(
      try await shop.failure("checkout ada@example.com professional \(Self.addresses)") == """
        5 invalid_state: there is a subscription already: \(subscription), starter, active; \
        billing upgrade changes its plan; billing cancel ends it
        """)
  }

  @Test func theSamePageIsFoundAgain() async throws {
    let shop = try await shop()
    let line = "checkout ada@example.com starter \(Self.addresses)"
    let first = try await shop.json(line)
    #expect(try await shop.json(line) == first)
    #expect(try await shop.dryRun(line) == [])
    let id = first["id"]?.string ?? "-"
    let said = await shop.run(line)
    #expect(
      said.output.hasSuffix(
        "This page is already open; ada@example.com can pay there until 2026-11-21 10:00.\n"))
    _ = try await shop.json("sandbox checkout expire \(id)")
    let second = try await shop.json(line)
    #expect(second["id"] != first["id"])
    // Nobody buys two plans: the page for another one replaces it.
    let other = try await shop.json("checkout ada@example.com professional \(Self.addresses)")
    let sessions = try await shop.call(.get, "checkout", "sessions", parameters: ["status": "open"])
    #expect(sessions["data"]?.array?.map { $0["id"] } == [other["id"]])
  }

  @Test func anIncompleteSubscriptionGoes() async throws {
    let shop = try await shop()
    let open = try await shop.json("subscribe ada@example.com starter")
    _ = try await shop.json("checkout ada@example.com professional \(Self.addresses)")
    let id = open["id"]?.string ?? "-"
    let subscription = try await shop.call(.get, "subscriptions", id)
    #expect(subscription["status"] == "incomplete_expired")
  }

  @Test func tokensAreBoughtWheneverWanted() async throws {
    let shop = try await shop()
    _ = try await shop.json("subscribe ada@example.com starter --payment-method pm_card_visa")
    let line = "checkout ada@example.com --tokens booster --quantity 2 \(Self.addresses)"
    let page = try await shop.json(line)
    #expect(page["mode"] == "payment" && page["plan"] == JSON.null)
    let id = page["id"]?.string ?? "-"
    let session = try await shop.call(.get, "checkout", "sessions", id)
    #expect(session["amount_total"] == 4000 && session["client_reference_id"] == "user-7")
    #expect(session["metadata"]?["billing_package"] == "booster")
    #expect(session["metadata"]?["billing_quantity"] == "2")
    _ = try await shop.json("sandbox checkout complete \(id)")
    #expect(try await shop.json(line)["id"] != page["id"])
  }

  @Test(arguments: [
    (
      "ada@example.com free",
      """
      5 not_for_sale: free is not for sale: it is the default plan, which everyone has without a \
      subscription; billing plans list shows what is
      """
    ),
    (
      "ada@example.com enterprise",
      """
      5 not_for_sale: enterprise is not for sale: it has no price; \
      billing subscribe --amount sells it at a price that was agreed on
      """
    ),
    (
      "ada@example.com --tokens boster",
      "4 not_found: there is no package 'boster'; did you mean booster?"
    ),
    (
      "ada@example.com starter --coupon none",
      "4 not_found: there is no coupon 'none'; there is launch"
    ),
    (
      "ada@example.com starter --promotion-code NONE",
      "4 not_found: there is no promotion code 'NONE'; there is LAUNCH20"
    ),
    (
      "bob@example.com starter",
      """
      4 not_found: no customer bob@example.com; billing customer list shows those there are; \
      billing customer create makes one
      """
    ),
  ])
  func whatIsNotForSale(_ words: String, _ failure: String) async throws {
    let shop = try await shop()
    #expect(try await shop.failure("checkout \(words)") == failure)
  }

  /// Where nothing is sold, no address is used.
  @Test func theAssumedAddressIsToldWithAPageOnly() async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    let note = "note: FRONTEND_URL is not set: the page would lead to http://localhost:3000\n"
    let run = { (words: String) in await shop.world.run("--sandbox \(words)").errors }
    #expect(await run("checkout bob@example.com team").contains("FRONTEND_URL") == false)
    #expect(await run("checkout ada@example.com team --dry-run").contains(note))
    #expect(await run("checkout ada@example.com team").contains(note))
    #expect(
      await run("checkout ada@example.com team --success-url https://a.b").contains("FRONTEND_URL")
        == false)
  }

  @Test func aTrialIsForTheFirst() async throws {
    let shop = try await Shop("allthrive")
    _ = try await shop.json("customer create --email a@b.c")
    let first = try await shop.json("checkout a@b.c community-pro \(Self.addresses)")
    _ = try await shop.json("sandbox checkout complete \(first["id"]?.string ?? "-")")
    let trial = try await shop.json("subscription show a@b.c")
    #expect(trial["status"] == "trialing" && trial["plan"] == "community-pro")
    _ = try await shop.json("cancel a@b.c --now --yes")
    let second = try await shop.json("checkout a@b.c community-pro \(Self.addresses)")
    let session = try await shop.call(
      .get, "checkout", "sessions", second["id"]?.string ?? "-")
    #expect(session["amount_total"] == 5400)
  }

  @Test func aKeyShowsItsFirstPage() async throws {
    let shop = try await shop()
    let line = "checkout ada@example.com starter \(Self.addresses) --idempotency-key k"
    let first = try await shop.json(line)
    _ = try await shop.json("sandbox checkout expire \(first["id"]?.string ?? "-")")
    let again = try await shop.json(line)
    #expect(again["id"] == first["id"] && again["url"] == JSON.null)
    #expect(try shop.journal(key: "k") == "done")
    #expect(
      try await shop.failure("checkout ada@example.com professional --idempotency-key k") == """
        5 idempotency_mismatch: the key k was used for other words of checkout; \
        take another --idempotency-key
        """)
  }

  // MARK: Addresses

  @Test(
    arguments: [
      ("", [:], "http://localhost:3000/settings?tab=billing&success=true", nil),
      (
        "", ["FRONTEND_URL": "https://app.example.com/"],
        "https://app.example.com/settings?tab=billing&success=true",
        "https://app.example.com/settings?tab=billing&canceled=true"
      ),
      (
        " --success-url https://a.b/c", ["FRONTEND_URL": "https://app.example.com"],
        "https://a.b/c", "https://app.example.com/settings?tab=billing&canceled=true"
      ),
    ] as [(String, [String: String], String, String?)])
  func whereTheCustomerReturnsTo(
    _ options: String, _ environment: [String: String], _ success: String, _ cancel: String?
  ) async throws {
    let shop = try await shop()
    let result = await shop.world.run(
      "--sandbox --quiet checkout ada@example.com starter --dry-run --json" + options,
      environment: environment)
    let parameters = try JSON(parsing: result.output)[at: "requests", "0", "params"]
    #expect(parameters?["success_url"]?.string == success)
    #expect(parameters?["cancel_url"]?.string == cancel)
  }

  @Test func theCataloguesAddressesComeFirst() async throws {
    let shop = try await shop()
    let plans = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      plans + "\nurls: { checkout_success: https://c.example/ok }\n", to: "plans.yaml")
    let result = await shop.world.run(
      "--sandbox --quiet checkout ada@example.com starter --dry-run --json",
      environment: ["FRONTEND_URL": "https://app.example.com"])
    let parameters = try JSON(parsing: result.output)[at: "requests", "0", "params"]
    #expect(parameters?["success_url"] == "https://c.example/ok")
  }

  @Test(arguments: [
    ("app.example.com", "FRONTEND_URL is no address: 'app.example.com'"),
    ("", "it is not known where the customer is to return to"),
  ])
  func withoutAnAddressNothingIsSent(_ address: String, _ message: String) async throws {
    let world = try TestWorld()
    let shop = try await Shop("coditect", seeds: false)
    try world.takeOver(shop.world)
    let result = await world.run(
      "checkout ada@example.com starter --json",
      environment: ["STRIPE_SECRET_KEY": "sk_test_abcdefghijkl", "FRONTEND_URL": address],
      transport: ScriptedTransport([]))
    #expect(result.exit == .configuration)
    #expect(try Shop.words(of: result).hasPrefix("8 invalid_env: \(message); "))
  }

  // MARK: Waiting

  /// Runs a line that waits; while it does, another one is run, and the pauses are counted.
  private func waiting(
    _ shop: Shop, _ line: String, meanwhile: @escaping @Sendable (Int) async -> Void
  ) async throws -> (TestWorld.Result, pauses: [Int64]) {
    let pauses = Mutex<[Int64]>([])
    let (output, errors) = (MemoryOutput(), MemoryOutput())
    var world = shop.world.world(output: output, errors: errors)
    world.pause = { milliseconds in
      let count = pauses.withLock { pauses in
        pauses.append(milliseconds)
        return pauses.count
      }
      shop.world.tick()
      await meanwhile(count)
      try Task.checkCancellation()
    }
    let exit = await Billing.run(["--sandbox"] + Session.words(of: line), in: world)
    return (
      TestWorld.Result(exit: exit, output: output.text, errors: errors.text),
      pauses.withLock { $0 }
    )
  }

  @Test func waitingEndsWhenTheCustomerHasPaid() async throws {
    let shop = try await shop()
    let line = "checkout ada@example.com starter \(Self.addresses)"
    let page = try await shop.json(line)
    let id = page["id"]?.string ?? "-"
    let (result, pauses) = try await waiting(shop, "\(line) --wait --json") { count in
      if count == 3 { _ = await shop.run("sandbox checkout complete \(id)") }
    }
    #expect(result.exit == .done && pauses == [250, 250, 250])
    #expect(
      result.errors.contains("note: waiting for the customer at https://checkout.stripe.com/"))
    let paid = try JSON(parsing: result.output)
    #expect(paid["id"] == page["id"] && paid["url"] == JSON.null)
    #expect(try await shop.json("subscription show ada@example.com --local")["plan"] == "starter")
  }

  @Test func waitingEndsWhenThePageExpires() async throws {
    let shop = try await shop()
    let line = "checkout ada@example.com starter \(Self.addresses)"
    let id = try await shop.json(line)["id"]?.string ?? "-"
    let (result, _) = try await waiting(shop, "\(line) --wait --quiet --json") { _ in
      _ = await shop.run("sandbox checkout expire \(id)")
    }
    #expect(try JSON(parsing: result.output)["id"]?.string == id)
    #expect(
      try Shop.words(of: result) == """
        5 invalid_state: \(id) expired, and ada@example.com has not paid; \
        billing checkout makes another page
        """)
  }

  @Test func waitingCanBeInterrupted() async throws {
    let shop = try await shop()
    let line = "checkout ada@example.com starter \(Self.addresses)"
    let task = Task {
      try await waiting(shop, "\(line) --wait --quiet --json") { _ in
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    let result = try await task.value.0
    #expect(result.exit == .interrupted && result.output == "")
    let open = try await shop.call(.get, "checkout", "sessions", parameters: ["status": "open"])
    #expect(open["data"]?.array?.count == 1)
  }
}
