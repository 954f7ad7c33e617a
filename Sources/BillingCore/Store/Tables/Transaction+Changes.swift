import Basics
import GRDB

extension Transaction {
  func append(_ transition: Transition) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO subscription_changes
          (subscription, customer, at, kind, from_value, to_value, cause, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      binding: transition.subscriptionID, transition.customerID, transition.at,
      transition.kind.rawValue, transition.from, transition.to, transition.cause, now, now)
  }

  /// The history of a customer's subscriptions, oldest first.
  package func changes(ofCustomer customerID: String) throws -> [Transition] {
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM subscription_changes WHERE customer = ? ORDER BY at, id")
    return try Row.fetchAll(statement, arguments: [customerID]).compactMap(Transition.init(row:))
  }
}

extension Transition {
  fileprivate init?(row: Row) {
    guard let kind = Kind(rawValue: row["kind"]) else { return nil }
    self.init(
      subscriptionID: row["subscription"], customerID: row["customer"], kind: kind,
      from: row["from_value"], to: row["to_value"], at: row["at"], cause: row["cause"])
  }
}
