package import Basics
import GRDB

extension Transaction {
  /// Makes a change of our own data, under an idempotency key where there is one: the same words
  /// under the same key change nothing again and get the first answer. Throws `OperationError` for a
  /// key that stands for other words.
  ///
  /// - Parameter meaning: what was asked for in words, the customer by its id among them.
  /// - Parameter isKept: false for an answer that changed nothing, so that it may be asked again.
  package func once(
    key: String?, command: String, meaning: String, isKept: (JSON) -> Bool = { _ in true },
    _ change: () throws -> JSON
  ) throws -> JSON {
    guard let key else { return try change() }
    if let kept = try keptAnswer(key) {
      guard kept.command == command, kept.meaning == meaning else {
        throw OperationError.idempotencyMismatch(key: key, command: kept.command)
      }
      return try JSON(parsing: kept.answer)
    }
    if let other = try operation(key: key) {
      throw OperationError.idempotencyMismatch(key: key, command: other.command)
    }
    let answer = try change()
    guard isKept(answer) else { return answer }
    try database.execute(
      sql: """
        INSERT INTO kept_answers (key, command, meaning, answer, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?5)
        """, arguments: [key, command, meaning, answer.compact, now])
    return answer
  }

  private func keptAnswer(
    _ key: String
  ) throws -> (command: String, meaning: String, answer: String)? {
    try Row.fetchOne(
      database, sql: "SELECT command, meaning, answer FROM kept_answers WHERE key = ?",
      arguments: [key]
    ).map { ($0[0], $0[1], $0[2]) }
  }
}
