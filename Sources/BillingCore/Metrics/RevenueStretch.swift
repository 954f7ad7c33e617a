package import Basics

/// A stretch of time in which a subscription stayed as it was, and what it came to in a year.
package struct RevenueStretch: Sendable, Hashable {
  package var from: Timestamp
  /// The first moment after it; `latest` for one whose end is not known.
  package var until: Timestamp
  package var status: String
  package var planID: String?
  package var currency: String
  /// In minor units; 0 while it brings nothing.
  package var yearlyAmount: Int64
  /// When the trial before it was over; nil where there was none.
  package var trialEndedAt: Timestamp?

  package init(
    from: Timestamp, until: Timestamp = .latest, status: String, planID: String?,
    currency: String, yearlyAmount: Int64, trialEndedAt: Timestamp? = nil
  ) {
    self.from = from
    self.until = until
    self.status = status
    self.planID = planID
    self.currency = currency
    self.yearlyAmount = yearlyAmount
    self.trialEndedAt = trialEndedAt
  }
}
