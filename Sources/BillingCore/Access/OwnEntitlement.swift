package import Basics

/// What one customer was granted apart from its plan: a limit or a feature of its own, or that such
/// a grant was taken back. Rows are only ever added, so that the history stays.
package struct OwnEntitlement: Sendable, Hashable {
  package var id: Int64
  package var customerID: String
  /// The limit or feature of the catalogue.
  package var featureID: String
  /// A whole number or `unlimited` of a limit; true, false, a text or a list of a feature. Nil where
  /// the grant was taken back.
  package var value: JSON?
  /// From when on the plan's value holds again; nil for never.
  package var until: Timestamp?
  package var note: String?
  /// Who did it.
  package var actor: String
  package var created: Timestamp

  /// Whether it holds: the newest of its customer and feature, and not lapsed.
  package func isInForce(at now: Timestamp) -> Bool {
    value != nil && (until.map { now < $0 } ?? true)
  }
}

extension OwnEntitlement {
  /// A grant or its taking back, as it was asked for.
  package struct Request: Sendable, Hashable {
    package var customerID: String
    package var featureID: String
    package var value: JSON?
    package var until: Timestamp?
    package var note: String?
    package var actor: String
    package var change: OwnChange

    package init(
      customerID: String, featureID: String, value: JSON?, until: Timestamp?, note: String?,
      actor: String, change: OwnChange
    ) {
      self.customerID = customerID
      self.featureID = featureID
      self.value = value
      self.until = until
      self.note = note
      self.actor = actor
      self.change = change
    }

    /// Whether a row says the very same, so that none has to be added.
    func isSaid(by row: OwnEntitlement) -> Bool {
      row.value == value && row.until == until && row.note == note
    }
  }
}

/// Nothing that could be taken back was granted to a customer.
package struct NothingGranted: Error, Sendable, Hashable {
  package let customerID: String
  package let featureID: String

  package init(customerID: String, featureID: String) {
    (self.customerID, self.featureID) = (customerID, featureID)
  }
}
