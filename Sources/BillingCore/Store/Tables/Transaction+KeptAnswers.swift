package import Basics
import GRDB

/// What was answered to changes of our own data under idempotency keys. What was asked of Stripe
/// under one stands in the journal; a key stands for one change, wherever that is written down.
extension Transaction {
  /// Makes a change, once under its key: the same words under the same key change nothing again and
  /// get the first answer. Throws `OperationError` for a key that stands for something else.
  ///
  /// - Parameter isKept: false for an answer that changed nothing, so that it may be asked again.
  package func once(
    _ change: OwnChange, isKept: (JSON) -> Bool = { _ in true }, _ make: () throws -> JSON
  ) throws -> JSON {
    if let answer = try answer(to: change) { return answer }
    let answer = try make()
    if isKept(answer) { try keep(answer, to: change) }
    return answer
  }

  /// What was answered to the same change under its key; nil where it was not made under one. Throws
  /// `OperationError` for a key that stands for something else.
  package func answer(to change: OwnChange) throws -> JSON? {
    guard let key = change.key else { return nil }
    if let other = try operation(key: key) {
      throw OperationError.idempotencyMismatch(key: key, command: other.command)
    }
    guard let kept = try keptAnswer(key) else { return nil }
    guard kept.command == change.command, try Self.isSame(kept.meaning, change.meaning) else {
      throw OperationError.idempotencyMismatch(key: key, command: kept.command)
    }
    return try JSON(parsing: kept.answer)
  }

  /// For a change whose answer is not the whole of what is to be told again: then it names the row.
  func keep(_ answer: JSON, to change: OwnChange) throws {
    guard let key = change.key else { return }
    try database.execute(
      sql: """
        INSERT INTO kept_answers (key, command, meaning, answer, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?5)
        """, arguments: [key, change.command, change.meaning, answer.compact, now])
  }

  /// The command whose change of our own data a key stands for.
  package func commandOfOwnChange(key: String) throws -> String? {
    try keptAnswer(key)?.command
  }

  /// What another program wrote down is the same in spite of other escapes.
  private static func isSame(_ one: String, _ other: String) throws -> Bool {
    if one == other { return true }
    return try JSON(parsing: one) == JSON(parsing: other)
  }

  private func keptAnswer(
    _ key: String
  ) throws -> (command: String, meaning: String, answer: String)? {
    try Row.fetchOne(
      database.cachedStatement(
        sql: "SELECT command, meaning, answer FROM kept_answers WHERE key = ?"),
      arguments: [key]
    ).map { ($0[0], $0[1], $0[2]) }
  }
}
