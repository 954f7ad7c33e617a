import Basics
import BillingCore
import Stripe

/// An event of the inbox with all that is known of it: what it says, who vouches for it, what it
/// changed, and why it failed.
struct EventReport: Report {
  let kept: KeptEvent
  /// What became different of subscriptions because of it.
  let changes: [Transition]
  let conflicts: [EventConflict]

  private var event: InboxEvent { kept.event }
  private var body: JSON? { try? JSON(parsing: kept.body) }

  var data: ReportData {
    var object = EventView.json(event)
    object["verdict"] = .string(event.verdict.rawValue)
    object["next_attempt_at"] = JSON(event.nextAttemptAt)
    object["event"] = body ?? .null
    object["changes"] = .array(
      changes.map { ["kind": .string($0.kind.rawValue), "from": JSON($0.from), "to": JSON($0.to)] })
    object["conflicts"] = .array(
      conflicts.map { conflict in
        [
          "field": .string(conflict.field), "verdict": .string(conflict.verdict.rawValue),
          "received_at": JSON(conflict.receivedAt),
          "event": (try? JSON(parsing: conflict.body)) ?? .null,
        ]
      })
    return .object(object)
  }

  // MARK: For people

  var human: HumanForm {
    guard let closing else { return .details(fields) }
    return .sections([.details(fields), .text(VisibleText.of(closing))])
  }

  private var fields: [Field] {
    let json = EventView.json(event)
    var fields = [
      Field("id", json["id"]), Field("type", json["type"]), Field("says", words),
      Field("created", Cell(time: json["created"])), Field("api version", json["api_version"]),
      Field("mode", event.isLive ? "live" : "test"), Field("object", json["object_id"]),
      Field("customer", json["customer"]),
    ]
    if let account = event.account { fields.append(Field("account", account)) }
    fields += [
      Field("sender", Self.words(event.verdict)),
      Field("received", Cell(time: json["received_at"])),
      Field("status", Cell(status: json["status"])), Field("attempts", json["attempts"]),
    ]
    if event.processedAt != nil {
      fields.append(Field("processed", Cell(time: json["processed_at"])))
    }
    if let error = event.error { fields.append(Field("error", error)) }
    if event.status == .failed { fields.append(Field("next attempt", nextAttempt)) }
    fields += changes.map { Field("changed", ChangeWords.of($0)) }
    fields += conflicts.map { conflict in
      let at = Cell(time: JSON(conflict.receivedAt)).text
      return Field(
        "kept aside",
        "a delivery of \(at) with another \(conflict.field) (\(conflict.verdict.rawValue))")
    }
    return fields
  }

  /// What it tells, with the fields that it says have changed.
  private var words: String {
    guard let body, let event = try? Event(body) else { return "-" }
    let told = EventWords.of(event)?.1 ?? EventWords.plain(event.type)
    let changed = event.previousAttributes?.object?.keys ?? []
    guard !changed.isEmpty, event.type != "customer.updated" else { return told }
    return "\(told): \(changed.map(EventWords.plain).joined(separator: ", "))"
  }

  private var nextAttempt: String {
    guard let next = event.nextAttemptAt else { return "none, it was given up" }
    return "\(Cell(time: JSON(next)).text), by billing webhook listen"
  }

  private static func words(_ verdict: IncomingEvent.Verdict) -> String {
    switch verdict {
    case .verified: "verified by its signature"
    case .trusted: "read from Stripe"
    case .unverified: "not verified"
    }
  }

  private var closing: String? {
    switch event.status {
    case .failed: "billing webhook retry \(event.id) runs it again."
    case .pending: "It waits until billing webhook listen, or billing webhook retry, runs it."
    case .processed, .ignored: nil
    }
  }
}
