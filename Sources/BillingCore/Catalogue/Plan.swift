/// What a customer can be on: prices, and the rights that come with them.
package struct Plan: Sendable, Hashable {
  package let id: String
  package let name: String
  package let description: String?
  /// Its place among the plans: an upgrade goes to a higher rank.
  package let rank: Int
  /// Its product at Stripe; nil where the plan has no prices.
  package let productID: String?
  /// Whether it may be sold; a plan without prices never is.
  package let isAvailable: Bool
  package let trialDays: Int
  package let trialRequiresPaymentMethod: Bool
  package internal(set) var prices: [PlanPrice]
  package let overages: [Overage]
  package let limits: [Limit]
  package let features: [Feature]
  package let api: APIAllowance?

  package var isForSale: Bool { isAvailable && !prices.isEmpty }

  package func price(_ interval: BillingInterval) -> PlanPrice? {
    prices.first { $0.interval == interval }
  }

  package func limit(_ id: String) -> Limit? { limits.first { $0.id == id } }
  package func feature(_ id: String) -> Feature? { features.first { $0.id == id } }
  package func overage(meter id: String) -> Overage? { overages.first { $0.meterID == id } }
}

/// What a plan costs for one interval.
package struct PlanPrice: Sendable, Hashable {
  package let interval: BillingInterval
  /// In minor units of `currency`.
  package let unitAmount: Int64
  package let currency: String
  /// A price made elsewhere, from the file or the environment; nil for the one that is seeded and
  /// found by its lookup key.
  package internal(set) var id: String?
  package let lookupKey: String
}

extension PlanPrice {
  /// A price that stands in no catalogue: what one customer is to pay.
  package static func agreed(
    _ unitAmount: Int64, _ currency: String, each interval: BillingInterval
  ) -> PlanPrice {
    PlanPrice(
      interval: interval, unitAmount: unitAmount, currency: currency, id: nil, lookupKey: "")
  }
}

/// What is charged for use beyond what a plan includes in a billing period.
package struct Overage: Sendable, Hashable {
  package let meterID: String
  package let included: Int64
  /// Minor units for each unit beyond, as an exact decimal: `1`, `0.05`.
  package let unitAmountDecimal: String
  /// One price at Stripe for each interval of the plan.
  package let prices: [OveragePrice]
}

package struct OveragePrice: Sendable, Hashable {
  package let interval: BillingInterval
  package let currency: String
  package let lookupKey: String
}

// MARK: Rights

/// How much of something a plan allows.
package struct Limit: Sendable, Hashable {
  /// The time in which a flow is counted.
  package enum Window: String, Sendable, Hashable, CaseIterable {
    case day, month, period, lifetime
  }

  package let id: String
  /// Nil for unlimited.
  package let maximum: Int64?
  /// For a flow, which is named like a meter; nil for a level, which is held and given back.
  package let window: Window?

  package init(id: String, maximum: Int64?, window: Window?) {
    (self.id, self.maximum, self.window) = (id, maximum, window)
  }

  package var isFlow: Bool { window != nil }
}

/// Something that a plan has or has not.
package struct Feature: Sendable, Hashable {
  package enum Value: Sendable, Hashable {
    case flag(Bool)
    case text(String)
    case list([String])
  }

  package let id: String
  package let value: Value

  /// Whether the plan grants it: true, or a text or list that is not empty.
  package var isOn: Bool {
    switch value {
    case .flag(let value): value
    case .text(let text): !text.isEmpty
    case .list(let elements): !elements.isEmpty
    }
  }
}

/// What an API key of a customer on the plan may do.
package struct APIAllowance: Sendable, Hashable {
  /// Nil for unlimited.
  package let rateLimitPerMinute: Int64?
  /// Nil for unlimited.
  package let monthlyQuota: Int64?
}
