import Basics
import BillingCore
private import Foundation
import Stripe

/// The sum of a replay: `read processed duplicates ignored failed skipped verified elapsed_seconds
/// events_per_second`.
struct ReplaySummary: Sendable {
  let counts: ReplayCounts
  let milliseconds: Int64

  init(_ counts: ReplayCounts, milliseconds: Int64) {
    self.counts = counts
    self.milliseconds = milliseconds
  }

  var json: JSONObject {
    [
      "read": JSON(counts.read), "processed": JSON(counts.processed),
      "duplicates": JSON(counts.duplicates), "ignored": JSON(counts.ignored),
      "failed": JSON(counts.failed), "skipped": JSON(counts.skipped),
      "verified": JSON(counts.verified),
      "elapsed_seconds": .decimal(Decimal(milliseconds) / 1000),
      "events_per_second": JSON(rate),
    ]
  }

  private var rate: Int64 { milliseconds > 0 ? Int64(counts.read) * 1000 / milliseconds : 0 }

  var fields: [Field] {
    [
      Field("Read", JSON(counts.read)),
      Field("Processed", JSON(counts.processed)),
      Field("Duplicates", JSON(counts.duplicates)),
      Field("Ignored", JSON(counts.ignored)),
      Field("Failed", Cell("\(counts.failed)", counts.failed > 0 ? .red : nil)),
      Field("Skipped", JSON(counts.skipped)),
      Field("Verified", JSON(counts.verified)),
      Field("Time", "\(Decimal(milliseconds) / 1000) s, \(rate) events/s"),
    ]
  }
}

/// What a replay shows: how it went, or with `--dry-run` what each event would change.
struct ReplayReport: Report {
  private(set) var data: ReportData
  private(set) var human: HumanForm
  private(set) var outcome: Outcome

  init(summary: ReplaySummary, outcome: Outcome) {
    data = .object(summary.json)
    human = .details(summary.fields)
    self.outcome = outcome
  }

  init(preview rows: [JSON], outcome: Outcome) {
    data = .object([
      "dry_run": true, "requests": [], "changes": .array(rows), "preview": .null,
    ])
    human =
      rows.isEmpty
      ? .text("there are no events")
      : .sections([
        .text("nothing was changed; this is what each event would change:"),
        .rows(PreviewedEventView.columns, rows),
      ])
    self.outcome = outcome
  }

  /// The same with how handing on went beside it.
  func adding(_ forwarded: ReplayForwarding.Forwarded) -> ReplayReport {
    var report = self
    if case .object(var object) = data {
      object["forwarded"] = forwarded.json
      report.data = .object(object)
    }
    if case .details(let fields) = human { report.human = .details(fields + forwarded.fields) }
    if outcome == .done { report.outcome = forwarded.outcome }
    return report
  }
}

/// What one event would change: `event type status object_id customer object changes transitions
/// error`.
enum PreviewedEventView {
  /// How many changed fields a table shows.
  private static let shownFields = 3

  static func json(_ previewed: PreviewedEvent) -> JSON {
    let (event, transitions) = (previewed.event, previewed.transitions)
    let (type, objectID, customer): (String?, String?, String?) =
      switch event.reading {
      case .event(let incoming):
        (incoming.event.type, incoming.event.object["id"]?.string, incoming.event.customerID)
      case .kept(let kept): (kept.type, kept.objectID, kept.customerID)
      case .unreadable: (nil, nil, nil)
      }
    let effect =
      previewed.isNew ? "new" : previewed.changes.isEmpty ? "unchanged" : "changed"
    return [
      "event": .string(event.reading.name), "type": JSON(type), "status": .string(event.status),
      "object_id": JSON(objectID), "customer": JSON(customer), "object": .string(effect),
      "changes": .array(
        previewed.changes.map {
          ["path": .string($0.path), "from": $0.before ?? .null, "to": $0.after ?? .null]
        }),
      "transitions": .array(
        transitions.map {
          ["kind": .string($0.kind.rawValue), "from": JSON($0.from), "to": JSON($0.to)]
        }),
      "error": JSON(event.failure),
    ]
  }

  static let columns = [
    Column("EVENT", "event"), Column("TYPE", "type"), .status("STATUS"),
    Column("OBJECT", "object_id"), Column("CHANGES") { Cell(words($0)) },
  ]

  private static func words(_ row: JSON) -> String {
    if let error = row["error"]?.string { return error }
    if row["object"] == "new" { return (["new"] + transitions(row)).joined(separator: "; ") }
    let fields = row["changes"]?.array ?? []
    let shown = fields.prefix(shownFields).map { field in
      "\(field["path"]?.string ?? "-"): \(Cell(field["from"]).text) → \(Cell(field["to"]).text)"
    }
    let more = fields.count > shownFields ? ["\(fields.count - shownFields) more"] : []
    let words = shown + more
    return words.isEmpty ? "-" : words.joined(separator: "; ")
  }

  private static func transitions(_ row: JSON) -> [String] {
    (row["transitions"]?.array ?? []).compactMap { transition in
      transition["to"]?.string.map { "\(transition["kind"]?.string ?? "-") \($0)" }
    }
  }
}

extension PreviewedEvent {
  fileprivate var transitions: [Transition] {
    if case .taken(.processed(let transitions)) = event.fate { transitions } else { [] }
  }
}

extension ReplayedEvent {
  fileprivate var status: String {
    switch fate {
    case .taken(.processed): "processed"
    case .taken(.ignored): "ignored"
    case .taken(.duplicate): "duplicate"
    case .taken(.conflict), .taken(.failed), .unreadable: "failed"
    case .taken(.otherMode), .filteredOut: "skipped"
    }
  }
}
