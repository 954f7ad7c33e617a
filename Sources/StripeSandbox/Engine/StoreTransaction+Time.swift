import Basics
import GRDB

extension StoreTransaction {
  /// What falls due next on a clock, up to a moment.
  func nextDue(clock: String?, until end: Timestamp) throws -> DueObject? {
    let sql = """
      SELECT seq, due, json FROM objects WHERE clock IS ? AND due <= ?
      ORDER BY due, turn, seq LIMIT 1
      """
    return try Row.fetchOne(
      database.cachedStatement(sql: sql), arguments: [clock, end.seconds]
    ).map {
      DueObject(sequence: $0[0], moment: Timestamp($0[1]), object: try Self.parsed($0[2]))
    }
  }

  func clearDue(_ due: DueObject) throws {
    try execute("UPDATE objects SET due = NULL WHERE seq = ?", [due.sequence])
  }

  /// The test clock on which the object of an id lives.
  func clock(ofObject id: String) throws -> String? {
    try cached(
      "SELECT clock FROM objects WHERE id = ? AND clock IS NOT NULL", String.self, [id])
  }

  var hasClocks: Bool {
    get throws {
      try cached("SELECT 1 FROM objects WHERE clock IS NOT NULL LIMIT 1", Int.self, []) != nil
    }
  }
}
