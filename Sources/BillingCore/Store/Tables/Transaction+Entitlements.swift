package import Basics
import GRDB
import Stripe

extension Transaction {
  /// Provisions what follows from a subscription's new state.
  func provision(
    _ row: SubscriptionRow, after old: SubscriptionRow?, at moment: Timestamp, cause: String?
  ) throws {
    var open: (id: Int64, entitlement: Entitlement)?
    if let old, Entitlement.grantingStatuses.contains(old.status) {
      open = try newestEntitlement(ofSubscription: row.id)
    }
    let next = Entitlement.following(
      open?.entitlement, row, at: moment, cause: cause, isNew: old == nil)
    if let changed = next.open, let id = open?.id {
      try database.cachedStatement(
        sql: "UPDATE entitlements SET valid_until = ?, updated_at = ? WHERE id = ?"
      ).execute(arguments: [changed.until, now, id])
    }
    if let begun = next.begun { try append(begun) }
  }

  /// Counts the days of grace from when a payment fell due by all that is known now, whichever event
  /// came in first.
  func correctGrace(ofSubscription id: String) throws {
    guard let open = try newestEntitlement(ofSubscription: id), open.entitlement.pastDueSince != nil
    else { return }
    let tellings = try snapshots(ofObject: id)
      .map { (row: SubscriptionRow(try Subscription(.object($0.object)), plan: nil), at: $0.asOf) }
    let due = tellings.prefix { $0.row.status == "past_due" }
    guard let first = due.last else { return }
    let isFirst = due.count == tellings.count
    let since = Entitlement.pastDueSince(nil, first.row, at: first.at, isNew: isFirst)
    guard since != open.entitlement.pastDueSince else { return }
    try database.cachedStatement(
      sql: "UPDATE entitlements SET past_due_since = ?, updated_at = ? WHERE id = ?"
    ).execute(arguments: [since, now, open.id])
  }

  private func append(_ entitlement: Entitlement) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO entitlements (customer, subscription, plan, valid_from, valid_until,
          past_due_since, cause, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      binding: entitlement.customerID, entitlement.subscriptionID, entitlement.planID,
      entitlement.from, entitlement.until, entitlement.pastDueSince, entitlement.cause, now, now)
  }

  private func newestEntitlement(
    ofSubscription id: String
  ) throws -> (id: Int64, entitlement: Entitlement)? {
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM entitlements WHERE subscription = ? ORDER BY id DESC LIMIT 1")
    return try Row.fetchOne(statement, arguments: [id]).map { ($0["id"], Entitlement(row: $0)) }
  }

  /// Every stretch in which a customer had rights, in the order in which they began.
  package func entitlements(ofCustomer customerID: String) throws -> [Entitlement] {
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM entitlements WHERE customer = ? ORDER BY id")
    return try Row.fetchAll(statement, arguments: [customerID]).map(Entitlement.init(row:))
  }

  /// The time of a test clock, where Stripe told it.
  package func frozenTime(ofTestClock id: String) throws -> Timestamp? {
    try objectJSON(id)?["frozen_time"]?.integer.map { Timestamp($0) }
  }
}

extension Entitlement {
  fileprivate init(row: Row) {
    self.init(
      customerID: row["customer"], subscriptionID: row["subscription"], planID: row["plan"],
      from: row["valid_from"], until: row["valid_until"], pastDueSince: row["past_due_since"],
      cause: row["cause"])
  }
}
