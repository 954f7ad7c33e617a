package import Basics
package import Stripe

/// Carries plans out: written down, sent, and the answer taken in — each in its own transaction,
/// so that a crash at any point leaves a row that tells how far it came.
package struct OperationRunner: Sendable {
  package struct Outcome: Sendable {
    package let operation: BillingOperation
    /// The answers of the steps that were sent now; nil for those that were done before.
    package let answers: [JSON?]
    /// Whether the work had been done before, under the same key or by an unsettled operation.
    package let wasDoneBefore: Bool
  }

  /// What stood in the journal before a plan was made.
  package struct EarlierWork: Sendable {
    /// The operation whose result is the result of this run.
    package let result: BillingOperation?
    /// For `OperationPlan.journalPosition`; nil where nothing is to be carried out.
    package let journalPosition: Int64?

    package init(result: BillingOperation?, journalPosition: Int64?) {
      self.result = result
      self.journalPosition = journalPosition
    }
  }

  package let gateway: StripeGateway
  package let actor: String
  let now: @Sendable () -> Timestamp
  private let makeToken: @Sendable (Int) -> String

  package init(
    gateway: StripeGateway, actor: String, now: @escaping @Sendable () -> Timestamp,
    makeToken: @escaping @Sendable (Int) -> String
  ) {
    self.gateway = gateway
    self.actor = actor
    self.now = now
    self.makeToken = makeToken
  }

  /// Runs a plan once. An operation with the same key, or an unsettled one that means the same,
  /// is settled instead of beginning another.
  package func run(_ plan: OperationPlan, key: IdempotencyKey? = nil) async throws -> Outcome {
    switch try begin(plan, key: key) {
    case .new(let operation): return try await carryOut(operation, wasDoneBefore: false)
    case .earlier(var operation):
      if !operation.isSettled { operation = try await Recovery(runner: self).settle(operation) }
      if operation.state == .done {
        return Outcome(
          operation: operation, answers: operation.steps.map { _ in nil }, wasDoneBefore: true)
      }
      if !operation.isSettled { throw unknown(operation) }
      guard key == nil else { throw failedBefore(operation) }
      return try await run(plan)
    }
  }

  /// To be called before a change is planned: what planning reads must not be the work of an answer
  /// that was lost. Settles the unsettled operations that mean the same or that the same command
  /// left with the same customer. Tells the one whose result is the result of this run: done
  /// under this key before, or done now and of the same meaning.
  ///
  /// Throws `OperationError` where one stays unknown, and where the key was used for other words or
  /// keeps a failure.
  package func settleEarlier(
    _ intent: OperationIntent, key: IdempotencyKey?
  ) async throws -> EarlierWork {
    let (position, unsettled) = try gateway.store.read {
      (try $0.journalPosition(), try $0.unsettledOperations())
    }
    if let key, let earlier = try gateway.store.read({ try $0.operation(key: key.text) }) {
      guard earlier.meaning == intent.meaning else {
        throw OperationError.idempotencyMismatch(key: key.text, command: earlier.command)
      }
      let settled =
        earlier.isSettled ? earlier : try await Recovery(runner: self).settle(earlier)
      if settled.state == .done {
        return EarlierWork(result: settled, journalPosition: position)
      }
      guard settled.isSettled else { throw unknown(settled) }
      guard settled.error?.isSafeToSendAgain == true else { throw failedBefore(settled) }
      return EarlierWork(result: nil, journalPosition: position)
    }
    if let key { try gateway.store.read { try requireNoOwnChange(key, in: $0) } }
    var result: BillingOperation?
    for earlier in unsettled where intent.isKept(waitingBy: earlier) {
      let settled = try await Recovery(runner: self).settle(earlier)
      guard settled.isSettled else { throw unknown(settled) }
      if settled.state == .done, settled.meaning == intent.meaning { result = settled }
    }
    return EarlierWork(result: result, journalPosition: position)
  }

  private enum Beginning {
    case new(BillingOperation)
    case earlier(BillingOperation)
  }

  /// Looks for an earlier operation and writes the new one down, in one transaction, so that of
  /// two processes one begins and the other finds it.
  private func begin(_ plan: OperationPlan, key: IdempotencyKey?) throws -> Beginning {
    try gateway.store.write { transaction in
      if let key, let earlier = try transaction.operation(key: key.text) {
        guard earlier.meaning == plan.meaning else {
          throw OperationError.idempotencyMismatch(key: key.text, command: earlier.command)
        }
        guard earlier.state == .failed, earlier.error?.isSafeToSendAgain == true else {
          return .earlier(earlier)
        }
        if let other = try newer(than: plan, in: transaction).last {
          throw OperationError.overtaken(operationID: other.id)
        }
        let reopened = earlier.reopened(by: plan, at: now())
        try transaction.reopen(reopened)
        return .new(reopened)
      }
      if let key { try requireNoOwnChange(key, in: transaction) }
      if let earlier = try transaction.unsettledOperation(meaning: plan.meaning) {
        return .earlier(earlier)
      }
      let newer = try newer(than: plan, in: transaction)
      if let same = newer.last(where: { $0.meaning == plan.meaning }) { return .earlier(same) }
      if let other = newer.last { throw OperationError.overtaken(operationID: other.id) }
      let operation = newOperation(plan, key: key)
      try transaction.insert(operation)
      return .new(operation)
    }
  }

  private func requireNoOwnChange(_ key: IdempotencyKey, in transaction: Transaction) throws {
    guard let command = try transaction.commandOfOwnChange(key: key.text) else { return }
    throw OperationError.idempotencyMismatch(key: key.text, command: command)
  }

  /// What another process began since the plan was made, and what stands in its way.
  private func newer(
    than plan: OperationPlan, in transaction: Transaction
  ) throws -> [BillingOperation] {
    guard let position = plan.journalPosition else { return [] }
    return try transaction.operations(after: position, command: plan.command)
      .filter { $0.state != .failed && plan.intent.isKept(waitingBy: $0) }
  }

  private func newOperation(_ plan: OperationPlan, key: IdempotencyKey?) -> BillingOperation {
    let id = "op_\(makeToken(16))"
    guard let key = key ?? IdempotencyKey(BillingOperation.ownKeyPrefix(id) + makeToken(12)) else {
      preconditionFailure("tokens are letters and digits")
    }
    return BillingOperation(
      id: id, key: key, command: plan.command, meaning: plan.meaning,
      customerID: plan.customerID, actor: actor, steps: plan.steps, created: now())
  }

  // MARK: Steps

  /// Sends what is left of an operation.
  func carryOut(_ operation: BillingOperation, wasDoneBefore: Bool) async throws -> Outcome {
    var operation = operation
    var answers: [JSON?] = operation.results.map { _ in nil }
    // An earlier run, or another process, may have sent the next step and lost the answer.
    var mayHaveBeenSent = operation.state != .prepared
    while operation.nextStep < operation.steps.count {
      try beginStep(&operation)
      let response: StripeResponse
      do {
        response = try await gateway.client.send(operation.nextRequest)
      } catch {
        throw try await close(operation, after: error, mayHaveBeenSent: mayHaveBeenSent)
      }
      mayHaveBeenSent = false
      do {
        // A replay is the answer of back then: it tells what was done, not how things stand now.
        try finishStep(
          &operation, with: response.json, at: response.isReplay ? nil : response.date)
        if response.isReplay { try await readAgain(operation) }
      } catch {
        throw keptUnknown(operation, because: "the answer could not be taken in: \(error)")
      }
      answers.append(response.json)
    }
    return Outcome(operation: operation, answers: answers, wasDoneBefore: wasDoneBefore)
  }

  /// Writes down that the next step is about to be sent. Where that fails after a step was done,
  /// the change is half made, and `recover` resumes it.
  private func beginStep(_ operation: inout BillingOperation) throws {
    operation.state = .sent
    do {
      try save(operation)
    } catch  where operation.nextStep > 0 {
      throw keptUnknown(
        operation, because: "step \(operation.nextStep + 1) could not be written down: \(error)")
    }
  }

  /// Brings the mirror up to date with what the last finished step made or changed. Where Stripe
  /// cannot be asked just now, the mirror stays older.
  private func readAgain(_ operation: BillingOperation) async throws {
    let (step, id) = (operation.nextStep - 1, operation.results.last ?? "")
    let path = operation.steps[step].check.path(ofObject: id, results: operation.results)
    do {
      _ = try await gateway.readIfKnown(path, cause: operation.id)
    } catch is StripeError {}
  }

  /// The answer, the mirror and the journal, in one transaction.
  func finishStep(
    _ operation: inout BillingOperation, with answer: JSON, at date: Timestamp?
  ) throws {
    guard let id = answer["id"]?.string else {
      throw MalformedObject(kind: "answer", id: nil, path: "id", expected: "a text")
    }
    var finished = operation
    finished.results.append(id)
    finished.nextStep += 1
    finished.isKeyBurnt = false
    finished.objectID = id
    if answer["object"]?.string == "customer" { finished.customerID = id }
    if finished.nextStep == finished.steps.count {
      finished.state = .done
      finished.error = nil
    }
    try gateway.store.write { transaction in
      if let date,
        let snapshot = Snapshot(answer, origin: .response, asOf: date, cause: finished.id)
      {
        try gateway.mirror.apply(snapshot, in: transaction)
      }
      try transaction.update(finished)
    }
    operation = finished
  }
}

extension BillingOperation.Failure {
  /// The words under which the journal keeps an error of Stripe's.
  init(_ error: StripeError) {
    switch error {
    case .refused(let refusal):
      self.init(
        code: refusal.code ?? refusal.type, message: refusal.message, requestID: refusal.requestID)
    case .rateLimited(let refusal):
      self.init(code: "rate_limit", message: refusal.message, requestID: refusal.requestID)
    case .notReached(let error):
      self.init(code: error.kind == .timeout ? "timeout" : "network", message: error.detail)
    case .noAnswer(let failure), .outcomeUnknown(let failure):
      self.init(
        code: "outcome_unknown", message: failure.detail, requestID: failure.requestID)
    case .invalidRequest(let reason): self.init(code: "usage", message: reason.rawValue)
    }
  }
}
