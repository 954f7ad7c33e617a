import Basics
import BillingCore
import Foundation

/// A plan as JSON: `id name description rank prices trial_days limits features api available`.
enum PlanJSON {
  /// `priceIDs` are the ids that the mirror knows, by lookup key.
  static func of(
    _ plan: Plan, interval: BillingInterval? = nil, priceIDs: [String: String] = [:]
  ) -> JSON {
    let prices = plan.prices.filter { interval == nil || $0.interval == interval }
    return [
      "id": .string(plan.id), "name": .string(plan.name), "description": JSON(plan.description),
      "rank": JSON(plan.rank), "prices": .array(prices.map { of($0, priceIDs) }),
      "trial_days": JSON(plan.trialDays), "limits": of(plan.limits),
      "features": of(plan.features), "api": of(plan.api), "available": .bool(plan.isAvailable),
    ]
  }

  private static func of(_ price: PlanPrice, _ priceIDs: [String: String]) -> JSON {
    [
      "interval": .string(price.interval.unit.rawValue),
      "interval_count": JSON(price.interval.count), "unit_amount": .integer(price.unitAmount),
      "currency": .string(price.currency), "price": JSON(price.id ?? priceIDs[price.lookupKey]),
      "lookup_key": .string(price.lookupKey),
    ]
  }

  private static func of(_ limits: [Limit]) -> JSON {
    .object(
      JSONObject(
        uniqueKeysWithValues: limits.map { limit in
          (limit.id, ["max": JSON(limit.maximum), "per": JSON(limit.window?.rawValue)])
        }))
  }

  private static func of(_ features: [Feature]) -> JSON {
    .object(JSONObject(uniqueKeysWithValues: features.map { ($0.id, of($0.value)) }))
  }

  static func of(_ value: Feature.Value) -> JSON {
    switch value {
    case .flag(let value): .bool(value)
    case .text(let text): .string(text)
    case .list(let elements): .array(elements.map { .string($0) })
    }
  }

  private static func of(_ api: APIAllowance?) -> JSON {
    guard let api else { return .null }
    return [
      "rate_limit_per_minute": JSON(api.rateLimitPerMinute),
      "monthly_quota": JSON(api.monthlyQuota),
    ]
  }
}

/// The parts of a plan in words, for tables and pages.
enum PlanWords {
  static func price(_ price: PlanPrice) -> String {
    "\(MoneyText.of(price.unitAmount, price.currency)) \(price.interval.rateWords)"
  }

  static func limit(_ limit: Limit) -> String {
    guard let maximum = limit.maximum else { return "unlimited" }
    let window =
      switch limit.window {
      case nil: ""
      case .day: " a day"
      case .month: " a month"
      case .period: " a billing period"
      case .lifetime: " in all"
      }
    return number(maximum) + window
  }

  static func feature(_ feature: Feature) -> String {
    switch feature.value {
    case .flag(let value): value ? "yes" : "no"
    case .text(let text): text.isEmpty ? "no" : text
    case .list(let elements): elements.isEmpty ? "no" : elements.joined(separator: ", ")
    }
  }

  static func overage(_ overage: Overage, currency: String, in catalogue: Catalogue) -> String {
    let amount = JSON.number(overage.unitAmountDecimal)
    let money = amount.map { MoneyText.of($0, currency) } ?? overage.unitAmountDecimal
    let name = catalogue.displayName(overage.meterID)
    return "\(name): \(number(overage.included)) included, then \(money) each"
  }

  /// `1,000`
  static func number(_ value: Int64) -> String {
    // As money without decimals and currency it is grouped by thousands.
    MoneyText.of(value, "jpy").replacing("¥", with: "")
  }

  static func number(orUnlimited value: Int64?) -> String { value.map(number) ?? "unlimited" }
}

extension JSON {
  /// A decimal text as a number.
  fileprivate static func number(_ text: String) -> Decimal? {
    (try? JSON(parsing: text))?.decimal
  }
}
