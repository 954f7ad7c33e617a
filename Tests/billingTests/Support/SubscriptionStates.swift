import Basics
import Stripe
import Testing

@testable import billing

/// The states that a customer's subscription can be in, and what commands do there.
enum SubscriptionStates {
  private static let subscribing = "subscribe ada@example.com team --create --payment-method "
  private static let visa = subscribing + "pm_card_visa"

  /// The commands that bring a customer into a state.
  static let all: [String: [String]] = [
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
    for line in all[state] ?? [] {
      if line == "card" {
        let id = try await shop.json("customer show ada@example.com")["id"]?.string ?? "-"
        _ = try await shop.json("sandbox portal act \(id) payment-method --card 4000000000000341")
      } else {
        _ = try await shop.json(line)
      }
    }
    return shop
  }

  /// What comes of a line, or the code of the refusal and its hint.
  private static func outcome(_ line: String, _ shop: Shop) async throws -> String {
    var line = line
    if line.contains("CARD") {
      let id = try await shop.json("customer show ada@example.com")["id"] ?? .null
      let card = try await shop.call(
        .post, "payment_methods", "pm_card_mastercard", "attach", parameters: ["customer": id])
      line = line.replacing("CARD", with: card["id"]?.string ?? "-")
    }
    let result = await shop.run(line + " --json")
    guard result.exit == .done else {
      let error = try JSON(parsing: result.errors)["error"]
      return "\(result.exit.rawValue) \(error?["code"]?.string ?? "-"): "
        + (error?["hint"]?.string ?? "no hint")
    }
    return "→ " + effect(try JSON(parsing: result.output))
  }

  private static func effect(_ object: JSON) -> String {
    if object["url"] != nil { return "a page" }
    if object["is_default"] == true { return "the card by default" }
    return object["cancel_at_period_end"] == nil
      ? "invoice \(object["status"]?.string ?? "-")" : effect(onSubscription: object)
  }

  private static func effect(onSubscription subscription: JSON) -> String {
    var words = [subscription["status"]?.string ?? "-"]
    if subscription["cancel_at_period_end"] == true { words.append("to end") }
    if subscription["status"] == "trialing", let end = subscription["trial_end"]?.string {
      words.append("trial until \(end.prefix(10))")
    }
    if let behavior = subscription["pause"]?["behavior"]?.string {
      words.append("collection: \(behavior)")
    }
    if let coupon = subscription["discount"]?["coupon"]?.string { words.append(coupon) }
    if let plan = subscription["plan"]?.string, plan != "team" { words.append(plan) }
    if let pending = subscription["pending_change"], pending != .null {
      words.append("by the \(pending["interval"]?.string ?? "-") later")
    }
    return words.joined(separator: ", ")
  }

  /// The rows of a table: every command by its title, on its own, where a customer stands in the
  /// state.
  static func rows(
    _ commands: KeyValuePairs<String, String>, in state: String
  ) async throws -> String {
    let shop = try await shop(state)
    let status = try await shop.json("customer show ada@example.com")["status"]?.string
    #expect(status == state.replacing(", to end", with: ""))
    let width = (commands.map { $0.key.count }.max() ?? 0) + 2
    var rows: [String] = []
    for (title, line) in commands {
      let padding = String(repeating: " ", count: width - title.count)
      rows.append(title + padding + (try await outcome(line, Shop(copying: shop))))
    }
    return rows.joined(separator: "\n")
  }
}
