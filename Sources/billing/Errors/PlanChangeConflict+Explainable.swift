import Basics
import BillingCore

extension PlanChangeConflict: Explainable {
  var explanation: CommandError {
    switch self {
    case .nothingToChange(let id, let plan):
      .conflict(
        "invalid_state", "\(id) is on \(plan) already, with this interval and quantity",
        hint: "billing plans list shows the plans; --interval and --quantity change the rest")
    case .wrongDirection(let direction, let from, let to):
      .conflict(
        "invalid_state",
        "\(to) stands \(direction == .upgrade ? "below" : "above") \(from): "
          + "that is no \(direction.rawValue)",
        hint: "billing \(direction.opposite.rawValue) goes there")
    case .wrongQuantity(let direction, let from, let to, let plan):
      .conflict(
        "invalid_state",
        "\(to) of \(plan) are \(direction == .upgrade ? "fewer" : "more") than the \(from) that "
          + "there are: that is no \(direction.rawValue)",
        hint: "billing \(direction.opposite.rawValue) --quantity goes there")
    case .cancelling(let id, let at):
      .conflict(
        "invalid_state",
        "\(id) is cancelled\(at.map { ", to end at \(Cell(time: .string($0)).text)" } ?? "")",
        hint: "billing resume takes that back first")
    case .changePending(let id, let plan, let at):
      .conflict(
        "invalid_state",
        "\(id) changes\(plan.map { " to \($0)" } ?? "") at \(Cell(time: .string(at)).text) already",
        hint: "billing resume takes that back first")
    case .paymentOpen(let id, let status):
      .conflict(
        "invalid_state", "\(id) is \(status): its last invoice is not paid",
        hint: "billing payment-method attach --default gives another card, billing invoice retry "
          + "charges it")
    case .firstPaymentOpen(let id):
      .conflict(
        "invalid_state", "\(id) is incomplete: its first payment is not made",
        hint: "billing subscribe begins one with the other plan in its place; billing cancel "
          + "ends it")
    case .paused(let id):
      .conflict("invalid_state", "\(id) is paused", hint: "billing resume goes on with it first")
    case .collectionPaused(let id):
      .conflict(
        "invalid_state", "nothing is collected for \(id) while it is paused",
        hint: "billing unpause first")
    case .withoutPlanItem(let id):
      .conflict(
        "invalid_state", "\(id) has metered prices only, so it is on no plan",
        hint: "billing subscription show tells what it has")
    case .defaultPlanAtOnce(let plan):
      .conflict(
        "invalid_state", "\(plan) begins when the subscription ends, so nothing is prorated",
        hint: "billing cancel --now ends it at once; without --prorate it ends with the period")
    }
  }
}
