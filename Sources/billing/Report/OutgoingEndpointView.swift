import Basics
import BillingCore

/// One of the company's own endpoints as the commands show it.
enum OutgoingEndpointView {
  static let keys = ["id", "url", "events", "scheme", "signature_header", "status", "created"]

  static func json(_ endpoint: OutgoingEndpoint) -> JSONObject {
    [
      "id": .string(endpoint.id), "url": .string(endpoint.url),
      "events": .array(endpoint.events.map { .string($0.pattern) }),
      "scheme": .string(endpoint.scheme.rawValue),
      "signature_header": .string(endpoint.signatureHeader),
      "status": endpoint.removedAt == nil ? "active" : "removed",
      "created": JSON(endpoint.created),
    ]
  }

  static let columns = [
    Column.id("ID", "id"), Column("URL", "url"), Column("EVENTS") { events($0) },
    Column("SCHEME", "scheme"), Column("HEADER", "signature_header").leaving(2),
    Column.time("CREATED", "created").leaving(1),
  ]

  static func report(_ object: JSONObject, closing: String) -> ObjectReport {
    var fields = [
      Field("id", object["id"]), Field("url", object["url"]),
      Field("events", events(.object(object))), Field("scheme", object["scheme"]),
      Field("header", object["signature_header"]),
      Field("status", Cell(status: object["status"])),
      Field("created", Cell(time: object["created"])),
    ]
    if let secret = object["secret"], secret != .null { fields.append(Field("secret", secret)) }
    return ObjectReport(object: object, fields: fields, closing: closing)
  }

  /// What would be written of an endpoint that is to be added.
  static func plan(of endpoint: OutgoingEndpoint) -> DryRunReport {
    var change = json(endpoint)
    for key in ["id", "status", "created"] { change[key] = nil }
    return plan("create", change)
  }

  static func plan(removing endpoint: OutgoingEndpoint) -> DryRunReport {
    guard endpoint.removedAt == nil else { return DryRunReport(changes: []) }
    return plan("remove", ["id": .string(endpoint.id), "url": .string(endpoint.url)])
  }

  private static func plan(_ action: String, _ facts: JSONObject) -> DryRunReport {
    var change: JSONObject = ["object": "endpoint", "action": .string(action)]
    for member in facts.members { change[member.key] = member.value }
    return DryRunReport(changes: [.object(change)])
  }

  private static func events(_ object: JSON) -> Cell {
    let names = object["events"]?.array?.compactMap { $0.string } ?? []
    return Cell(names == ["*"] ? "all" : names.joined(separator: ", "))
  }
}
