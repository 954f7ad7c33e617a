import Basics
import GRDB
import Stripe

@testable import BillingCore

/// A store with endpoints that hear of what happens, and what each is told.
struct Listening {
  let store: Store
  let mirror = StripeMirror.sample

  /// - Parameter events: what the first endpoint, `we_1`, wants.
  init(_ events: String..., from moment: Timestamp = noon - 86_400) throws {
    store = try Store.inMemory(now: { noon })
    try add("we_1", events, from: moment)
  }

  func add(_ id: String, _ events: [String], from moment: Timestamp = noon) throws {
    let endpoint = OutgoingEndpoint(
      id: id, url: "https://\(id).example.com", events: events.compactMap { EventTypePattern($0) },
      scheme: .standard, created: moment)
    try store.write {
      _ = try $0.add(endpoint, secret: Secret("whsec_\(id)"), by: "ada@host", meaning: id)
    }
  }

  /// An event that comes in.
  func take(
    _ type: String, _ object: JSON, at created: Timestamp = noon, previous: JSONObject? = nil,
    id: String? = nil, force: Bool = false
  ) throws {
    var data: JSONObject = ["object": object]
    data["previous_attributes"] = previous.map { .object($0) }
    let name = id ?? "evt_\(type)_\(created.seconds)_\(object["status"]?.string ?? "")"
    let event: JSON = [
      "id": .string(name), "object": "event", "type": .string(type),
      "created": .integer(created.seconds), "livemode": false,
      "api_version": "2026-10-28.endive", "data": .object(data),
    ]
    _ = try Inbox(store: store, mirror: mirror).take(
      [IncomingEvent(Array(event.compact.utf8), verdict: .verified)], force: force)
  }

  /// What Stripe answers, or lists.
  func apply(
    _ object: JSON, at age: Timestamp = noon, _ origin: Snapshot.Origin = .response,
    cause: String? = "op_1"
  ) throws {
    guard let snapshot = Snapshot(object, origin: origin, asOf: age, cause: cause) else { return }
    try store.write { _ = try mirror.apply(snapshot, in: $0) }
  }

  /// The types of what an endpoint is told, in order.
  func told(_ endpoint: String = "we_1") throws -> [String] {
    try messages(endpoint).map { $0["type"]?.string ?? "-" }
  }

  /// The messages for an endpoint, in order.
  func messages(_ endpoint: String = "we_1") throws -> [JSON] {
    try store.read { transaction in
      try String.fetchAll(
        transaction.database,
        sql: "SELECT body FROM deliveries WHERE endpoint = ? ORDER BY number",
        arguments: [endpoint]
      ).map { try JSON(parsing: $0) }
    }
  }
}
