import Basics

/// Events that carry no snapshot, of which the sandbox has those of meters:
/// `/v2/core/events`.
///
/// They are apart from the others: `/v1/events` does not list them, and webhook endpoints of
/// `/v1/webhook_endpoints` cannot ask for them. Errors have the shape of `/v1` here, too.
enum ThinEvents: Resource {
  static let types: [ResourceType] = []

  static let operations: [Operation] = [
    .own(
      "GET", "/v2/core/events",
      parameters: [
        "limit": .integer, "object_id": .string, "page": .string, "types": .array(.string),
      ], returns: "v2.core.event", list),
    .own("GET", "/v2/core/events/{id}", returns: "v2.core.event", retrieve),
  ]

  private static func retrieve(_ call: Call) throws -> JSON {
    guard let event = try call.store.thinEvent(id: call.id) else {
      throw SandboxError.missing("event", id: call.id)
    }
    return .object(event)
  }

  /// A page, newest first. `page` is what the URL of the next page holds.
  private static func list(_ call: Call) throws -> JSON {
    try call.checkRange("limit", 1...100)
    let limit = call.integer("limit") ?? 20
    let place = call.string("page").map { Int64($0) }
    if case .some(nil) = place {
      throw SandboxError.invalid("Invalid page: \(call.string("page") ?? "")", parameter: "page")
    }
    let found = try call.store.thinEvents(
      of: call.string("object_id"), types: call.array("types")?.compactMap { $0.string } ?? [],
      before: place ?? nil, limit: Int(limit) + 1)
    let shown = found.prefix(Int(limit))
    let next = found.count > shown.count ? shown.last?.sequence : nil
    return [
      "data": .array(shown.map { .object($0.event) }),
      "next_page_url": JSON(next.map { "\(call.path)?page=\($0)&limit=\(limit)\(filters(call))" }),
      "previous_page_url": .null,
    ]
  }

  private static func filters(_ call: Call) -> String {
    let types = call.array("types")?.compactMap { $0.string } ?? []
    return (call.string("object_id").map { "&object_id=\($0)" } ?? "")
      + types.map { "&types[]=\($0)" }.joined()
  }
}

// MARK: Making

extension ThinEvents {
  /// Tells that a meter event counts for nothing.
  static func tell(
    _ problem: MeterEventReading.Problem, of identifier: String, meter: JSONObject?, _ call: Call
  ) throws {
    let id = call.newID("evt_test", length: 48)
    let kind = meter == nil ? "no_meter_found" : "error_report_triggered"
    let type = "v1.billing.meter.\(kind)"
    // Stripe looks for errors in windows of ten seconds.
    let window = call.now.seconds / 10 * 10
    let related = meter.map { meter -> JSON in
      [
        "id": .string(meter.id), "type": "billing.meter",
        "url": .string("/v1/billing/meters/\(meter.id)"),
      ]
    }
    let event: JSON = [
      "id": .string(id), "object": "v2.core.event", "context": .null, "created": moment(call.now),
      "data": [
        "developer_message_summary": "There is 1 invalid event",
        "reason": reason(problem, identifier),
        "validation_end": moment(Timestamp(window + 10)),
        "validation_start": moment(Timestamp(window)),
      ], "livemode": false, "reason": .null, "related_object": related ?? .null,
      "type": .string(type),
    ]
    try call.store.insertThinEvent(
      id: id, type: type, objectID: meter?.id, body: event.compact)
  }

  private static func reason(
    _ problem: MeterEventReading.Problem, _ identifier: String
  ) -> JSON {
    [
      "error_count": 1,
      "error_types": [
        [
          "code": .string(problem.code), "error_count": 1,
          "sample_errors": [
            [
              "error_message": .string(problem.message),
              "request": ["identifier": .string(identifier)],
            ]
          ],
        ]
      ],
    ]
  }

  /// `2024-10-01T20:42:50.000Z`.
  private static func moment(_ moment: Timestamp) -> JSON {
    .string("\(moment.iso8601.dropLast()).000Z")
  }
}
