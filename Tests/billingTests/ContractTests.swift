import Basics
import Testing

@testable import billing

/// The fields of every object that scripts read, in their order, as the contract of the command line
/// lists them.
@Suite(.tags(.unit)) struct ContractTests {
  private static func keys(_ line: String) -> [String] {
    line.split(separator: " ").map { String($0) }
  }

  static let customer = keys(
    "id email name external_id plan status balance currency delinquent metadata created deleted")
  static let subscription = keys(
    """
    id customer plan plan_name interval interval_count price quantity status current_period_start \
    current_period_end trial_end cancel_at_period_end cancel_at canceled_at ended_at pause \
    pending_change unit_amount currency next_billing_date latest_invoice discount created items
    """)
  static let item = keys(
    "id price plan meter quantity current_period_start current_period_end")
  static let discount = keys("coupon promotion_code percent_off amount_off ends_at")
  static let invoice = keys(
    """
    id customer subscription number status currency subtotal total amount_due amount_paid \
    amount_remaining attempt_count next_payment_attempt period_start period_end \
    hosted_invoice_url invoice_pdf created lines
    """)
  static let line = keys("id description amount quantity proration period_start period_end price")
  static let change = keys("at kind from to cause")
  static let decision = keys(
    """
    allowed customer feature plan reason message value limit used remaining per upgrade_to \
    packages upgrade_url
    """)
  static let overview = keys(
    """
    customer plan_name unit_amount currency interval status next_billing_date cancels_on \
    trial_ends_on limits tokens alerts payment_method invoices plans
    """)
  static let plan = keys(
    "id name description rank prices trial_days limits features api available")
  static let apiKey = keys(
    """
    id customer name prefix tier rate_limit_per_minute monthly_quota active last_used_at created \
    expires_at revoked_at
    """)
  static let keyDecision = keys(
    "valid reason id customer tier rate_limit quota retry_after_seconds")
  static let dryRun = keys("dry_run requests changes preview")
  static let event = keys(
    """
    id type created api_version livemode status attempts received_at processed_at error object_id \
    customer
    """)

  /// Values that are moments: ISO 8601 in UTC, or null.
  private func expectTimes(_ json: JSON?, _ keys: [String]) {
    for key in keys {
      guard let value = json?[key], value != .null else { continue }
      #expect(
        value.string?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil,
        "\(key): \(value.compact)")
    }
  }

  @Test func everyObjectHasItsFields() async throws {
    let shop = try await Shop("coditect")
    let customer = try await shop.json("customer create --email ada@example.com")
    #expect(customer.object?.keys == Self.customer)
    expectTimes(customer, ["created"])
    let made = try await shop.json(
      "subscribe ada@example.com starter --coupon launch --payment-method pm_card_visa")
    #expect(made.object?.keys == Self.subscription + ["client_secret", "hosted_invoice_url"])
    #expect(made["items"]?.array?.count == 3)
    for item in made["items"]?.array ?? [] { #expect(item.object?.keys == Self.item) }
    #expect(made["discount"]?.object?.keys == Self.discount)
    let invoice = try await shop.json("invoice show \(made["latest_invoice"]?.string ?? "-")")
    #expect(invoice.object?.keys == Self.invoice)
    for line in invoice["lines"]?.array ?? [] {
      #expect(line.object?.keys == Self.line)
      expectTimes(line, ["period_start", "period_end"])
    }
    expectTimes(invoice, ["next_payment_attempt", "period_start", "period_end", "created"])
    for line in [
      "cancel ada@example.com", "resume ada@example.com", "subscription show ada@example.com",
    ] {
      let json = try await shop.json(line)
      #expect(json.object?.keys == Self.subscription)
      expectTimes(
        json,
        [
          "current_period_start", "current_period_end", "trial_end", "cancel_at", "canceled_at",
          "ended_at", "next_billing_date", "created",
        ])
    }
    let plan = try await shop.json("cancel ada@example.com --dry-run")
    #expect(plan.object?.keys == Self.dryRun)
    #expect(plan["requests"]?.array?.first?.object?.keys == ["method", "path", "params"])
  }

  @Test(arguments: [
    ("customer list", customer), ("customer list --local", customer),
    ("subscription list", subscription), ("subscription list --local", subscription),
    ("invoice list", invoice), ("invoice list --local", invoice),
    ("subscription history ada@example.com", change), ("gate list ada@example.com", decision),
    ("webhook list", event),
  ])
  func everyListHasItsFields(_ line: String, _ expected: [String]) async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create --payment-method pm_card_visa")
    let list = try await shop.json(line)
    #expect(list.object?.keys == ["data", "has_more"])
    #expect(list["data"]?.array?.isEmpty == false)
    for row in list["data"]?.array ?? [] {
      #expect(row.object?.keys == expected)
      expectTimes(row, ["at", "created", "received_at", "processed_at"])
    }
    let csv = await shop.run(line + " --format csv").output.prefix { !$0.isNewline }
    #expect(csv == expected.joined(separator: ","))
  }

  @Test func anOverviewHasItsFields() async throws {
    let shop = try await Shop()
    _ = try await shop.json("subscribe ada@example.com team --create --payment-method pm_card_visa")
    let view = try await shop.json("customer overview ada@example.com")
    #expect(view.object?.keys == Self.overview)
    expectTimes(view, ["next_billing_date", "cancels_on", "trial_ends_on"])
    #expect(view["invoices"]?.array?.map { $0.object?.keys } == [Self.invoice])
    for plan in view["plans"]?.array ?? [] { #expect(plan.object?.keys == Self.plan) }
    let decision = try await shop.json("gate check ada@example.com support")
    #expect(decision.object?.keys == Self.decision)
  }

  @Test func anErrorIsOneLine() async throws {
    let shop = try await Shop(seeds: false)
    let errors = await shop.run("customer show nobody@example.com --json").errors
    #expect(errors.split(separator: "\n").count == 1)
    let error = try JSON(parsing: errors)["error"]
    #expect(error?.object?.keys == ["code", "message", "hint", "exit"])
  }
}
