import Basics
import BillingCore

/// The object `webhook event` of the contract: an event as the inbox keeps it.
enum EventView {
  static func json(_ event: InboxEvent) -> JSONObject {
    [
      "id": .string(event.id), "type": .string(event.type), "created": JSON(event.created),
      "api_version": JSON(event.apiVersion), "livemode": .bool(event.isLive),
      "status": .string(event.status.rawValue), "attempts": JSON(event.attempts),
      "received_at": JSON(event.receivedAt), "processed_at": JSON(event.processedAt),
      "error": JSON(event.error), "object_id": JSON(event.objectID),
      "customer": JSON(event.customerID),
    ]
  }

  static let keys = [
    "id", "type", "created", "api_version", "livemode", "status", "attempts", "received_at",
    "processed_at", "error", "object_id", "customer",
  ]

  /// One event, and what came of running it.
  static func report(_ event: InboxEvent, _ outcome: EventOutcome) -> ObjectReport {
    let json = json(event)
    var fields = [
      Field("id", json["id"]), Field("type", json["type"]),
      Field("created", Cell(time: json["created"])), Field("customer", json["customer"]),
      Field("status", Cell(status: json["status"])), Field("attempts", json["attempts"]),
    ]
    switch outcome {
    case .processed(let changes):
      fields += changes.map { Field("changed", ChangeWords.of($0)) }
      return ObjectReport(object: json, fields: fields)
    case .failed(let reason):
      fields.append(Field("error", event.error))
      return ObjectReport(
        object: json, fields: fields,
        outcome: .failed(.partial("\(event.id) failed: \(reason)")))
    case .ignored, .duplicate, .conflict, .otherMode:
      return ObjectReport(object: json, fields: fields)
    }
  }

  static let columns = [
    Column("ID", "id"), Column("TYPE", "type"), .time("CREATED", "created"), .status("STATUS"),
    Column("CUSTOMER", "customer"), Column("ERROR", "error"),
  ]
}
