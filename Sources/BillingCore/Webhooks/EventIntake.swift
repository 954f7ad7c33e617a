import Basics
import Stripe

/// Takes events in: each id once, with its bytes, through the one door into the mirror.
package struct EventIntake: Sendable {
  package struct Summary: Sendable, Hashable {
    package var taken = 0
    package var duplicates = 0
    package var failed = 0

    package init() {}
  }

  private let store: Store
  private let mirror: StripeMirror

  package init(store: Store, mirror: StripeMirror) {
    self.store = store
    self.mirror = mirror
  }

  /// Takes a batch and moves the cursor past it, in one transaction: after a crash the same batch
  /// comes again, or none of it. An event that cannot be applied is kept as failed and does not
  /// stop the rest.
  package func take(
    _ bodies: [[UInt8]], movingCursor name: String, to value: String
  ) throws -> Summary {
    try store.write { transaction in
      var summary = Summary()
      for body in bodies { try take(body, in: transaction, &summary) }
      try transaction.setCursor(name, to: value)
      return summary
    }
  }

  private func take(
    _ body: [UInt8], in transaction: Transaction, _ summary: inout Summary
  ) throws {
    let json = try JSON(parsing: body)
    let event = try Event(json)
    guard try !transaction.hasEvent(event.id) else {
      summary.duplicates += 1
      return
    }
    var row = InboxEvent(
      event, body: Self.kept(body, of: event, json), receivedAt: transaction.now)
    do {
      try transaction.savepoint { try apply(event, in: transaction) }
      row.status = StripeMirror.isMirrored(event.object) ? .processed : .ignored
      row.processedAt = transaction.now
      summary.taken += 1
    } catch let error as MalformedObject {
      row.status = .failed
      row.error = error.description
      summary.failed += 1
    }
    try transaction.putEvent(row)
  }

  /// The bytes as they came, but for a secret that completes a payment: it is kept nowhere.
  private static func kept(_ body: [UInt8], of event: Event, _ json: JSON) -> [UInt8] {
    guard event.object["client_secret"]?.string != nil else { return body }
    return Array(json.withoutSecrets.compact.utf8)
  }

  private func apply(_ event: Event, in transaction: Transaction) throws {
    guard
      let snapshot = Snapshot(
        event.object, origin: .event(id: event.id, previous: event.previousAttributes),
        asOf: event.created, cause: event.id)
    else { return }
    try mirror.apply(
      event.type.hasSuffix(".deleted") ? snapshot.deleted : snapshot, in: transaction)
  }
}

extension InboxEvent {
  init(_ event: Event, body: [UInt8], receivedAt: Timestamp) {
    self.init(
      id: event.id, type: event.type, created: event.created, apiVersion: event.apiVersion,
      isLive: event.isLive, account: event.account, objectID: event.object["id"]?.string,
      customerID: Self.customer(of: event.object), status: .pending, attempts: 1, error: nil,
      body: body, receivedAt: receivedAt, processedAt: nil)
  }

  private static func customer(of object: JSON) -> String? {
    object["object"]?.string == "customer"
      ? object["id"]?.string : object["customer"]?.string ?? object["customer"]?["id"]?.string
  }
}
