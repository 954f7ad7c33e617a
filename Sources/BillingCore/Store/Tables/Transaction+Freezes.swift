import Basics
import GRDB

extension Transaction {
  /// The freeze that holds; nil where there is none.
  package func freeze(of scope: Freeze.Scope) throws -> Freeze? {
    try freezes(where: "scope = ? AND lifted_at IS NULL", [scope.rawValue]).first
  }

  /// Every freeze that there was, oldest first.
  package func freezes() throws -> [Freeze] { try freezes(where: "TRUE", []) }

  private func freezes(
    where condition: String, _ arguments: StatementArguments
  ) throws -> [Freeze] {
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM freezes WHERE \(condition) ORDER BY id")
    return try Row.fetchAll(statement, arguments: arguments).compactMap(Freeze.init(row:))
  }

  /// Freezes what is not frozen yet; what is stays frozen for the reason that it has. Returns what
  /// holds then.
  package func freeze(_ scope: Freeze.Scope, by order: Freeze.Order) throws -> Freeze {
    if let standing = try freeze(of: scope) { return standing }
    try database.cachedStatement(
      sql: """
        INSERT INTO freezes (scope, at, actor, reason, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      scope.rawValue, order.at, order.actor, order.reason ?? "", now, now,
    ])
    return Freeze(scope: scope, frozen: order)
  }

  /// Lifts a freeze; nil where none holds.
  package func unfreeze(_ scope: Freeze.Scope, by order: Freeze.Order) throws -> Freeze? {
    guard let standing = try freeze(of: scope) else { return nil }
    try database.cachedStatement(
      sql: """
        UPDATE freezes SET lifted_at = ?, lifted_by = ?, lifted_because = ?, updated_at = ?
        WHERE scope = ? AND lifted_at IS NULL
        """
    ).execute(arguments: [order.at, order.actor, order.reason, now, scope.rawValue])
    return Freeze(scope: scope, frozen: standing.frozen, lifted: order)
  }
}

extension Freeze {
  fileprivate init?(row: Row) {
    guard let scope = Scope(rawValue: row["scope"]) else { return nil }
    let lifted: Order? = (row["lifted_at"] as Timestamp?).map { at in
      Order(at: at, actor: row["lifted_by"], reason: row["lifted_because"])
    }
    self.init(
      scope: scope,
      frozen: Order(at: row["at"], actor: row["actor"], reason: row["reason"]), lifted: lifted)
  }
}
