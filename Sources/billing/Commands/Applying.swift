import Basics
import BillingCore
import Stripe
private import Synchronization

/// What one line of `apply` comes to: the journal tells whether it was done, and the command itself
/// does the rest under the line's key.
struct Applying: Sendable {
  /// How often a line is tried again when Stripe asks to wait, each time with fewer under way.
  private static let patience = 4

  let context: Context
  let width: BatchWidth
  private let halted = Halted()

  init(context: Context, width: BatchWidth) {
    self.context = context
    self.width = width
  }

  /// The result of a line; nil where the batch is being stopped and the line was not done. Only what
  /// ends the whole batch (a broken database) throws.
  ///
  /// - Parameter subject: whom the line is about. What comes after a failed line of a customer is
  ///   not begun: done before that line succeeds, it would be in the wrong order.
  func result(of line: ApplyLine, about subject: String) async throws -> LineResult? {
    if let number = halted.line(of: subject) {
      let error = CommandError.conflict(
        "invalid_state", "not begun, since line \(number) of the same customer failed",
        hint: "mend line \(number) and run the file again")
      return try failed(line, error)
    }
    do {
      return try await attempt(line)
    } catch let error as StoreError {
      throw error
    } catch {
      let words = CommandError(explaining: error)
      if Task.isCancelled, words.exit != .outcomeUnknown { return nil }
      halted.note(line.number, of: subject)
      return try failed(line, words)
    }
  }

  private func attempt(_ line: ApplyLine) async throws -> LineResult {
    let key: IdempotencyKey
    switch try place(of: line) {
    case .done(let operation): return try alreadyDone(line, operation)
    case .open(let free): key = free
    }
    let report = try await report(line, key)
    guard case .object(let object) = report.data else {
      preconditionFailure("a command about one subscription shows one object")
    }
    let customer = try object["customer"]?.string ?? knownID(line.customer)
    var result = LineResult(
      line: line.number, operation: line.operation.name, customer: customer, status: .done,
      result: .object(object))
    if case .failed(let error) = report.outcome { (result.status, result.error) = (.failed, error) }
    return result
  }

  private func report(_ line: ApplyLine, _ key: IdempotencyKey) async throws -> any Report {
    for _ in 1..<Self.patience {
      do {
        return try await line.command.report(context.forOperation(key: key))
      } catch  where CommandError(explaining: error).code == "rate_limit" {
        width.halve()
      }
    }
    return try await line.command.report(context.forOperation(key: key))
  }

  // MARK: The journal

  private enum Place {
    case done(BillingOperation)
    /// The key under which the line is to be done, or was begun.
    case open(IdempotencyKey)
  }

  /// Where a line stands. A refusal stays with its key, so the line is tried anew under the next.
  private func place(of line: ApplyLine) throws -> Place {
    try context.store().read { transaction in
      for attempt in 1... {
        let key = line.key(attempt: attempt)
        guard let operation = try transaction.operation(key: key.text) else { return .open(key) }
        if operation.state == .done { return .done(operation) }
        guard operation.keepsItsFailure else { return .open(key) }
      }
      preconditionFailure("the journal ends")
    }
  }

  /// The subscription as the mirror has it: what was done before needs no call.
  private func alreadyDone(_ line: ApplyLine, _ operation: BillingOperation) throws -> LineResult {
    let catalogue = try context.catalogueForNames()
    let json = try context.store().read { transaction in
      try transaction.subscriptionJSON(changedBy: operation)
    }
    return LineResult(
      line: line.number, operation: line.operation.name, customer: operation.customerID,
      status: .alreadyDone,
      result: try json.map { .object(SubscriptionView.json(try Subscription($0), catalogue)) }
        ?? .null)
  }

  private func failed(_ line: ApplyLine, _ error: CommandError) throws -> LineResult {
    LineResult(
      line: line.number, operation: line.operation.name, customer: try knownID(line.customer),
      status: .failed, error: error)
  }

  /// The id of a customer that the mirror knows, else what the file says.
  private func knownID(_ customer: CustomerReference) throws -> String {
    let known = try context.store().read { transaction in
      switch customer {
      case .id: [CustomerRow]()
      case .email(let email): try transaction.customers(email: email)
      case .externalID(let id): try transaction.customers(externalID: id)
      }
    }
    return known.count == 1 ? known[0].id : customer.text
  }

  /// Whom a line is about: two names that the mirror knows to be one customer are one.
  func subject(of line: ApplyLine) throws -> String { try knownID(line.customer).lowercased() }
}

/// The customers of whom a line failed, and which.
private final class Halted: Sendable {
  private let lines = Mutex<[String: Int]>([:])

  func line(of subject: String) -> Int? { lines.withLock { $0[subject] } }

  func note(_ line: Int, of subject: String) {
    lines.withLock { if $0[subject] == nil { $0[subject] = line } }
  }
}
