package import Basics

/// Something that an endpoint is told, and how that goes.
package struct OutgoingDelivery: Sendable, Hashable {
  package enum Status: String, Sendable, Hashable, CaseIterable {
    /// It is to be sent, for the first time or again.
    case pending
    case delivered
    /// It was given up, until somebody asks for it.
    case failed
  }

  /// By which the receiver knows a repetition.
  package var id: String
  package var endpointID: String
  package var url: String
  package var type: String
  package var customerID: String?
  /// When it happened.
  package var at: Timestamp
  package var status: Status
  package var attempts: Int
  /// Nil for at once, and for what is not pending.
  package var nextAttemptAt: Timestamp?
  /// Of the last attempt; nil where no answer came.
  package var httpStatus: Int?
  package var error: String?
  package var deliveredAt: Timestamp?
  package var created: Timestamp
}

extension OutgoingDelivery {
  /// Which deliveries are meant.
  package struct Filter: Sendable, Hashable {
    package var status: Status?
    package var endpointID: String?
    package var customerID: String?
    /// At most so many, the newest first; all where there is none.
    package var limit: Int?

    package init() {}
  }
}
