import Basics
import Stripe

/// Settles operations whose outcome is not known: re-sends them under their own key while Stripe
/// still remembers it, else finds out by reading. Never sends anything under a new key.
package struct Recovery: Sendable {
  /// Stripe keeps keys for at least 24 hours; an hour is left for clocks and the call itself.
  static let keyLifetimeSeconds: Int64 = 23 * 3600

  /// How far this machine's clock may have been set back since an operation was written down. One
  /// from further ahead has an age that nobody knows, so it counts as old.
  static let clockSlackSeconds: Int64 = 300

  private let runner: OperationRunner

  package init(runner: OperationRunner) { self.runner = runner }

  /// Settles every unsettled operation, oldest first; one that stays unknown does not stop the
  /// rest.
  package func settleAll(
    onEach: (BillingOperation) -> Void = { _ in }
  ) async throws -> [BillingOperation] {
    var settled: [BillingOperation] = []
    for operation in try runner.gateway.store.read({ try $0.unsettledOperations() }) {
      let result = try await settle(operation)
      onEach(result)
      settled.append(result)
    }
    return settled
  }

  /// The operation as it is known after trying: done, failed, or still unknown where Stripe could
  /// not be asked.
  func settle(_ operation: BillingOperation) async throws -> BillingOperation {
    do {
      if isYoung(operation), !operation.isKeyBurnt {
        let rest = try await passingDeletion(operation)
        return try await runner.carryOut(rest, wasDoneBefore: true).operation
      }
      return try await settleByReading(operation)
    } catch is OperationError, is StripeError {
      let current = try runner.gateway.store.read { try $0.operation(operation.id) } ?? operation
      guard current.isKeyBurnt, !operation.isKeyBurnt else { return current }
      return try await settleByReading(current)
    }
  }

  /// A DELETE has no key: sent again after it was executed, it would be refused. So it is looked at
  /// first; what has ended already is done.
  private func passingDeletion(_ operation: BillingOperation) async throws -> BillingOperation {
    guard operation.state != .prepared, operation.nextStep < operation.steps.count,
      operation.steps[operation.nextStep].method == .delete,
      let found = try await find(operation)
    else { return operation }
    var operation = operation
    try runner.finishStep(&operation, with: found, at: nil)
    return operation
  }

  /// Whether Stripe still remembers the operation's keys.
  func isYoung(_ operation: BillingOperation) -> Bool {
    let age = runner.now() - operation.created
    return age < Self.keyLifetimeSeconds && age > -Self.clockSlackSeconds
  }

  /// Looks at Stripe for what the next step would have done. Found: it was done, and what is left
  /// is not sent anew, since its hour has passed. Not found: it was not applied.
  private func settleByReading(_ operation: BillingOperation) async throws -> BillingOperation {
    var operation = operation
    let found: JSON?
    do {
      found = try await find(operation)
    } catch let error as StripeError {
      return try keep(operation, because: BillingOperation.Failure(error))
    } catch let error as MalformedObject {
      return try keep(
        operation, because: .init(code: "outcome_unknown", message: error.description))
    }
    guard let found else {
      operation.state = .failed
      operation.error = .init(
        code: "not_applied", message: "Stripe shows no trace of it: it was not applied")
      return try await closeHalfDone(operation)
    }
    try runner.finishStep(&operation, with: found, at: nil)
    if operation.state != .done {
      operation.state = .failed
      operation.error = .init(
        code: "not_applied",
        message: "step \(operation.nextStep) of \(operation.steps.count) was done, the rest was not"
      )
      return try await closeHalfDone(operation)
    }
    return operation
  }

  /// Takes back what was done of an operation that will not be finished, and closes it. What is old
  /// may have been used since; it stays.
  private func closeHalfDone(_ operation: BillingOperation) async throws -> BillingOperation {
    var operation = operation
    if isYoung(operation) { await runner.undo(&operation) }
    try runner.save(operation)
    return operation
  }

  /// Leaves an operation unknown, with the reason why it cannot be settled now.
  private func keep(
    _ operation: BillingOperation, because reason: BillingOperation.Failure
  ) throws -> BillingOperation {
    var operation = operation
    operation.state = .unknown
    operation.error = reason
    try runner.save(operation)
    return operation
  }

  private func find(_ operation: BillingOperation) async throws -> JSON? {
    let results = operation.results
    switch operation.steps[operation.nextStep].check {
    case .created(let list, let parameters):
      let path = OperationStep.path(list, results: results)
      let parameters = OperationStep.filled(parameters, results: results)
      return try await runner.gateway.list(path, parameters, cause: operation.id).objects.first {
        $0["metadata"]?[OperationStep.operationMetadataKey]?.string == operation.id
      }
    case .holds(let object, let values, let expanding):
      let values = OperationStep.filled(values, results: results)
      guard let found = try await read(object, of: operation, expanding: expanding),
        OperationStep.holds(found, .object(values))
      else { return nil }
      return found
    case .ended(let object):
      guard let found = try await read(object, of: operation) else {
        return ["id": filledID(object, results)]
      }
      guard Freshness.isTerminal(found) else { return nil }
      return found
    case .named(let list, let object, let member):
      let found = try await read(object, of: operation)?[member]
      guard let id = found?.string ?? found?["id"]?.string else { return nil }
      return try await read(list + [.string(id)], of: operation)
    }
  }

  private func read(
    _ path: [JSON], of operation: BillingOperation, expanding expansions: [String] = []
  ) async throws -> JSON? {
    try await runner.gateway.readIfKnown(
      OperationStep.path(path, results: operation.results),
      expansions.isEmpty ? [:] : ["expand": .array(expansions.map(JSON.string))],
      cause: operation.id)
  }

  private func filledID(_ path: [JSON], _ results: [String]) -> JSON {
    .string(OperationStep.path(path, results: results).segments.last ?? "")
  }
}
