import Basics
import GRDB
import Stripe
import Testing

@testable import BillingCore

/// In whatever order a customer's events come in, and however often, the mirror ends in one state:
/// also where several of them bear the same second.
@Suite(.tags(.unit)) struct EventOrderTests {
  struct Happening: Sendable {
    let type: String
    let object: JSON
    let at: Int64
    var previous: JSONObject = [:]
  }

  private static func subscription(_ status: String, _ note: String = "") -> JSON {
    Sample.subscription(status: status, changing: ["metadata": ["note": .string(note)]])
  }

  private static func updated(
    _ status: String, _ note: String = "", at: Int64, from previous: JSONObject
  ) -> Happening {
    Happening(
      type: "customer.subscription.updated", object: subscription(status, note), at: at,
      previous: previous)
  }

  private static let created = Happening(
    type: "customer.subscription.created", object: subscription("incomplete"), at: 100)

  /// Three changes in the second in which it was made, the last of them without a new status.
  private static let busySecond = [
    created, updated("active", at: 100, from: ["status": "incomplete"]),
    updated("active", "a", at: 100, from: ["metadata": ["note": ""]]),
    updated("active", "b", at: 100, from: ["metadata": ["note": "a"]]),
  ]

  private static let dunning = [
    created, updated("active", at: 100, from: ["status": "incomplete"]),
    updated("past_due", at: 200, from: ["status": "active"]),
    updated("past_due", "reminded", at: 300, from: ["metadata": ["note": ""]]),
    updated("past_due", "again", at: 400, from: ["metadata": ["note": "reminded"]]),
  ]

  private static let recovered = [
    updated("past_due", at: 200, from: ["status": "active"]),
    updated("active", at: 201, from: ["status": "past_due"]),
    updated("past_due", at: 300, from: ["status": "active"]),
    Happening(
      type: "customer.subscription.updated", object: subscription("past_due", "x"), at: 300,
      previous: ["metadata": ["note": ""]]),
  ]

  private static let ended = [
    created, updated("active", at: 100, from: ["status": "incomplete"]),
    Happening(
      type: "customer.subscription.deleted", object: subscription("canceled"), at: 100),
    Happening(type: "customer.deleted", object: Sample.customer(), at: 101),
    Happening(type: "customer.created", object: Sample.customer(), at: 99),
  ]

  private static let bill = ["draft", "open", "paid"].enumerated().map { index, status in
    Happening(
      type: ["invoice.created", "invoice.finalized", "invoice.paid"][index],
      object: Sample.invoice(status: status), at: 100)
  }

  private static func events(_ happenings: [Happening]) throws -> [IncomingEvent] {
    try happenings.enumerated().map { index, happening in
      // Ids say nothing about the order.
      let json: JSON = [
        "id": .string("evt_\((index * 7 + 3) % 10)\(index)"), "object": "event",
        "type": .string(happening.type), "created": .integer(happening.at), "livemode": false,
        "api_version": "2026-10-28.endive",
        "data": [
          "object": happening.object,
          "previous_attributes": happening.previous.isEmpty ? .null : .object(happening.previous),
        ],
      ]
      return try IncomingEvent(Array(json.compact.utf8), verdict: .verified)
    }
  }

  /// What is known after all events came, without who told it when; and the rights that stand.
  private func state(after events: [IncomingEvent]) throws -> [String] {
    let store = try Store.inMemory(now: { noon })
    let inbox = Inbox(store: store, mirror: .sample)
    for event in events { _ = try inbox.take([event]) }
    return try store.read { transaction in
      let left: Set<String> = ["created_at", "updated_at", "origin", "cause"]
      let rows = try ["objects", "subscriptions", "subscription_items", "invoices"]
        .flatMap { table in
          try Row.fetchAll(transaction.database, sql: "SELECT * FROM \(table) ORDER BY id")
            .map { row in
              "\(table) " + (try transaction.words(of: row, without: left).joined(separator: " "))
            }
        }
      let rights = try transaction.entitlements(ofCustomer: "cus_1").last
      return rows + ["due since \(rights?.pastDueSince?.seconds ?? 0)"]
    }
  }

  private static func permutations<Element>(_ elements: [Element]) -> [[Element]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
      var rest = elements
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  private static let stories = [
    "busy second": busySecond, "dunning": dunning, "recovered": recovered, "ended": ended,
    "bill": bill,
  ]

  @Test(arguments: ["busy second", "dunning", "recovered", "ended", "bill"])
  func anyOrderEndsInOneState(_ story: String) throws {
    let events = try Self.events(#require(Self.stories[story]))
    let expected = try state(after: events)
    for permutation in Self.permutations(events) {
      let difference = try state(after: permutation).difference(from: expected)
      let order = permutation.map { $0.event.id }
      #expect(difference.isEmpty, "in the order \(order)")
    }
  }

  @Test func theStateIsThatOfTheLastEvent() throws {
    let busy = try state(after: Self.events(Self.busySecond.reversed()))
    #expect(busy.contains { $0.contains(#""note":"b""#) })
    let dunning = try state(after: Self.events(Self.dunning.reversed()))
    #expect(dunning.last == "due since 200")
    let recovered = try state(after: Self.events(Self.recovered.reversed()))
    #expect(recovered.last == "due since 300")
  }

  // MARK: Doubt

  @Test func aGuessIsInDoubtUntilTheObjectIsToldAgain() throws {
    let store = try Store.inMemory(now: { noon })
    let inbox = Inbox(store: store, mirror: .sample)
    let events = try Self.events([
      Self.updated("active", "a", at: 100, from: [:]),
      Self.updated("active", "b", at: 100, from: [:]),
      Self.updated("active", "c", at: 101, from: [:]),
    ])
    let inDoubt = { try store.read { try $0.objectsInDoubt(limit: 9).map { $0.id } } }
    _ = try inbox.take(Array(events.prefix(2)))
    #expect(try inDoubt() == ["sub_1"])
    _ = try inbox.take(Array(events.suffix(1)))
    #expect(try inDoubt() == [])
  }

  @Test func whatFollowsByItselfIsNoGuess() throws {
    for happenings in [Self.bill, Self.ended, Self.busySecond] {
      let store = try Store.inMemory(now: { noon })
      _ = try Inbox(store: store, mirror: .sample).take(Self.events(happenings))
      #expect(try store.read { try $0.objectsInDoubt(limit: 9).isEmpty })
    }
  }
}
