import Basics
import BillingCore
import Stripe

/// Changes of the catalogue: `changes applied conflicts`.
struct CatalogueReport: Report {
  let difference: CatalogueDifference
  var isDryRun = false
  var applied = 0
  /// Tells the ids that Stripe chose.
  var id: @Sendable (CatalogueChange) -> String? = { $0.id }
  var closing: String?
  var outcome = Outcome.done

  var data: ReportData {
    guard !isDryRun else {
      let requests = difference.changes.flatMap { $0.requests }
      return .object([
        "dry_run": true, "requests": .array(requests.map { Self.json(of: $0) }),
        "changes": .array(difference.changes.map { json(of: $0) }), "preview": .null,
      ])
    }
    return .object([
      "changes": .array(difference.changes.map { json(of: $0) }), "applied": JSON(applied),
      "conflicts": .array(
        difference.conflicts.map { conflict in
          [
            "object": .string(conflict.object.rawValue), "id": .string(conflict.id),
            "message": .string(conflict.message),
          ]
        }),
    ])
  }

  /// The changes, and after them what conflicts.
  var csvRows: Rows? {
    let conflicts = difference.conflicts.map { conflict -> JSON in
      [
        "action": "conflict", "object": .string(conflict.object.rawValue),
        "id": .string(conflict.id), "detail": .string(conflict.message),
      ]
    }
    return Rows(
      source: .array(difference.changes.map { json(of: $0) } + conflicts),
      keys: ["action", "object", "id", "lookup_key", "plan", "detail"])
  }

  func json(of change: CatalogueChange) -> JSON {
    [
      "action": .string(change.action.rawValue), "object": .string(change.object.rawValue),
      "id": JSON(id(change)), "lookup_key": JSON(change.lookupKey), "plan": JSON(change.plan),
      "detail": .string(change.detail),
    ]
  }

  private static func json(of request: StripeRequest) -> JSON {
    [
      "method": .string(request.method.rawValue), "path": .string("\(request.path)"),
      "params": .object(request.parameters),
    ]
  }

  var human: HumanForm {
    var sections: [HumanForm] = []
    if difference.isEmpty {
      sections.append(.text("No changes."))
    } else if !difference.changes.isEmpty {
      sections.append(.rows(Self.columns, difference.changes.map { json(of: $0) }))
    }
    if !difference.conflicts.isEmpty {
      let lines = difference.conflicts.map { VisibleText.of("conflict: \($0)") }
      sections.append(.text(lines.joined(separator: "\n")))
    }
    if let closing { sections.append(.text(VisibleText.of(closing))) }
    return .sections(sections)
  }

  private static let columns = [
    Column("ACTION") { Cell($0["action"]?.string ?? "-", color($0["action"]?.string)) },
    Column("OBJECT", "object"),
    Column("NAME") { Cell($0["lookup_key"]?.string ?? $0["id"]?.string ?? "-") },
    Column("DETAIL", "detail"),
  ]

  private static func color(_ action: String?) -> Color? {
    switch action.flatMap(CatalogueChange.Action.init) {
    case .create: .green
    case .update, .replace: .yellow
    case .archive: .red
    case nil: nil
    }
  }
}
