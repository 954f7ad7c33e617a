import Basics
import BillingCore
import Stripe
import Testing

@testable import billing

@Suite(.tags(.unit)) struct SubscribeTests {
  @Test func wordsBecomeOptions() throws {
    let command = try Words.parsed(
      """
      subscribe ada@example.com team --interval year --trial-days 0 --quantity 3 --coupon c \
      --payment-method pm_1 --payment-behavior allow_incomplete --create
      """, as: Subscribe.self)
    #expect(command.reference == .email("ada@example.com") && command.planID == "team")
    #expect(command.interval == BillingInterval(.year) && command.trialDays == 0)
    #expect(command.quantity == 3 && command.couponID == "c" && command.promotionCode == nil)
    #expect(command.paymentMethod == "pm_1" && command.paymentBehavior == "allow_incomplete")
    #expect(command.createsCustomer)
    let short = try Words.parsed("subscribe u-1 team --promotion-code P", as: Subscribe.self)
    #expect(short.promotionCode == "P" && short.interval == nil && short.trialDays == nil)
    #expect(!short.createsCustomer)
  }

  @Test(arguments: [
    ("", "CUSTOMER is missing;"), ("ada@example.com", "PLAN is missing;"),
    (
      "a@b.c team --interval mnth",
      "--interval must be month, quarter or year, not 'mnth'; "
        + "did you mean month?"
    ),
    ("a@b.c team --trial-days 731", "--trial-days must be from 0 to 730, not 731;"),
    ("a@b.c team --quantity 0", "--quantity must be from 1 to 1000000, not 0;"),
    (
      "a@b.c team --coupon c --promotion-code p",
      "--coupon and --promotion-code exclude each other;"
    ),
    ("u-1 team --create", "--create needs an e-mail address as CUSTOMER;"),
    (
      "a@b.c team --payment-method 4242",
      "--payment-method must be the id of a payment method "
        + "(pm_…);"
    ),
    (
      "a@b.c team --payment-behavior error",
      "--payment-behavior must be error_if_incomplete, default_incomplete or allow_incomplete, "
        + "not 'error'; did you mean error_if_incomplete?"
    ),
  ])
  func wordsThatAreWrong(_ words: String, _ message: String) {
    #expect(Words.mistake("subscribe \(words)") == "\(message) see billing subscribe --help")
  }

  /// What cannot be bought, whoever asks.
  @Test(arguments: [
    (
      "a@b.c profesional", "4 not_found: there is no plan 'profesional'; did you mean professional?"
    ),
    ("a@b.c xyz", "4 not_found: there is no plan 'xyz'; billing plans list shows all plans"),
    (
      "a@b.c free",
      """
      5 not_for_sale: free is not for sale: it is the default plan, which everyone has without a \
      subscription; billing plans list shows what is
      """
    ),
    (
      "a@b.c enterprise",
      """
      5 not_for_sale: enterprise is not for sale: it has no price; \
      billing subscribe --amount sells it at a price that was agreed on
      """
    ),
    (
      "a@b.c starter --interval quarter",
      """
      5 not_for_sale: starter is not sold by the quarter; it is sold by the month, year
      """
    ),
    (
      "nobody@example.com starter",
      """
      4 not_found: no customer nobody@example.com; billing customer list shows those there are; \
      billing customer create makes one
      """
    ),
    (
      "a@b.c starter --create",
      """
      5 invalid_state: Stripe has no price billing_starter_month, \
      billing_starter_overage_ai_requests_month, billing_starter_overage_storage_mb_month; \
      billing plans seed makes the prices of plans.yaml
      """
    ),
  ])
  func whatIsNotForSale(_ words: String, _ failure: String) async throws {
    let shop = try await Shop("coditect", seeds: false)
    #expect(try await shop.failure("subscribe \(words)") == failure)
  }

  @Test func aPlanThatIsNotAvailable() async throws {
    let shop = try await Shop()
    let plans = try shop.world.text(of: "plans.yaml")
    try shop.world.write(
      plans.replacing("  - id: team\n", with: "  - id: team\n    available: false\n"),
      to: "plans.yaml")
    #expect(
      try await shop.failure("subscribe a@b.c team --create") == """
        5 not_for_sale: team is not for sale: it is not available; \
        billing subscribe --invited sells it to one customer
        """)
  }

  @Test func theRequestsOfADryRun() async throws {
    let shop = try await Shop("coditect")
    let requests = try await shop.dryRun(
      "subscribe a@b.c starter --create --interval year --quantity 2 --coupon launch "
        + "--payment-method pm_card_visa")
    let prices = try await shop.call(.get, "prices", parameters: ["limit": 100])["data"]?.array
    let id = { (key: String) in
      prices?.first { $0["lookup_key"]?.string == key }?["id"]?.string ?? "-"
    }
    #expect(
      requests == [
        #"POST /v1/customers {"email":"a@b.c"}"#,
        """
        POST /v1/payment_methods/pm_card_visa/attach {"customer":"{result of request 1}"}
        """,
        """
        POST /v1/subscriptions {"customer":"{result of request 1}","items":[{"price":\
        "\(id("billing_starter_year"))","quantity":2},{"price":\
        "\(id("billing_starter_overage_ai_requests_year"))"},{"price":\
        "\(id("billing_starter_overage_storage_mb_year"))"}],"payment_behavior":\
        "error_if_incomplete","default_payment_method":"{result of request 2}",\
        "discounts":[{"coupon":"launch"}],"metadata":{"billing_plan":"starter"},\
        "expand":["latest_invoice.confirmation_secret","discounts.source.coupon"]}
        """,
      ])
  }

  @Test func aRunningSubscriptionIsAConflict() async throws {
    let shop = try await Shop()
    let line = "subscribe ada@example.com team --create --payment-method pm_card_visa"
    let id = try await shop.json(line)["id"]?.string ?? "-"
    #expect(
      try await shop.failure("subscribe ada@example.com enterprise") == """
        5 invalid_state: there is a subscription already: \(id), team, active; \
        billing upgrade changes its plan; billing cancel ends it
        """)
  }

  @Test func whatItSays() async throws {
    let shop = try await Shop()
    let paid = await shop.run(
      "subscribe ada@example.com team --create --interval year --payment-method pm_card_visa")
    #expect(paid.exit == .done && paid.errors == "")
    #expect(paid.output.contains("price          $950.00 a year\n"))
    #expect(
      paid.output.hasSuffix(
        """

        ada@example.com is on Agnostic Automation Center - Team Plan; the next bill comes on \
        2027-11-20.

        """))
    let open = await shop.run("subscribe bob@example.com team --create")
    #expect(
      open.output.hasSuffix(
        "bob@example.com is on Agnostic Automation Center - Team Plan as soon as the first payment "
          + "is made.\n"))
  }

  // MARK: Payment

  @Test func withoutACardItWaitsForOne() async throws {
    let shop = try await Shop()
    let open = try await shop.json("subscribe ada@example.com team --create")
    #expect(open["status"] == "incomplete" && open["next_billing_date"] == JSON.null)
    #expect(open["client_secret"]?.string?.hasPrefix("pi_") == true)
    #expect(open["hosted_invoice_url"]?.string?.hasPrefix("https://") == true)
    #expect(try await shop.json("customer show ada@example.com")["plan"] == "free")
    // Over an incomplete one it is cancelled first, and a trial is still to come.
    let again = try await shop.json("subscribe ada@example.com team --payment-method pm_card_visa")
    #expect(again["status"] == "active" && again["client_secret"] == JSON.null)
    #expect(again["hosted_invoice_url"] == JSON.null)
    let all = try await shop.json("subscription list --status all")["data"]?.array ?? []
    #expect(
      Set(all.map { $0["status"]?.string }) == ["active", "incomplete_expired"], "\(all.count)")
  }

  @Test(arguments: ["", " --payment-behavior error_if_incomplete"])
  func aDeclineLeavesAllAsItWas(_ option: String) async throws {
    let shop = try await Shop()
    _ = try await shop.json("customer create --email ada@example.com")
    for card in ["pm_card_chargeDeclined", "pm_card_chargeCustomerFail"] {
      #expect(
        try await shop.failure(
          "subscribe ada@example.com team --payment-method \(card)\(option)")
            == """
            6 card_declined: Your card was declined. (generic_decline); try another payment method; \
            --payment-behavior default_incomplete or billing checkout let the customer pay on a page
            """)
    }
    #expect(try await shop.json("subscription list --status all")["data"] == [])
    #expect(try await shop.json("customer show ada@example.com")["status"] == "none")
    #expect(try await shop.json("invoice list")["data"] == [])
  }

  @Test(arguments: [
    ("pm_card_chargeCustomerFail", "6 card_declined: Your card was declined. (generic_decline)"),
    (
      "pm_card_authenticationRequired",
      "6 authentication_required: the customer has to confirm the first payment"
    ),
  ])
  func whatDoesNotSucceedMayStand(_ card: String, _ failure: String) async throws {
    let shop = try await Shop()
    let result = await shop.run(
      "subscribe ada@example.com team --create --payment-method \(card) "
        + "--payment-behavior allow_incomplete --json")
    let subscription = try JSON(parsing: result.output)
    #expect(subscription["status"] == "incomplete")
    let url = subscription["hosted_invoice_url"]?.string ?? "-"
    #expect(try Shop.words(of: result) == "\(failure); the customer can pay at \(url)")
    #expect(
      try await shop.json("subscription show ada@example.com")["id"] == subscription["id"])
  }

  // MARK: Trials, quantities, discounts

  @Test func aTrialIsForTheFirst() async throws {
    let shop = try await Shop("allthrive")
    let card = "--payment-method pm_card_visa"
    let none = try await shop.json("subscribe b@c.d community-pro --create --trial-days 0 \(card)")
    #expect(none["status"] == "active" && none["trial_end"] == JSON.null)
    let first = try await shop.json("subscribe a@b.c community-pro --create \(card)")
    #expect(first["status"] == "trialing" && first["interval_count"] == 3)
    #expect(first["trial_end"] == first["current_period_end"])
    #expect(first["trial_end"]?.string?.hasPrefix("2026-11-27") == true)
    _ = try await shop.json("cancel a@b.c --now --yes")
    let second = try await shop.json("subscribe a@b.c community-pro \(card)")
    #expect(second["status"] == "active" && second["trial_end"] == JSON.null)
    _ = try await shop.json("cancel a@b.c --now --yes")
    let given = try await shop.json("subscribe a@b.c pro-learn --trial-days 14")
    #expect(given["trial_end"]?.string?.hasPrefix("2026-12-04") == true)
  }

  @Test func quantitiesAndDiscounts() async throws {
    let shop = try await Shop("coditect")
    let seats = try await shop.json(
      "subscribe a@b.c starter --create --quantity 3 --coupon launch --payment-method pm_card_visa")
    #expect(seats["quantity"] == 3 && seats["unit_amount"] == 1900)
    #expect(
      seats["discount"]?.compact == """
        {"coupon":"launch","promotion_code":null,"percent_off":20,"amount_off":null,\
        "ends_at":"2027-02-20T10:00:01Z"}
        """)
    let invoice = try await shop.json("invoice list a@b.c")["data"]?.array?.first
    #expect(invoice?["subtotal"] == 5700 && invoice?["total"] == 4560)
    let coded = try await shop.json(
      "subscribe b@c.d starter --create --promotion-code LAUNCH20 --payment-method pm_card_visa")
    #expect(coded["discount"]?["coupon"] == "launch")
    #expect(coded["discount"]?["promotion_code"]?.string?.hasPrefix("promo_") == true)
    for option in ["", " --local"] {
      #expect(
        try await shop.json("subscription show b@c.d" + option)["discount"] == coded["discount"])
    }
    #expect(
      try await shop.failure("subscribe c@d.e starter --create --promotion-code NONE")
        == "4 not_found: there is no promotion code 'NONE'; there is LAUNCH20")
    #expect(
      try await shop.failure("subscribe c@d.e starter --create --coupon none")
        == "4 not_found: there is no coupon 'none'; there is launch")
  }

  @Test func aMethodOfTheCustomersIsUsedAsItIs() async throws {
    let shop = try await Shop()
    _ = try await shop.json(
      "customer create --email ada@example.com --payment-method pm_card_visa")
    let id = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
    let methods = try await shop.call(.get, "customers", id, "payment_methods")
    let method = methods["data"]?.array?.first?["id"]?.string ?? "-"
    let requests = try await shop.dryRun(
      "subscribe ada@example.com team --payment-method \(method)")
    #expect(requests.count == 1)
    #expect(requests[0].contains(#""default_payment_method":"\#(method)""#))
    #expect(
      try await shop.failure("subscribe ada@example.com team --payment-method pm_nobody")
        == "4 not_found: no payment method pm_nobody")
  }

  @Test func aKeyDoesItOnce() async throws {
    let shop = try await Shop()
    let line = "subscribe a@b.c team --create --payment-method pm_card_visa --idempotency-key k"
    let first = try await shop.json(line)
    #expect(try await shop.json(line) == first)
    #expect(try await shop.json("subscription list --status all")["data"]?.array?.count == 1)
    #expect(try shop.journal(key: "k") == "done")
    for other in [
      "subscribe a@b.c enterprise --payment-method pm_card_visa",
      "subscribe a@b.c team --create --payment-method pm_card_visa --quantity 2", "cancel a@b.c",
    ] {
      #expect(
        try await shop.failure(other + " --idempotency-key k") == """
          5 idempotency_mismatch: the key k was used for other words of subscribe; \
          take another --idempotency-key
          """)
    }
  }
}
