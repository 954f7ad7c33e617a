package import Basics
import GRDB

extension Transaction {
  /// How many of a level a customer holds at a moment; a lease that is over counts no more.
  package func held(
    of levelID: String, by customerID: String, at moment: Timestamp
  ) throws -> Int64 {
    let leased = try Int64.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT coalesce(sum(units), 0) FROM leases
          WHERE customer = ? AND level = ? AND until > ?
          """), arguments: [customerID, levelID, moment])
    return try heldForGood(of: levelID, by: customerID) + (leased ?? 0)
  }

  private func heldForGood(of levelID: String, by customerID: String) throws -> Int64 {
    try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT held FROM levels WHERE customer = ? AND level = ?"),
      arguments: [customerID, levelID]) ?? 0
  }

  /// Makes a change, and tells how many are held after it. Throws `NotHeld` where more is to be
  /// given back than is held, and `LevelOverflow`.
  @discardableResult
  package func change(_ change: LevelChange) throws -> Int64 {
    try dropEndedLeases(change)
    let held = try held(of: change.levelID, by: change.customerID, at: change.at)
    let after: Int64
    switch change.kind {
    case .set:
      try dropLeases(change)
      try setHeld(change.units, change)
      after = change.units
    case .taken, .leased:
      let (sum, overflow) = held.addingReportingOverflow(change.units)
      guard !overflow else { throw LevelOverflow(change: change) }
      try take(change)
      after = sum
    case .released:
      guard change.units <= held else { throw NotHeld(change: change, held: held) }
      try release(change)
      after = held - change.units
    }
    try note(change, heldAfter: after)
    return after
  }

  private func take(_ change: LevelChange) throws {
    guard case .leased(let until) = change.kind else {
      let held = try heldForGood(of: change.levelID, by: change.customerID)
      return try setHeld(held + change.units, change)
    }
    try database.cachedStatement(
      sql: """
        INSERT INTO leases (customer, level, units, until, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?5)
        """
    ).execute(arguments: [change.customerID, change.levelID, change.units, until, now])
  }

  private func release(_ change: LevelChange) throws {
    let leases = try Row.fetchAll(
      database, sql: "SELECT id, units FROM leases WHERE customer = ? AND level = ? ORDER BY until",
      arguments: [change.customerID, change.levelID])
    var left = change.units
    for lease in leases where left > 0 {
      let (id, units): (Int64, Int64) = (lease[0], lease[1])
      if units <= left {
        try database.execute(sql: "DELETE FROM leases WHERE id = ?", arguments: [id])
      } else {
        try database.execute(
          sql: "UPDATE leases SET units = units - ?, updated_at = ? WHERE id = ?",
          arguments: [left, now, id])
      }
      left -= min(left, units)
    }
    guard left > 0 else { return }
    try setHeld(heldForGood(of: change.levelID, by: change.customerID) - left, change)
  }

  private func setHeld(_ held: Int64, _ change: LevelChange) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO levels (customer, level, held, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?4)
        ON CONFLICT (customer, level)
          DO UPDATE SET held = excluded.held, updated_at = excluded.updated_at
        """
    ).execute(arguments: [change.customerID, change.levelID, held, now])
  }

  private func dropLeases(_ change: LevelChange) throws {
    try database.execute(
      sql: "DELETE FROM leases WHERE customer = ? AND level = ?",
      arguments: [change.customerID, change.levelID])
  }

  private func dropEndedLeases(_ change: LevelChange) throws {
    try database.cachedStatement(
      sql: "DELETE FROM leases WHERE customer = ? AND level = ? AND until <= ?"
    ).execute(arguments: [change.customerID, change.levelID, change.at])
  }

  private func note(_ change: LevelChange, heldAfter: Int64) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO level_changes (customer, level, kind, units, held_after, actor, at, created_at,
          updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
        """
    ).execute(arguments: [
      change.customerID, change.levelID, change.kind.name, change.units, heldAfter, change.actor,
      change.at, now,
    ])
  }
}
