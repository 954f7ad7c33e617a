import Basics
import GRDB

extension Transaction {
  private static let customerRow = Upsert(
    "customers", key: "id", fixed: ["created"],
    "id", "email", "name", "description", "external_id", "balance", "currency", "delinquent",
    "metadata", "default_payment_method", "test_clock", "created", "deleted")

  func putCustomer(_ customer: CustomerRow) throws {
    let metadata = JSON.object(
      JSONObject(
        uniqueKeysWithValues: customer.metadata.sorted { $0.key < $1.key }
          .map { ($0.key, .string($0.value)) }))
    try upsert(
      Self.customerRow, customer.id, customer.email, customer.name, customer.description,
      customer.externalID, customer.balance, customer.currency, customer.isDelinquent,
      metadata.compact, customer.defaultPaymentMethodID, customer.testClockID, customer.created,
      customer.isDeleted)
  }

  /// The row stays, so that its history can still be read; nothing for an unknown customer.
  func markCustomerDeleted(_ id: String) throws {
    try database.execute(
      sql: "UPDATE customers SET deleted = 1, updated_at = ? WHERE id = ?",
      arguments: [now, id])
    try revokeAPIKeys(ofDeletedCustomer: id)
  }

  package func customer(_ id: String) throws -> CustomerRow? {
    try customers(where: "id = ?", [id]).first
  }

  /// Customers that are not deleted and have this address, without regard to case.
  package func customers(email: String) throws -> [CustomerRow] {
    try customers(where: "email = ? COLLATE NOCASE AND deleted = 0 ORDER BY created", [email])
  }

  /// Customers that are not deleted and have this id of yours.
  package func customers(externalID: String) throws -> [CustomerRow] {
    try customers(where: "external_id = ? AND deleted = 0 ORDER BY created", [externalID])
  }

  /// Customers that are not deleted, newest first.
  package func customers(limit: Int?) throws -> [CustomerRow] {
    try customers(
      where: "deleted = 0 ORDER BY created DESC, id DESC LIMIT ?", [limit ?? -1])
  }

  /// The ids of customers that are not deleted, with the test clock of each that is on one.
  func customerIDs() throws -> [(id: String, testClockID: String?)] {
    try Row.fetchAll(database, sql: "SELECT id, test_clock FROM customers WHERE deleted = 0")
      .map { ($0[0], $0[1]) }
  }

  /// Customers that are not deleted and have an id of yours: for an import that tells who is gone.
  package func customersWithExternalID() throws -> [CustomerRow] {
    try customers(where: "external_id IS NOT NULL AND deleted = 0 ORDER BY external_id", [])
  }

  private func customers(
    where condition: String, _ arguments: StatementArguments
  ) throws -> [CustomerRow] {
    let statement = try database.cachedStatement(sql: "SELECT * FROM customers WHERE \(condition)")
    return try Row.fetchAll(statement, arguments: arguments).map(CustomerRow.init(row:))
  }
}

extension CustomerRow {
  fileprivate init(row: Row) throws {
    let metadata = try JSON(parsing: row["metadata"] as String).object ?? [:]
    id = row["id"]
    email = row["email"]
    name = row["name"]
    description = row["description"]
    externalID = row["external_id"]
    balance = row["balance"]
    currency = row["currency"]
    isDelinquent = row["delinquent"]
    self.metadata = Dictionary(
      metadata.compactMap { member in member.value.string.map { (member.key, $0) } },
      uniquingKeysWith: { $1 })
    defaultPaymentMethodID = row["default_payment_method"]
    testClockID = row["test_clock"]
    created = row["created"]
    isDeleted = row["deleted"]
  }
}
