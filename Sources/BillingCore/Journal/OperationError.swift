package import Stripe

/// What kept an operation from being done.
package enum OperationError: Error, Sendable, Hashable {
  /// Stripe refused a step, or was not reached; the operation is closed.
  case failed(operationID: String, StripeError)
  /// A step may have been executed; the operation waits for `recover`.
  case outcomeUnknown(operationID: String, StripeError.Failure)
  /// Another process carried out the same command for the same customer, in other words, after
  /// this one had looked; nothing was sent.
  case overtaken(operationID: String)
  /// The key was used for something else.
  case idempotencyMismatch(key: String, command: String)
  /// The key's operation failed before, for a reason that the key keeps.
  case failedBefore(operationID: String, BillingOperation.Failure)
}
