import Basics
import GRDB
import Stripe

extension Transaction {
  /// Writes a new operation down. Throws where its key is taken; the caller looks first.
  func insert(_ operation: BillingOperation) throws { try put(operation) }

  /// Writes down how far an operation came. What another process settled meanwhile stays: done is
  /// final, and a failed operation changes only by being prepared once more.
  func update(_ operation: BillingOperation) throws {
    switch try self.operation(operation.id)?.state {
    case .done: return
    case .failed where operation.state != .prepared && operation.state != .done: return
    default: try put(operation)
    }
  }

  /// Writes down that an operation begins once more. It comes last in the journal from now on, so
  /// that another process which looked before sees that it was overtaken.
  func reopen(_ operation: BillingOperation) throws {
    try put(operation)
    try database.cachedStatement(
      sql: "UPDATE operations SET rowid = (SELECT MAX(rowid) + 1 FROM operations) WHERE id = ?"
    ).execute(arguments: [operation.id])
  }

  private static let operationRow = Upsert(
    "operations", key: "id",
    "id", "key", "command", "meaning", "customer", "actor", "state", "steps", "results",
    "next_step", "burnt", "object_id", "error", "created")

  private func put(_ operation: BillingOperation) throws {
    let steps = JSON.array(operation.steps.map { $0.json })
    let results = JSON.array(operation.results.map { .string($0) })
    try upsert(
      Self.operationRow, operation.id, operation.key.text, operation.command, operation.meaning,
      operation.customerID, operation.actor, operation.state.rawValue, steps.compact,
      results.compact, operation.nextStep, operation.isKeyBurnt, operation.objectID,
      operation.error?.json.compact, operation.created)
  }

  package func operation(_ id: String) throws -> BillingOperation? {
    try operations(where: "id = ?", [id]).first
  }

  package func operation(key: String) throws -> BillingOperation? {
    try operations(where: "key = ?", [key]).first
  }

  /// Operations whose outcome is not known yet, oldest first.
  package func unsettledOperations() throws -> [BillingOperation] {
    try operations(
      where: "state IN ('prepared', 'sent', 'unknown') ORDER BY created, rowid", [])
  }

  /// What was done about a customer, oldest first.
  func operations(ofCustomer customerID: String) throws -> [BillingOperation] {
    try operations(where: "customer = ? ORDER BY created, rowid", [customerID])
  }

  /// How long the journal is: what is written down later comes after it.
  func journalPosition() throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT MAX(rowid) FROM operations") ?? 0
  }

  /// The operations of a command that were written down after a position, oldest first.
  func operations(after position: Int64, command: String) throws -> [BillingOperation] {
    try operations(where: "rowid > ? AND command = ? ORDER BY rowid", [position, command])
  }

  /// An unsettled operation that means the same.
  func unsettledOperation(meaning: String) throws -> BillingOperation? {
    try operations(
      where:
        "state IN ('prepared', 'sent', 'unknown') AND meaning = ? ORDER BY created, rowid LIMIT 1",
      [meaning]
    ).first
  }

  private func operations(
    where condition: String, _ arguments: StatementArguments
  ) throws -> [BillingOperation] {
    let statement = try database.cachedStatement(sql: "SELECT * FROM operations WHERE \(condition)")
    return try Row.fetchAll(statement, arguments: arguments).map(BillingOperation.init(row:))
  }
}

extension BillingOperation {
  fileprivate init(row: Row) throws {
    let steps = try JSON(parsing: row["steps"] as String).array ?? []
    let results = try JSON(parsing: row["results"] as String).array ?? []
    guard let state = State(rawValue: row["state"]), let key = IdempotencyKey(row["key"]) else {
      throw StoreError.damaged(path: "operations", detail: "row \(row["id"] as String)")
    }
    self.init(
      id: row["id"], key: key, command: row["command"], meaning: row["meaning"],
      customerID: row["customer"], actor: row["actor"], steps: try steps.map(OperationStep.init),
      created: row["created"])
    self.state = state
    self.results = results.compactMap { $0.string }
    nextStep = row["next_step"]
    isKeyBurnt = row["burnt"]
    objectID = row["object_id"]
    error = try (row["error"] as String?).map { Failure(try JSON(parsing: $0)) }
  }
}
