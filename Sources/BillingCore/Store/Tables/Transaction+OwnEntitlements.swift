package import Basics
import GRDB

extension Transaction {
  /// Writes a grant down, or that it was taken back. The same once more adds nothing and returns the
  /// row that says it. Throws `OperationError` for a key that stands for something else, and
  /// `NothingGranted` where there is nothing to take back at `moment`.
  package func record(
    _ request: OwnEntitlement.Request, at moment: Timestamp
  ) throws -> OwnEntitlement {
    if let earlier = try earlierRecord(request) { return earlier }
    let newest = try newestOwnEntitlements(ofCustomer: request.customerID)
      .first { $0.featureID == request.featureID }
    if request.value == nil, newest?.isInForce(at: moment) != true {
      throw NothingGranted(customerID: request.customerID, featureID: request.featureID)
    }
    if request.change.key == nil, let newest, request.isSaid(by: newest) { return newest }
    try database.execute(
      sql: """
        INSERT INTO own_entitlements (customer, feature, value, valid_until, note, actor, meaning,
          created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        request.customerID, request.featureID, request.value?.compact, request.until,
        request.note, request.actor, request.change.meaning, now, now,
      ])
    let id = database.lastInsertedRowID
    try keep(["id": .integer(id)], to: request.change)
    return OwnEntitlement(
      id: id, customerID: request.customerID,
      featureID: request.featureID, value: request.value, until: request.until,
      note: request.note, actor: request.actor, created: now)
  }

  /// What was written down under the request's key before. Throws `OperationError` for a key that
  /// stands for something else.
  package func earlierRecord(_ request: OwnEntitlement.Request) throws -> OwnEntitlement? {
    guard let id = try answer(to: request.change)?["id"]?.integer else { return nil }
    return try Row.fetchOne(
      database, sql: "SELECT * FROM own_entitlements WHERE id = ?", arguments: [id]
    ).map(OwnEntitlement.init(row:))
  }

  /// What was granted last to a customer of each limit and feature, lapsed or taken back included.
  package func newestOwnEntitlements(
    ofCustomer customerID: String
  ) throws -> [OwnEntitlement] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT * FROM own_entitlements WHERE customer = ? AND id IN
          (SELECT MAX(id) FROM own_entitlements WHERE customer = ? GROUP BY feature)
        ORDER BY feature
        """)
    return try Row.fetchAll(statement, arguments: [customerID, customerID])
      .map(OwnEntitlement.init(row:))
  }

  /// Every grant and its taking back, of one customer where one is given, the newest first.
  package func ownEntitlements(ofCustomer customerID: String?) throws -> [OwnEntitlement] {
    let rows =
      if let customerID {
        try Row.fetchAll(
          database, sql: "SELECT * FROM own_entitlements WHERE customer = ? ORDER BY id DESC",
          arguments: [customerID])
      } else {
        try Row.fetchAll(database, sql: "SELECT * FROM own_entitlements ORDER BY id DESC")
      }
    return try rows.map(OwnEntitlement.init(row:))
  }
}

extension OwnEntitlement {
  fileprivate init(row: Row) throws {
    let value: String? = row["value"]
    self.init(
      id: row["id"], customerID: row["customer"], featureID: row["feature"],
      value: try value.map { try JSON(parsing: $0) }, until: row["valid_until"],
      note: row["note"], actor: row["actor"], created: row["created_at"])
  }
}
