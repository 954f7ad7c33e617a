import BillingCore
import Stripe

extension OperationError: Explainable {
  var explanation: CommandError {
    switch self {
    case .failed(_, let error): return error.explanation
    case .outcomeUnknown(let id, let failure):
      var error = StripeError.outcomeUnknown(failure).explanation
      error.message += " (\(id))"
      return error
    case .overtaken(let id):
      return .conflict(
        "invalid_state", "another process changed this customer just now (\(id)); nothing was sent",
        hint: "run it again: it then goes by how things stand")
    case .idempotencyMismatch(let key, let command):
      return .conflict(
        "idempotency_mismatch", "the key \(key) was used for other words of \(command)",
        hint: "take another --idempotency-key")
    case .failedBefore(let id, let failure):
      return CommandError(
        failure.code, "\(failure.message) (\(id), under the same key)",
        hint: "take another --idempotency-key to try anew", exit: .refused,
        requestID: failure.requestID)
    }
  }
}

extension MalformedObject: Explainable {
  var explanation: CommandError {
    CommandError(
      "api_error", "Stripe sent an object that cannot be read: \(description)",
      exit: .unreachable)
  }
}
