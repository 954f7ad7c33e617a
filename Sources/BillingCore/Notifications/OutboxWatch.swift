import Basics

/// Looks for what nobody tells by itself, and puts it into the outbox: cards that end, and what was
/// given up.
package struct OutboxWatch: Sendable {
  /// How long before its end a card is told of.
  static let cardNoticeSeconds: Int64 = 30 * 86_400

  private let store: Store

  package init(_ store: Store) { self.store = store }

  /// - Returns: how many notifications it put there.
  @discardableResult
  package func look() throws -> Int {
    try store.write { transaction in
      let cards = try Self.cards(transaction).count { try transaction.enqueue($0) }
      return cards + (try DeadLetters.Source.allCases.count { try Self.tell($0, transaction) })
    }
  }

  /// Once for each card and its end: of running subscriptions whose next bill comes after it.
  static func cards(_ transaction: Transaction) throws -> [Notification] {
    try transaction.endingCards(before: transaction.now + cardNoticeSeconds).compactMap { card in
      guard let bill = try transaction.nextBill(with: card), bill >= card.end else { return nil }
      let end = CivilTime(card.end - 1)
      let month = (end.month < 10 ? "0" : "") + "\(end.month)"
      return Notification(
        .cardExpiring, customerID: card.customerID,
        cause: "card \(card.paymentMethodID) \(end.year)-\(month)", at: transaction.now,
        payload: [
          "id": .string(card.paymentMethodID), "card": .string(card.name),
          "card_end": .string("\(month)/\(end.year)"), "bill_at": .string(bill.iso8601),
        ])
    }
  }

  /// What is not tried any more, when there is more of it than at the last time.
  private static func tell(
    _ source: DeadLetters.Source, _ transaction: Transaction
  ) throws -> Bool {
    let topic = "dead letters: \(source.rawValue)"
    guard let dead = try transaction.deadLetters(source),
      try transaction.lastAlert(of: topic).map({ dead.newest > $0 }) ?? true
    else { return false }
    return try transaction.alert(
      .deadLetters, topic: topic,
      payload: [
        "what": .string(source.words), "count": .integer(dead.count),
        "example": .string(dead.example), "error": JSON(dead.error),
        "command": .string(source.command),
      ])
  }
}

/// A card of which the end is near.
struct EndingCard: Sendable, Hashable {
  let paymentMethodID: String
  let customerID: String
  /// `visa 4242`.
  let name: String
  /// The first moment at which it is not valid any more.
  let end: Timestamp
}

/// What was given up, of one kind.
struct DeadLetters: Sendable, Hashable {
  /// Where things wait that are not tried any more until somebody asks.
  enum Source: String, Sendable, Hashable, CaseIterable {
    case events, deliveries, messages

    var words: String {
      switch self {
      case .events: "webhook events"
      case .deliveries: "deliveries to endpoints"
      case .messages: "notifications"
      }
    }

    /// What shows them.
    var command: String {
      switch self {
      case .events: "billing webhook list --status failed"
      case .deliveries: "billing delivery list --status failed"
      case .messages: "billing notify list --status dead"
      }
    }
  }

  let count: Int64
  /// When the last one was given up.
  let newest: Timestamp
  /// Which one that was.
  let example: String
  let error: String?
}
