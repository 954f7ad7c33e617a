import Basics
import GRDB

extension StoreTransaction {
  /// Whether any fault may still strike: asked for every request, so it costs one look-up.
  var hasFaults: Bool {
    get throws {
      try cached("SELECT 1 FROM faults WHERE struck < count LIMIT 1", Int.self, []) != nil
    }
  }

  /// All faults in the order in which they were added.
  func faults() throws -> [Fault] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id, kind, path, count, struck, probability, delay_seconds, created
        FROM faults ORDER BY sequence
        """)
    return try Row.fetchAll(statement).compactMap { row in
      guard let kind = FaultKind(rawValue: row[1]) else { return nil }
      return Fault(
        id: row[0], kind: kind, path: (row[2] as String?).map { Glob($0) }, count: row[3],
        struck: row[4], probability: row[5], delaySeconds: row[6], created: Timestamp(row[7]))
    }
  }

  func insertFault(_ fault: Fault) throws {
    try execute(
      """
      INSERT INTO faults (id, kind, path, count, probability, delay_seconds, created)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        fault.id, fault.kind.rawValue, fault.path?.pattern, fault.count, fault.probability,
        fault.delaySeconds, fault.created.seconds,
      ])
  }

  func noteStrike(_ id: String) throws {
    try execute("UPDATE faults SET struck = struck + 1 WHERE id = ?", [id])
  }

  func deleteFault(_ id: String) throws {
    try execute("DELETE FROM faults WHERE id = ?", [id])
  }
}
