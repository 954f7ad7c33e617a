package import Basics

/// Something that a customer or the operators are to hear of: a row of the outbox.
package struct Notification: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case paymentFailed = "payment_failed"
    /// It was paid after an attempt that had failed.
    case paymentRecovered = "payment_recovered"
    case trialEnding = "trial_ending"
    case trialEnded = "trial_ended"
    case subscriptionStarted = "subscription_started"
    case subscriptionChanged = "subscription_changed"
    /// It is going to end, or has ended.
    case subscriptionCanceled = "subscription_canceled"
    /// So many percent of a limit are used, or of what is included.
    case usageThreshold = "usage_threshold"
    /// More is used than is included, and that is billed.
    case usageOverage = "usage_overage"
    case tokensPurchased = "tokens_purchased"
    /// The card of a running subscription ends before its next bill.
    case cardExpiring = "card_expiring"
    /// Something is not tried any more until somebody asks: an event, a delivery, a message.
    case deadLetters = "dead_letters"
    /// The mirror differs from Stripe.
    case drift
    /// The tokens do not add up.
    case ledgerDifference = "ledger_difference"
    case doctorFault = "doctor_fault"

    /// Whether it is about the machinery, and no customer's business.
    package var isForOperators: Bool {
      switch self {
      case .deadLetters, .drift, .ledgerDifference, .doctorFault: true
      case .paymentFailed, .paymentRecovered, .trialEnding, .trialEnded, .subscriptionStarted,
        .subscriptionChanged, .subscriptionCanceled, .usageThreshold, .usageOverage,
        .tokensPurchased, .cardExpiring:
        false
      }
    }
  }

  package var kind: Kind
  package var customerID: String?
  /// What brought it about; the same cause is told once.
  package var cause: String
  /// When it happened, by Stripe's clock; nil where it has none.
  package var at: Timestamp?
  package var payload: JSONObject

  package init(
    _ kind: Kind, customerID: String?, cause: String, at: Timestamp? = nil, payload: JSONObject
  ) {
    self.kind = kind
    self.customerID = customerID
    self.cause = cause
    self.at = at
    self.payload = payload
  }
}
