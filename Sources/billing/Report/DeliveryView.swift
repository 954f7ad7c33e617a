import Basics
import BillingCore

/// What one of the company's own endpoints is told, as the commands show it.
enum DeliveryView {
  static let keys = [
    "id", "endpoint", "url", "type", "customer", "at", "status", "attempts", "next_attempt_at",
    "http_status", "error", "delivered_at", "created",
  ]

  static func json(_ delivery: OutgoingDelivery) -> JSONObject {
    [
      "id": .string(delivery.id), "endpoint": .string(delivery.endpointID),
      "url": .string(delivery.url), "type": .string(delivery.type),
      "customer": JSON(delivery.customerID), "at": JSON(delivery.at),
      "status": .string(delivery.status.rawValue), "attempts": JSON(delivery.attempts),
      "next_attempt_at": JSON(delivery.nextAttemptAt), "http_status": JSON(delivery.httpStatus),
      "error": JSON(delivery.error), "delivered_at": JSON(delivery.deliveredAt),
      "created": JSON(delivery.created),
    ]
  }

  static let columns = [
    Column.id("ID", "id"), Column("TYPE", "type"), Column("CUSTOMER", "customer").leaving(2),
    Column("ENDPOINT", "endpoint").leaving(3), .time("AT", "at"), .status("STATUS"),
    Column("TRIED", "attempts", alignment: .right).leaving(1),
    Column.time("NEXT", "next_attempt_at").leaving(4), Column("ERROR", "error"),
  ]

  /// One that was just tried.
  static func report(_ delivery: OutgoingDelivery) -> ObjectReport {
    let object = json(delivery)
    var fields = [
      Field("id", object["id"]), Field("type", object["type"]), Field("url", object["url"]),
      Field("customer", object["customer"]), Field("status", Cell(status: object["status"])),
      Field("attempts", object["attempts"]), Field("answer", object["http_status"]),
    ]
    guard delivery.status != .delivered else { return ObjectReport(object: object, fields: fields) }
    fields.append(Field("error", object["error"]))
    if delivery.nextAttemptAt != nil {
      fields.append(Field("next attempt", Cell(time: object["next_attempt_at"])))
    }
    return ObjectReport(
      object: object, fields: fields,
      outcome: .failed(
        .partial("\(delivery.url) did not take it: \(delivery.error ?? "no answer")")))
  }

  static func plan(_ type: String, to endpoint: OutgoingEndpoint) -> DryRunReport {
    DryRunReport(changes: [
      [
        "object": "delivery", "action": "send", "id": .null, "type": .string(type),
        "url": .string(endpoint.url),
      ]
    ])
  }

  static func plan(sending deliveries: [OutgoingDelivery]) -> DryRunReport {
    DryRunReport(
      changes: deliveries.map { delivery in
        [
          "object": "delivery", "action": "send", "id": .string(delivery.id),
          "type": .string(delivery.type), "url": .string(delivery.url),
        ]
      })
  }
}
