import Basics
import BillingCore
import Stripe

/// What a command that changes something shows: the thing, or with `--dry-run` the very requests
/// that would make it so.
enum ChangeReport: Report {
  case changed(ObjectReport)
  case planned(DryRunReport)

  private var report: any Report {
    switch self {
    case .changed(let report): report
    case .planned(let report): report
    }
  }

  var data: ReportData { report.data }
  var human: HumanForm { report.human }
  var outcome: Outcome { report.outcome }
}

/// The object `dry run` of the contract.
struct DryRunReport: Report {
  let requests: [StripeRequest]
  var changes: [JSON] = []
  var preview: JSON = .null

  init(_ plan: OperationPlan) { requests = plan.requests }

  /// For what is written into the state database alone.
  init(changes: [JSON]) {
    requests = []
    self.changes = changes
  }

  private func path(_ request: StripeRequest) -> String {
    "/" + request.path.segments.joined(separator: "/")
  }

  var data: ReportData {
    .object([
      "dry_run": true,
      "requests": .array(
        requests.map {
          [
            "method": .string($0.method.rawValue), "path": .string(path($0)),
            "params": .object($0.parameters),
          ]
        }),
      "changes": .array(changes), "preview": preview,
    ])
  }

  var human: HumanForm {
    if requests.isEmpty, !changes.isEmpty {
      let lines = changes.map { VisibleText.of($0.compact) }
      return .text(
        (["nothing was changed; this would be written down:"] + lines).joined(separator: "\n"))
    }
    let lines = requests.map { request in
      let parameters =
        request.parameters.isEmpty ? "" : " " + JSON.object(request.parameters).compact
      return VisibleText.of("\(request.method.rawValue) \(path(request))\(parameters)")
    }
    return .text((["nothing was changed; this would be sent:"] + lines).joined(separator: "\n"))
  }
}
