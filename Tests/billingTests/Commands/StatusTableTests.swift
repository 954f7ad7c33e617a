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
      """
    )
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
