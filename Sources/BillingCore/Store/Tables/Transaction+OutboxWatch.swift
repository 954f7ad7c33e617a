import Basics
import Foundation
import GRDB

/// What the outbox looks for in the mirror and the inbox.
extension Transaction {
  /// Cards that customers have and that end before a moment, those that have ended among them.
  func endingCards(before moment: Timestamp) throws -> [EndingCard] {
    let limit = CivilTime(moment)
    return try Row.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT id, customer, brand, last4, exp_year, exp_month FROM payment_methods
          WHERE customer IS NOT NULL AND exp_year IS NOT NULL AND exp_month IS NOT NULL
            AND (exp_year, exp_month) <= (?, ?)
          ORDER BY exp_year, exp_month, id
          """), arguments: [limit.year, limit.month]
    ).compactMap { row in
      let month = CivilTime(year: row[4], month: row[5], day: 1)
      guard month.isValid else { return nil }
      let end = month.adding(months: 1).timestamp
      let words = [row[2] as String?, row[3] as String?].compactMap { $0 }
      return end <= moment
        ? EndingCard(
          paymentMethodID: row[0], customerID: row[1], name: words.joined(separator: " "), end: end)
        : nil
    }
  }

  /// When the next bill comes that a card pays: of a running subscription that names it, or that
  /// names none, where it is the customer's default.
  func nextBill(with card: EndingCard) throws -> Timestamp? {
    guard let customer = try customer(card.customerID), !customer.isDeleted else { return nil }
    return try subscriptions(ofCustomer: customer.id).compactMap { row -> Timestamp? in
      guard ["active", "trialing", "past_due"].contains(row.status), row.endsAt == nil else {
        return nil
      }
      let own = try subscriptionJSON(row.id)?["default_payment_method"]
      let method = own?.string ?? own?["id"]?.string ?? customer.defaultPaymentMethodID
      return method == card.paymentMethodID ? row.currentPeriodEnd : nil
    }.min()
  }

  /// Events that could not be applied and are not tried any more; nil without any.
  func deadEvents() throws -> DeadLetters? {
    let condition = "status = 'failed' AND next_attempt_at IS NULL"
    guard
      let row = try Row.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT id, type, error, updated_at,
              (SELECT count(*) FROM events WHERE \(condition)) AS number
            FROM events WHERE \(condition) ORDER BY updated_at DESC, id DESC LIMIT 1
            """))
    else { return nil }
    return DeadLetters(
      count: row["number"], newest: row["updated_at"],
      example: "\(row["id"] as String) (\(row["type"] as String))", error: row["error"])
  }

  /// Why a payment failed, as the event of that moment says; nil where it is another matter, and
  /// where nobody said.
  func decline(of notification: Notification) throws -> DeclineCode? {
    guard notification.kind == .paymentFailed, let moment = notification.at,
      let customerID = notification.customerID,
      let body = try Data.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT body FROM events WHERE customer = ?1 AND created BETWEEN ?2 - 60 AND ?2 + 60
              AND type IN ('payment_intent.payment_failed', 'charge.failed')
            ORDER BY abs(created - ?2), type DESC LIMIT 1
            """), arguments: [customerID, moment]),
      let object = try? JSON(parsing: Array(body))[at: "data", "object"]
    else { return nil }
    let error = object["last_payment_error"]
    return DeclineCode.of(
      error?["decline_code"]?.string ?? object[at: "outcome", "reason"]?.string,
      error: error?["code"]?.string ?? object["failure_code"]?.string)
  }
}
