import Basics
import BillingCore
import Stripe

/// What is sold and what is not, after `freeze` or `unfreeze`, or what would be.
enum FreezeReport: Report {
  case changed([Freeze])
  case planned([Freeze], requests: [StripeRequest] = [])

  private static func json(_ freeze: Freeze) -> JSON {
    [
      "scope": .string(freeze.scope.rawValue), "frozen": .bool(freeze.lifted == nil),
      "at": JSON(freeze.frozen.at), "actor": .string(freeze.frozen.actor),
      "reason": JSON(freeze.frozen.reason), "lifted_at": JSON(freeze.lifted?.at),
      "lifted_by": JSON(freeze.lifted?.actor), "lifted_because": JSON(freeze.lifted?.reason),
    ]
  }

  private static func words(_ freeze: Freeze) -> String {
    let name = freeze.scope.rawValue.prefix(1).uppercased() + freeze.scope.rawValue.dropFirst()
    guard freeze.lifted == nil else { return "\(name) are sold again." }
    let since = "since \(Cell(time: JSON(freeze.frozen.at)).text), by \(freeze.frozen.actor)"
    return "\(name) are not sold \(since): \(freeze.frozen.reason ?? "-")"
  }

  private var freezes: [Freeze] {
    switch self {
    case .changed(let freezes), .planned(let freezes, _): freezes
    }
  }

  var data: ReportData {
    switch self {
    case .changed(let freezes):
      .list(Rows(source: .array(freezes.map { Self.json($0) })))
    case .planned(let freezes, let requests):
      Self.plan(freezes, requests).data
    }
  }

  private static func plan(
    _ freezes: [Freeze], _ requests: [StripeRequest]
  ) -> DryRunReport {
    var report = DryRunReport(requests)
    report.changes = freezes.map { json($0) }
    return report
  }

  var human: HumanForm {
    let lines = freezes.map { VisibleText.of(Self.words($0)) }
    switch self {
    case .changed: return .text(lines.joined(separator: "\n"))
    case .planned(_, let requests):
      let planned = HumanForm.text(
        (["nothing was changed; so it would be:"] + lines).joined(separator: "\n"))
      return requests.isEmpty
        ? planned : .sections([planned, DryRunReport(requests).human])
    }
  }
}

extension Freeze.Refusal: Explainable {
  var explanation: CommandError {
    let (scope, order) = (freeze.scope.rawValue, freeze.frozen)
    return .conflict(
      "frozen",
      "\(scope) are not sold since \(Cell(time: JSON(order.at)).text), "
        + "by \(order.actor): \(order.reason ?? "-")",
      hint: "billing unfreeze \(scope) sells them again")
  }
}
