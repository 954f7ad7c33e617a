import Basics
import BillingCore
import Stripe

/// What a command that changes something shows: the thing, or with `--dry-run` the very requests
/// that would make it so.
enum ChangeReport: ReportChoice {
  case changed(ObjectReport)
  case planned(DryRunReport)
  case previewed(PreviewReport)

  var report: any Report {
    switch self {
    case .changed(let report): report
    case .planned(let report): report
    case .previewed(let report): report
    }
  }
}

/// The object `dry run` of the contract.
struct DryRunReport: Report {
  let requests: [StripeRequest]
  var changes: [JSON] = []
  /// What the change would cost.
  var previewed: PreviewReport?

  init(_ plan: OperationPlan) { self.init(plan.requests) }
  init(_ requests: [StripeRequest]) { self.requests = requests }

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
      "changes": .array(changes), "preview": previewed.map { .object($0.object) } ?? .null,
    ])
  }

  var human: HumanForm {
    if !changes.isEmpty, requests.isEmpty {
      let lines = changes.map { VisibleText.of($0.compact) }
      return .text(
        (["nothing was changed; this would be written down:"] + lines).joined(separator: "\n"))
    }
    guard !requests.isEmpty else {
      return .text("nothing was changed, and nothing would be: it is so already")
    }
    let lines = requests.map { request in
      let parameters =
        request.parameters.isEmpty ? "" : " " + JSON.object(request.parameters).compact
      return VisibleText.of("\(request.method.rawValue) \(path(request))\(parameters)")
    }
    let text = HumanForm.text(
      (["nothing was changed; this would be sent:"] + lines).joined(separator: "\n"))
    return previewed.map { .sections([text, $0.human]) } ?? text
  }
}
