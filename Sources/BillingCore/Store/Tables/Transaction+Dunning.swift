import Basics
import GRDB

/// Which bills are owed after a payment failed.
extension Transaction {
  /// - Parameter limit: how many cases of a kind are told one by one; counted are all.
  package func dunningList(limit: Int) throws -> DunningList {
    var list = DunningList()
    list.tried = try dunning(
      "next_payment_attempt IS NOT NULL", order: "next_payment_attempt, id", limit: limit)
    list.givenUp = try dunning(
      "next_payment_attempt IS NULL", order: "created DESC, id DESC", limit: limit)
    return list
  }

  private func dunning(
    _ condition: String, order: String, limit: Int
  ) throws -> DunningList.Part {
    let owed = "status = 'open' AND attempt_count > 0 AND amount_remaining > 0 AND \(condition)"
    var part = DunningList.Part()
    let sums = try Row.fetchAll(
      database,
      sql: """
        SELECT currency, COUNT(*), SUM(amount_remaining) FROM invoices WHERE \(owed)
        GROUP BY currency
        """)
    for row in sums {
      part.count += row[1]
      part.sums[row[0]] = row[2]
    }
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, number, customer, amount_remaining, currency, attempt_count, created,
          next_payment_attempt FROM invoices WHERE \(owed) ORDER BY \(order) LIMIT ?
        """, arguments: [limit])
    part.cases = try rows.map { row in
      let customerID: String? = row[2]
      let customer = try customerID.flatMap { try self.customer($0) }
      return DunningCase(
        invoiceID: row[0], number: row[1], customerID: customerID, name: customer?.name,
        email: customer?.email, amountRemaining: row[3], currency: row[4], attempts: row[5],
        created: row[6], nextAttempt: row[7],
        decline: try customerID.flatMap { try lastDecline(of: $0, since: row[6]) })
    }
    return part
  }

  /// Why a payment of a customer failed last, by the events that tell of it.
  private func lastDecline(of customerID: String, since: Timestamp) throws -> DeclineCode? {
    let id = try String.fetchOne(
      database,
      sql: """
        SELECT id FROM events
        WHERE customer = ? AND created >= ? AND type = 'payment_intent.payment_failed'
        ORDER BY created DESC, rowid DESC LIMIT 1
        """, arguments: [customerID, since])
    guard let body = try id.flatMap({ try keptEvent($0) })?.body else { return nil }
    let error = try JSON(parsing: body)[path: ["data", "object", "last_payment_error"]]
    let (declineCode, code) = (error?["decline_code"]?.string, error?["code"]?.string)
    return declineCode ?? code == nil ? nil : DeclineCode.of(declineCode, error: code)
  }
}
