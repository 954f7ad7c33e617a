import Basics
import GRDB

extension Transaction {
  /// Adds the whole ledger up again and holds it against what is kept of it.
  package func tokenAudit() throws -> TokenAudit {
    let sums = TokenAudit.Difference.Check.sums.map { "\($0.sum) AS \($0.check.rawValue)" }
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT COUNT(*) AS entries, COUNT(DISTINCT customer) AS customers,
          \(sums.joined(separator: ", ")) FROM token_entries
        """)
    var totals = TokenBalance(customerID: "")
    totals.balance = row?["balance"] ?? 0
    totals.purchased = row?["purchased"] ?? 0
    totals.consumed = row?["consumed"] ?? 0
    totals.granted = row?["granted"] ?? 0
    totals.refunded = row?["refunded"] ?? 0
    totals.expired = row?["expired"] ?? 0
    return TokenAudit(
      customers: row?["customers"] ?? 0, entries: row?["entries"] ?? 0, totals: totals,
      differences: try sumDifferences() + sequenceDifferences() + creditDifferences()
        + paymentDifferences(),
      uncredited: try uncreditedPayments(),
      missed: try Int64.fetchOne(
        database, sql: "SELECT COALESCE(SUM(missed), 0) FROM token_purchases") ?? 0)
  }

  /// The balance and the sum of each kind, of every customer that has entries or a balance.
  private func sumDifferences() throws -> [TokenAudit.Difference] {
    let checks = TokenAudit.Difference.Check.sums
    let names = checks.map { $0.check.rawValue }
    let sums = checks.map { "\($0.sum) AS \($0.check.rawValue)" }.joined(separator: ", ")
    let pairs = names.map {
      "COALESCE(s.\($0), 0) AS expected_\($0), COALESCE(b.\($0), 0) AS found_\($0)"
    }.joined(separator: ", ")
    let conditions = names.map { "expected_\($0) <> found_\($0)" }.joined(separator: " OR ")
    let rows = try Row.fetchAll(
      database,
      sql: """
        WITH everyone AS
          (SELECT customer FROM token_entries UNION SELECT customer FROM token_balances),
          sums AS (SELECT customer, \(sums) FROM token_entries GROUP BY customer)
        SELECT e.customer, \(pairs) FROM everyone e
        LEFT JOIN sums s ON s.customer = e.customer
        LEFT JOIN token_balances b ON b.customer = e.customer
        WHERE \(conditions) ORDER BY e.customer
        """)
    return rows.flatMap { row in
      checks.compactMap { check, _ in
        let expected: Int64 = row["expected_\(check.rawValue)"]
        let found: Int64 = row["found_\(check.rawValue)"]
        guard expected != found else { return nil }
        return TokenAudit.Difference(
          customerID: row["customer"], check: check, expected: expected, found: found)
      }
    }
  }

  /// The first entry of each customer that does not go on from the one before it.
  private func sequenceDifferences() throws -> [TokenAudit.Difference] {
    try differences(
      .sequence,
      """
      SELECT customer, MIN(id), expected, found FROM (
        SELECT customer, id, balance_after AS found, amount + LAG(balance_after, 1, 0)
          OVER (PARTITION BY customer ORDER BY id) AS expected FROM token_entries)
      WHERE expected <> found GROUP BY customer ORDER BY customer
      """)
  }

  private func creditDifferences() throws -> [TokenAudit.Difference] {
    try differences(
      .credits,
      """
      WITH everyone AS
        (SELECT customer FROM token_lots UNION SELECT customer FROM token_balances)
      SELECT e.customer, COALESCE(b.balance, 0) AS expected,
        COALESCE((SELECT SUM(remaining) FROM token_lots l
          WHERE l.customer = e.customer AND l.remaining > 0), 0) AS found
      FROM everyone e LEFT JOIN token_balances b ON b.customer = e.customer
      WHERE expected <> found ORDER BY e.customer
      """)
  }

  /// What payments have bought, and what was taken back for them, against the entries that say so.
  private func paymentDifferences() throws -> [TokenAudit.Difference] {
    try differences(
      .payments,
      """
      WITH sold AS (SELECT customer, SUM(tokens - taken_back) AS tokens FROM token_purchases
          WHERE entry IS NOT NULL GROUP BY customer),
        credited AS (SELECT customer, SUM(amount) AS tokens FROM token_entries
          WHERE kind IN ('purchased', 'refunded') GROUP BY customer),
        everyone AS (SELECT customer FROM sold UNION SELECT customer FROM credited)
      SELECT e.customer, COALESCE(s.tokens, 0) AS expected, COALESCE(c.tokens, 0) AS found
      FROM everyone e LEFT JOIN sold s ON s.customer = e.customer
        LEFT JOIN credited c ON c.customer = e.customer
      WHERE expected <> found ORDER BY e.customer
      """)
  }

  private func differences(
    _ check: TokenAudit.Difference.Check, _ sql: String
  ) throws -> [TokenAudit.Difference] {
    try Row.fetchAll(database, sql: sql).map { row in
      TokenAudit.Difference(
        customerID: row["customer"], check: check, expected: row["expected"], found: row["found"])
    }
  }

  private func uncreditedPayments() throws -> [TokenAudit.Uncredited] {
    try Row.fetchAll(
      database, sql: "SELECT * FROM token_purchases WHERE entry IS NULL ORDER BY payment"
    ).map { row in
      TokenAudit.Uncredited(
        payment: row["payment"], customerID: row["customer"], packageID: row["package"])
    }
  }
}

extension TokenAudit.Difference.Check {
  /// The checks of sums, with what adds each of them up.
  fileprivate static let sums: [(check: Self, sum: String)] = [
    (.balance, "SUM(amount)"), (.purchased, sum(of: "purchased")),
    (.consumed, "-" + sum(of: "consumed")), (.granted, sum(of: "granted")),
    (.refunded, "-" + sum(of: "refunded")), (.expired, "-" + sum(of: "expired")),
  ]

  private static func sum(of kind: String) -> String {
    "SUM(iif(kind = '\(kind)', amount, 0))"
  }
}
