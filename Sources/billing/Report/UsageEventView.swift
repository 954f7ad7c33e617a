import Basics
import BillingCore

/// What was used once: the fields of a line of `usage import`.
enum UsageEventView {
  static func json(_ event: UsageEvent) -> JSONObject {
    [
      "id": .string(event.id), "customer": .string(event.customerID),
      "meter": .string(event.meterID), "quantity": .integer(event.quantity),
      "timestamp": JSON(event.at), "key_id": JSON(event.request.keyID),
      "endpoint": JSON(event.request.endpoint), "method": JSON(event.request.method),
      "status_code": JSON(event.request.statusCode),
      "response_time_ms": JSON(event.request.responseTimeMilliseconds),
    ]
  }

  static func report(_ json: JSONObject) -> ObjectReport {
    var fields = [
      Field("id", json["id"]), Field("customer", json["customer"]), Field("meter", json["meter"]),
      Field("quantity", json["quantity"]), Field("at", Cell(time: json["timestamp"])),
    ]
    for (title, key) in [
      ("key", "key_id"), ("endpoint", "endpoint"), ("method", "method"),
      ("status", "status_code"), ("milliseconds", "response_time_ms"),
    ] where json[key]?.isNull == false {
      fields.append(Field(title, json[key]))
    }
    return ObjectReport(object: json, fields: fields)
  }
}
