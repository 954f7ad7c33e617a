package import Basics

/// Something that is counted.
package struct MeterDefinition: Sendable, Hashable {
  package enum Aggregation: String, Sendable, Hashable, CaseIterable {
    case sum, count, last
  }

  package let id: String
  package let name: String
  package let aggregation: Aggregation
  /// Under which Stripe counts it: `<namespace>_<id>`, or the file's `event_name`.
  package let eventName: String
}

/// Tokens for sale.
package struct TokenPackage: Sendable, Hashable {
  package let id: String
  package let name: String
  package let description: String?
  package let tokens: Int64
  /// In minor units of `currency`.
  package let unitAmount: Int64
  package let currency: String
  /// After which tokens of the package lapse; nil for never.
  package let expires: TimeSpan?
  package let productID: String
  /// A price made elsewhere; nil for the one that is seeded.
  package let priceID: String?
  package let lookupKey: String
}

/// A meter whose use tokens pay for once a plan's limit is used up.
package struct TokenCover: Sendable, Hashable {
  package let meterID: String
  package let tokensPerUnit: Int64
}

/// A reduction, and the codes by which customers get it.
package struct CouponDefinition: Sendable, Hashable {
  package enum Reduction: Sendable, Hashable {
    /// An exact decimal up to 100.
    case percent(String)
    /// In minor units.
    case amount(Int64, currency: String)
  }

  package enum Duration: Sendable, Hashable {
    case once, forever
    case repeating(months: Int64)

    package var name: String {
      switch self {
      case .once: "once"
      case .forever: "forever"
      case .repeating: "repeating"
      }
    }
  }

  package let id: String
  package let name: String?
  package let reduction: Reduction
  package let duration: Duration
  package let maxRedemptions: Int64?
  package let redeemBy: Timestamp?
  package let promotionCodes: [String]
}

/// Where customers are sent to; each nil where the file gives none.
package struct CatalogueURLs: Sendable, Hashable {
  package var checkoutSuccess: String?
  package var checkoutCancel: String?
  package var portalReturn: String?
  package var upgrade: String?
}

/// Who sells; shown in the customer portal, on pages and in messages.
package struct BusinessProfile: Sendable, Hashable {
  package var name: String?
  package var email: String?
  package var url: String?
  package var privacyPolicyURL: String?
  package var termsOfServiceURL: String?
  package var statementDescriptor: String?
}

/// What may be refunded without an override.
package struct RefundPolicy: Sendable, Hashable {
  /// Days after payment; nil for no limit.
  package var windowDays: Int64?
  /// In minor units of the catalogue's currency; nil for no limit.
  package var maximumAmount: Int64?

  package init(windowDays: Int64? = nil, maximumAmount: Int64? = nil) {
    self.windowDays = windowDays
    self.maximumAmount = maximumAmount
  }
}

/// A figure that a metric is held against.
package struct Goal: Sendable, Hashable {
  package let metric: String
  /// An exact decimal.
  package let target: String
}
