import Basics
import Stripe
import Testing

@testable import billing

/// Every command on a subscription against every state that a customer's subscription can be in:
/// what comes of it, or the code of the refusal and its hint.
@Suite(.tags(.unit)) struct StatusTableTests {
  private static let commands = [
    "subscribe ada@example.com team --payment-method pm_card_visa", "cancel ada@example.com",
    "cancel ada@example.com --now --yes", "resume ada@example.com", "pause ada@example.com",
    "unpause ada@example.com", "trial ada@example.com extend --days 3",
    "trial ada@example.com end", "discount apply ada@example.com --coupon thanks",
  ]

  private static let subscribing = "subscribe ada@example.com team --create --payment-method "
  private static let visa = subscribing + "pm_card_visa"

  /// The commands that bring a customer into a state.
  private static let states: [String: [String]] = [
    "none": ["customer create --email ada@example.com"],
    "trialing": [visa + " --trial-days 7"],
    "active": [visa],
    "active, to end": [visa, "cancel ada@example.com"],
    "past_due": [visa, "card", "sandbox advance '1 month 2 hours'"],
    "unpaid": [
      "sandbox settings --after-retries unpaid", visa, "card", "sandbox advance '2 months'",
    ],
    "incomplete": ["subscribe ada@example.com team --create"],
    "incomplete_expired": ["subscribe ada@example.com team --create", "sandbox advance 24h"],
    "paused": ["subscribe ada@example.com team --create --trial-days 7", "sandbox advance 8d"],
    "canceled": [visa, "cancel ada@example.com --now --yes"],
  ]

  private static func shop(_ state: String) async throws -> Shop {
    let shop = try await Shop()
    try await shop.call(.post, "coupons", parameters: ["id": "thanks", "percent_off": 10])
    for line in states[state] ?? [] {
      if line == "card" {
        let id = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
        _ = try await shop.json("sandbox portal act \(id) payment-method --card 4000000000000341")
      } else {
        _ = try await shop.json(line)
      }
    }
    return shop
  }

  /// A row of the table: the words that tell commands apart, and the outcome.
  private static func row(_ line: String, _ shop: Shop) async throws -> String {
    let words = line.replacing(" ada@example.com", with: "")
      .replacing(" team --payment-method pm_card_visa", with: "").replacing(" --yes", with: "")
      .replacing(" --days 3", with: "").replacing(" --coupon thanks", with: "")
    let title = words + String(repeating: " ", count: max(1, 16 - words.count))
    let result = await shop.run(line + " --json")
    guard result.exit == .done else {
      let error = try JSON(parsing: result.errors)["error"]
      return "\(title)\(result.exit.rawValue) \(error?["code"]?.string ?? "-"): "
        + (error?["hint"]?.string ?? "no hint")
    }
    return title + Self.effect(try JSON(parsing: result.output))
  }

  private static func effect(_ subscription: JSON) -> String {
    var words = [subscription["status"]?.string ?? "-"]
    if subscription["cancel_at_period_end"] == true { words.append("to end") }
    if subscription["status"] == "trialing", let end = subscription["trial_end"]?.string {
      words.append("trial until \(end.prefix(10))")
    }
    if let behavior = subscription["pause"]?["behavior"]?.string {
      words.append("collection: \(behavior)")
    }
    if let coupon = subscription["discount"]?["coupon"]?.string { words.append(coupon) }
    return "→ " + words.joined(separator: ", ")
  }

  private static let table: [(state: String, rows: String)] = [
    (
      "none",
      """
      subscribe       → active
      cancel          5 invalid_state: billing subscribe begins one
      cancel --now    5 invalid_state: billing subscribe begins one
      resume          5 invalid_state: billing subscribe begins one
      pause           5 invalid_state: billing subscribe begins one
      unpause         5 invalid_state: billing subscribe begins one
      trial extend    5 invalid_state: billing subscribe begins one
      trial end       5 invalid_state: billing subscribe begins one
      discount apply  5 invalid_state: billing subscribe begins one
      """
    ),
    (
      "trialing",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          → trialing, to end, trial until 2026-11-27
      cancel --now    → canceled
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           → trialing, trial until 2026-11-27, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    → trialing, trial until 2026-11-30
      trial end       → active
      discount apply  → trialing, trial until 2026-11-27, thanks
      """
    ),
    (
      "active",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          → active, to end
      cancel --now    → canceled
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           → active, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    5 invalid_state: billing discount apply makes its next bill smaller
      trial end       5 invalid_state: billing discount apply makes its next bill smaller
      discount apply  → active, thanks
      """
    ),
    (
      "active, to end",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          5 invalid_state: billing resume takes that back; --now ends it at once
      cancel --now    → canceled
      resume          → active
      pause           → active, to end, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    5 invalid_state: billing discount apply makes its next bill smaller
      trial end       5 invalid_state: billing discount apply makes its next bill smaller
      discount apply  5 invalid_state: billing resume first
      """
    ),
    (
      "past_due",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          → past_due, to end
      cancel --now    → canceled
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           → past_due, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    5 invalid_state: billing discount apply makes its next bill smaller
      trial end       5 invalid_state: billing discount apply makes its next bill smaller
      discount apply  → past_due, thanks
      """
    ),
    (
      "unpaid",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          → unpaid, to end
      cancel --now    → canceled
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           → unpaid, collection: void
      unpause         5 invalid_state: billing pause begins a pause
      trial extend    5 invalid_state: billing discount apply makes its next bill smaller
      trial end       5 invalid_state: billing discount apply makes its next bill smaller
      discount apply  → unpaid, thanks
      """
    ),
    (
      "incomplete",
      """
      subscribe       → active
      cancel          → incomplete_expired
      cancel --now    → incomplete_expired
      resume          5 invalid_state: billing subscription show tells how it stands
      pause           5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      unpause         5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      trial extend    5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      trial end       5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      discount apply  5 invalid_state: billing subscribe begins anew, with a payment method; \
      billing cancel ends it
      """
    ),
    (
      "incomplete_expired",
      """
      subscribe       → active
      cancel          5 invalid_state: billing subscribe begins one
      cancel --now    5 invalid_state: billing subscribe begins one
      resume          5 invalid_state: billing subscribe begins one
      pause           5 invalid_state: billing subscribe begins one
      unpause         5 invalid_state: billing subscribe begins one
      trial extend    5 invalid_state: billing subscribe begins one
      trial end       5 invalid_state: billing subscribe begins one
      discount apply  5 invalid_state: billing subscribe begins one
      """
    ),
    (
      "paused",
      """
      subscribe       5 invalid_state: billing upgrade changes its plan; billing cancel ends it
      cancel          5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      cancel --now    → canceled
      resume          5 invalid_state: billing payment-method attach gives one; \
      billing portal lets the customer do it
      pause           5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      unpause         5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      trial extend    5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      trial end       5 invalid_state: billing resume lets it go on; \
      billing cancel --now ends it
      discount apply  → paused, thanks
      """
    ),
    (
      "canceled",
      """
      subscribe       → active
      cancel          5 invalid_state: billing subscribe begins one
      cancel --now    5 invalid_state: billing subscribe begins one
      resume          5 invalid_state: billing subscribe begins one
      pause           5 invalid_state: billing subscribe begins one
      unpause         5 invalid_state: billing subscribe begins one
      trial extend    5 invalid_state: billing subscribe begins one
      trial end       5 invalid_state: billing subscribe begins one
      discount apply  5 invalid_state: billing subscribe begins one
      """
    ),
  ]

  @Test(arguments: table) func everyCommandOnEveryState(_ state: String, _ rows: String)
    async throws
  {
    let shop = try await Self.shop(state)
    let status = try await shop.json("customer show ada@example.com")["status"]?.string
    #expect(status == state.replacing(", to end", with: ""))
    var found: [String] = []
    for line in Self.commands { found.append(try await Self.row(line, Shop(copying: shop))) }
    #expect(found.joined(separator: "\n") == rows)
  }

  @Test func everyStateIsInTheTable() {
    #expect(Set(Self.table.map { $0.state }) == Set(Self.states.keys))
  }
}
