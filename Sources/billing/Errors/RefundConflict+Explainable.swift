import BillingCore

extension RefundConflict: Explainable {
  var explanation: CommandError {
    switch self {
    case .notPaid(let id, let status):
      .conflict(
        "invalid_state", "nothing was paid for \(id): it is \(status)",
        hint: status == "open" ? "billing invoice void takes an open invoice back" : nil)
    case .paidElsewhere(let id):
      .conflict(
        "invalid_state", "\(id) was not paid through Stripe, so nothing can go back there",
        hint: "give the money back where it came from")
    case .refundedAlready(let id):
      .conflict("invalid_state", "all that was paid for \(id) was given back already")
    case .moreThanLeft(let id, let asked, let left, let currency):
      .conflict(
        "invalid_state",
        "\(MoneyText.of(asked, currency)) is more than the \(MoneyText.of(left, currency)) "
          + "that is left of what was paid for \(id)",
        hint: "--amount \(left) gives back the rest")
    case .severalPayments(let id, let largest, let currency):
      .conflict(
        "invalid_state",
        "\(id) was paid in parts, of which the largest left is \(MoneyText.of(largest, currency))",
        hint: "give it back in parts: --amount \(largest) first")
    case .nothingToCancel(let id):
      .conflict(
        "invalid_state", "\(id) is not of a subscription: there is nothing to cancel",
        hint: "leave --cancel out")
    case .tooLate(let id, let days):
      .conflict(
        "invalid_state", "\(id) was paid more than \(days) days ago, plans.yaml's limit",
        hint: "--override refunds it all the same")
    case .tooMuch(let id, let limit, let currency):
      .conflict(
        "invalid_state",
        "plans.yaml allows refunds of \(MoneyText.of(limit, currency)) for \(id), no more",
        hint: "--override refunds it all the same")
    case .limitInOtherCurrency(let id, let limit, let currency):
      .conflict(
        "invalid_state",
        "plans.yaml limits refunds to \(MoneyText.of(limit, currency)), and \(id) has another "
          + "currency", hint: "--override refunds it all the same")
    }
  }
}
