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

  /// What was given up and waits for somebody to ask; nil where nothing was.
  func deadLetters(_ source: DeadLetters.Source) throws -> DeadLetters? {
    let (table, name, condition) =
      switch source {
      case .events:
        (
          "events", "id || ' (' || type || ')'",
          "\(InboxEvent.Status.failed.condition) AND next_attempt_at IS NULL"
        )
      case .deliveries:
        // Who removed an endpoint knows; who tried one out saw what became of it.
        (
          "deliveries", "id || ' (' || type || ')'",
          """
          status = 'failed' AND type <> '\(OutgoingMessage.testType)'
            AND endpoint IN (SELECT id FROM endpoints WHERE removed_at IS NULL)
          """
        )
      case .messages:
        // That operators cannot be told of it is no reason to tell them of that as well.
        (
          "messages", "coalesce(address, channel)",
          """
          status = 'dead' AND notification NOT IN
            (SELECT id FROM notifications WHERE kind = 'dead_letters')
          """
        )
      }
    guard
      let row = try Row.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT \(name), error, updated_at, (SELECT count(*) FROM \(table) WHERE \(condition))
            FROM \(table) WHERE \(condition) ORDER BY updated_at DESC, rowid DESC LIMIT 1
            """))
    else { return nil }
    return DeadLetters(count: row[3], newest: row[2], example: row[0], error: row[1])
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
