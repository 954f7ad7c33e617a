import Basics
import Stripe

/// A webhook endpoint as the commands show it.
enum EndpointView {
  static let keys = [
    "id", "url", "status", "enabled_events", "api_version", "description", "livemode", "created",
  ]

  static func json(_ endpoint: WebhookEndpoint) -> JSONObject {
    [
      "id": .string(endpoint.id), "url": .string(endpoint.url),
      "status": .string(endpoint.status),
      "enabled_events": .array(endpoint.enabledEvents.map { .string($0) }),
      "api_version": JSON(endpoint.apiVersion), "description": JSON(endpoint.description),
      "livemode": .bool(endpoint.isLive), "created": JSON(endpoint.created),
    ]
  }

  static let columns = [
    Column("ID", "id"), Column("URL", "url"), .status("STATUS"),
    Column("EVENTS") { events($0) }, Column("VERSION", "api_version"), .time("CREATED", "created"),
  ]

  static func report(_ object: JSONObject, closing: String) -> ObjectReport {
    let secret = object["secret"].flatMap { $0 == .null ? nil : Field("secret", $0) }
    return ObjectReport(
      object: object,
      fields: [
        Field("id", object["id"]), Field("url", object["url"]),
        Field("status", Cell(status: object["status"])), Field("events", events(.object(object))),
        Field("version", object["api_version"]), Field("created", Cell(time: object["created"])),
      ] + (secret.map { [$0] } ?? []), closing: closing)
  }

  /// `all`, one or two by their names, else how many.
  private static func events(_ object: JSON) -> Cell {
    let types = object["enabled_events"]?.array?.compactMap { $0.string } ?? []
    if types == ["*"] { return Cell("all") }
    return Cell(types.count > 2 ? "\(types.count) types" : types.joined(separator: ", "))
  }
}
