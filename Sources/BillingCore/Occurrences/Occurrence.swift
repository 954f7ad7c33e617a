package import Basics

/// Something that happened to a customer, and that others may want to hear of: the company's own
/// services by their endpoints, the customer and the operators by notifications.
///
/// It follows from what became different in the mirror, in the same transaction, and not from who
/// told of it; of what leaves no trace there (a payment that failed, what is about to come) it
/// follows from the event. `Transaction.tell` hands it to those who hear it.
package struct Occurrence: Sendable, Hashable {
  /// What happened; the raw values are the names that endpoints know.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case subscriptionCreated = "subscription.created"
    case subscriptionUpdated = "subscription.updated"
    case subscriptionCanceled = "subscription.canceled"
    /// The trial ends in three days, unless it was made shorter.
    case trialEnding = "subscription.trial_ending"
    case trialEnded = "subscription.trial_ended"
    case invoiceCreated = "invoice.created"
    case invoiceUpcoming = "invoice.upcoming"
    case invoicePaid = "invoice.paid"
    case paymentFailed = "invoice.payment_failed"
    /// It was paid after an attempt that had failed.
    case paymentRecovered = "invoice.payment_recovered"
    case paymentMethodAttached = "payment_method.attached"
    case paymentMethodDetached = "payment_method.detached"
    case paymentIntentSucceeded = "payment_intent.succeeded"
    case paymentIntentFailed = "payment_intent.failed"
    case usageThresholdReached = "usage.threshold_reached"
    /// More is used than is included, and that is billed.
    case usageOverage = "usage.overage"
    case tokensPurchased = "tokens.purchased"
  }

  package var kind: Kind
  package var customerID: String
  /// When it happened, by Stripe's clock.
  package var at: Timestamp
  /// What brought it about. The same change has the same cause, whoever tells of it and however
  /// often, so that it is told once.
  package var cause: String
  /// The ids, plan, amounts and dates of what it happened to; the customer is not among them.
  package var payload: JSONObject

  package init(
    _ kind: Kind, customerID: String, at: Timestamp, cause: String, payload: JSONObject
  ) {
    self.kind = kind
    self.customerID = customerID
    self.at = at
    self.cause = cause
    self.payload = payload
  }
}
