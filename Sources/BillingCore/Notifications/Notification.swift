package import Basics

/// Something that a customer is to hear of: a row of the outbox.
package struct Notification: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// So many percent of a limit are used, or of what is included.
    case usageThreshold = "usage_threshold"
    /// More is used than is included, and that is billed.
    case usageOverage = "usage_overage"
  }

  package var kind: Kind
  package var customerID: String?
  /// What brought it about; the same cause is told once.
  package var cause: String
  package var payload: JSONObject

  package init(_ kind: Kind, customerID: String?, cause: String, payload: JSONObject) {
    self.kind = kind
    self.customerID = customerID
    self.cause = cause
    self.payload = payload
  }
}
