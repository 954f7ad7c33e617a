import Basics
import GRDB

/// What is left of each credit: whatever is taken comes from the oldest, and what nobody took before
/// its time lapses.
extension Transaction {
  /// Who lets tokens lapse: nobody but the time.
  static let lapseActor = "billing"

  /// What is left of a credit whose time is over.
  struct TokenLapse {
    let entryID: Int64
    let reference: String
    let note: String?
    let remaining: Int64
    let at: Timestamp
  }

  /// What has lapsed at a moment and is not written down yet, in the order in which it did.
  func lapses(ofCustomer customerID: String, at moment: Timestamp) throws -> [TokenLapse] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT l.entry, l.remaining, l.expires_at, e.reference, e.note
        FROM token_lots l JOIN token_entries e ON e.id = l.entry
        WHERE l.customer = ? AND l.remaining > 0 AND l.expires_at <= ?
        ORDER BY l.expires_at, l.entry
        """)
    return try Row.fetchAll(statement, arguments: [customerID, moment]).map { row in
      TokenLapse(
        entryID: row["entry"], reference: row["reference"], note: row["note"],
        remaining: row["remaining"], at: row["expires_at"])
    }
  }

  /// Writes down what has lapsed, each at its own time. Nothing runs at that time, so that whatever
  /// else is written does this first.
  func expireTokens(ofCustomer customerID: String, at moment: Timestamp) throws {
    for lapse in try lapses(ofCustomer: customerID, at: moment) {
      _ = try append(
        TokenDraft(
          customerID: customerID, kind: .expired, amount: -lapse.remaining,
          reference: lapse.reference, note: lapse.note, actor: Self.lapseActor,
          created: lapse.at))
      try setLot(lapse.entryID, to: 0)
    }
  }

  func putLot(of credit: TokenEntry, expiresAt: Timestamp?) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO token_lots (entry, customer, remaining, expires_at, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [credit.id, credit.customerID, credit.amount, expiresAt, now, now])
  }

  /// Takes from one credit as far as it goes, then from the others, the oldest first.
  ///
  /// - Returns: what could not be taken. The balance has been looked at before, so that there is
  ///   enough, unless somebody changed the file past the ledger.
  func takeFromLots(
    _ amount: Int64, ofCustomer customerID: String, first entryID: Int64? = nil
  ) throws -> Int64 {
    let next = try database.cachedStatement(
      sql: """
        SELECT entry, remaining FROM token_lots WHERE customer = ? AND remaining > 0
        ORDER BY entry IS NOT ?, entry LIMIT 1
        """)
    var left = amount
    while left > 0 {
      guard let lot = try Row.fetchOne(next, arguments: [customerID, entryID]) else { break }
      let remaining: Int64 = lot["remaining"]
      let taken = min(left, remaining)
      try setLot(lot["entry"], to: remaining - taken)
      left -= taken
    }
    return left
  }

  private func setLot(_ entryID: Int64, to remaining: Int64) throws {
    try database.cachedStatement(
      sql: "UPDATE token_lots SET remaining = ?, updated_at = ? WHERE entry = ?"
    ).execute(arguments: [remaining, now, entryID])
  }
}
