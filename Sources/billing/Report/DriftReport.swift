import Basics
import BillingCore

/// Where the mirror differs from Stripe: `object type field here there`.
struct DriftReport: Report {
  private let result: MirrorComparison.Result
  private let isDryRun: Bool

  /// - Parameter isDryRun: whether it is what a full sync would change, and no check.
  init(_ result: MirrorComparison.Result, isDryRun: Bool) {
    self.result = result
    self.isDryRun = isDryRun
  }

  private static let keys = ["object", "type", "field", "here", "there"]

  /// Of an object that is not here it is said that it is there, and nothing of what is in it.
  private var rows: [JSON] {
    result.differences.map { difference in
      let isWhole = difference.path.isEmpty
      let there: JSON = isWhole ? "present" : difference.stripe ?? .null
      return [
        "object": .string(difference.id), "type": .string(difference.type),
        "field": isWhole ? .null : .string(difference.path), "here": difference.mirror ?? .null,
        "there": there,
      ]
    }
  }

  private var list: ListReport {
    ListReport(
      rows, keys: Self.keys,
      columns: [
        .id("OBJECT", "object"), Column("FIELD", "field"), Column("HERE", "here"),
        Column("THERE", "there"),
      ],
      empty: result.objects == 1
        ? "No drift: one object is here as it is at Stripe."
        : "No drift: \(result.objects) objects are here as they are at Stripe.")
  }

  var data: ReportData { isDryRun ? DryRunReport(changes: rows).data : list.data }

  var human: HumanForm {
    guard isDryRun, !result.differences.isEmpty else { return list.human }
    return .sections([
      .text("nothing was changed; a full sync would change:"), .rows(list.columns, rows),
    ])
  }

  var outcome: Outcome {
    guard !isDryRun else { return .done }
    if !result.differences.isEmpty {
      let objects = Set(result.differences.map { $0.id }).count
      let verb = objects == 1 ? "object differs" : "objects differ"
      return .failed(
        .drift(
          "the mirror has drifted: \(objects) \(verb)",
          hint: "billing sync takes in what events tell, billing sync --full everything"))
    }
    guard !result.refusals.isEmpty else { return .done }
    return .failed(
      .partial("not everything could be compared: \(result.refusals.joined(separator: "; "))"))
  }
}
