import Basics
import Stripe

/// How an operation ends that did not come about, or of which nobody knows.
extension OperationRunner {
  func save(_ operation: BillingOperation) throws {
    try gateway.store.write { try $0.update(operation) }
  }

  /// Writes down what an error means for the operation, takes back what can be taken back, and
  /// returns the error to throw.
  func close(
    _ operation: BillingOperation, after error: StripeError, mayHaveBeenSent: Bool
  ) async throws -> OperationError {
    var operation = operation
    operation.error = BillingOperation.Failure(error)
    if case .outcomeUnknown(let failure) = error {
      operation.state = .unknown
      operation.isKeyBurnt = failure.isReplay && (failure.status ?? 0) >= 500
      // The row is unsettled already: what the user must hear is that the outcome is unknown.
      try? save(operation)
      return .outcomeUnknown(operationID: operation.id, failure)
    }
    if mayHaveBeenSent, error.leavesEarlierAttemptOpen(operation.steps[operation.nextStep].method) {
      operation.state = .unknown
      try? save(operation)
      return unknown(operation)
    }
    if operation.isHalfDone, !error.isRefusal {
      // What cannot be taken back is done; the rest is still to come.
      return keptUnknown(
        operation,
        because: "step \(operation.nextStep) of \(operation.steps.count) is done, the next one is "
          + "not: \(operation.error?.message ?? "no answer")")
    }
    if operation.isHalfDone {
      let reason = operation.error?.message ?? "no answer"
      operation.error?.message =
        "\(operation.nextStep) of \(operation.steps.count) steps done, then: \(reason)"
    }
    // Before the row is closed: should this process die here, recover meets the refusal again.
    switch error {
    case .refused: await undo(&operation)
    // A key of the user's may be used again, and then goes on from here.
    case .rateLimited where operation.hasOwnKey: await undo(&operation)
    case .rateLimited, .notReached, .noAnswer, .outcomeUnknown, .invalidRequest: break
    }
    operation.state = .failed
    try save(operation)
    return .failed(operationID: operation.id, error)
  }

  /// Stripe did it, and we could not write that down: the row stays for `recover`, whatever the
  /// database still lets us say about why.
  func keptUnknown(
    _ operation: BillingOperation, because detail: String
  ) -> OperationError {
    var operation = operation
    operation.state = .unknown
    operation.error = .init(code: "outcome_unknown", message: detail)
    try? save(operation)
    return .outcomeUnknown(operationID: operation.id, .init(detail: detail))
  }

  /// Takes the finished steps back, the last one first. What cannot be taken back stays: it is in
  /// the journal. What somebody uses by now stays too, and is named in the operation's error.
  func undo(_ operation: inout BillingOperation) async {
    for (index, step) in operation.steps.prefix(operation.nextStep).enumerated().reversed() {
      guard let undo = step.undo else { continue }
      guard await isUnused(undo, operation) else {
        operation.error?.left.append(operation.results[index])
        continue
      }
      let isKeyed = undo.method == .post
      let request = StripeRequest(
        undo.method, OperationStep.path(undo.path, results: operation.results),
        idempotencyKey: isKeyed
          ? IdempotencyKey("\(operation.key.text):undo\(index + 1)") : nil)
      guard let response = try? await gateway.client.send(request), let date = response.date,
        let snapshot = Snapshot(
          response.json, origin: .response, asOf: date, cause: operation.id)
      else { continue }
      _ = try? gateway.store.write { try gateway.mirror.apply(snapshot, in: $0) }
    }
  }

  /// Whether nothing stands in the way of taking a step back. Of what cannot be read nobody knows.
  private func isUnused(
    _ undo: OperationStep.Undo, _ operation: BillingOperation
  ) async -> Bool {
    for list in undo.unused {
      let found = try? await gateway.list(
        OperationStep.path(list.path, results: operation.results),
        OperationStep.filled(list.parameters, results: operation.results), limit: 1,
        cause: operation.id)
      guard let found, found.objects.isEmpty else { return false }
    }
    return true
  }

  func unknown(_ operation: BillingOperation) -> OperationError {
    .outcomeUnknown(
      operationID: operation.id,
      StripeError.Failure(detail: operation.error?.message ?? "no answer was written down"))
  }

  func failedBefore(_ operation: BillingOperation) -> OperationError {
    .failedBefore(
      operationID: operation.id,
      operation.error ?? .init(code: "internal", message: "no reason was written down"))
  }
}

extension BillingOperation {
  /// Whether a step is done that nothing takes back.
  fileprivate var isHalfDone: Bool {
    steps.prefix(nextStep).contains { $0.undo == nil && !$0.mayStay }
  }
}

extension StripeError {
  fileprivate var isRefusal: Bool {
    guard case .refused = self else { return false }
    return true
  }

  /// Whether the error tells nothing about an attempt of an earlier run: the server was not reached,
  /// or it answered before it looked at the key. The first outcome stands behind every other
  /// refusal, but for a DELETE, which has no key and does not find what is gone.
  fileprivate func leavesEarlierAttemptOpen(_ method: HTTPMethod) -> Bool {
    guard case .refused(let refusal) = self else { return true }
    return [401, 403, 409].contains(refusal.status) || refusal.type == "idempotency_error"
      || (method == .delete && refusal.status == 404)
  }
}
