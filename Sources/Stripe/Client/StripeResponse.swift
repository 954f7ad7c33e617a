package import Basics

/// A success that Stripe answered with: the object and what the headers tell about it.
package struct StripeResponse: Sendable {
  package let json: JSON
  package let requestID: String?
  /// Stripe's clock when it answered (`Date`); the age of what the answer says.
  package let date: Timestamp?
  /// Whether this is the saved answer to an earlier request with the same key.
  package let isReplay: Bool

  package init(json: JSON, requestID: String?, date: Timestamp?, isReplay: Bool) {
    self.json = json
    self.requestID = requestID
    self.date = date
    self.isReplay = isReplay
  }
}
