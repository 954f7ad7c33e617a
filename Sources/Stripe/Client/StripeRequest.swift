package import Basics

/// One call of Stripe's API as a value: what a dry run shows, the journal keeps and the client sends.
package struct StripeRequest: Sendable, Hashable {
  package var method: HTTPMethod
  package var path: StripePath
  /// Nested parameters: the query of a GET or DELETE, the form of a POST.
  package var parameters: JSONObject
  /// Every POST has one: the caller's, or one that the client makes.
  package var idempotencyKey: IdempotencyKey?

  package init(
    _ method: HTTPMethod, _ path: StripePath, _ parameters: JSONObject = [:],
    idempotencyKey: IdempotencyKey? = nil
  ) {
    self.method = method
    self.path = path
    self.parameters = parameters
    self.idempotencyKey = idempotencyKey
  }
}
