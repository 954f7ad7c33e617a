import Basics
import BillingCore

extension TokenConflict: Explainable {
  var explanation: CommandError {
    switch self {
    case .referenceTaken(let entry):
      let amount = TokenView.words(entry.amount < 0 ? -entry.amount : entry.amount)
      let note = entry.note.map { ", \(Arguments.quoted($0))" } ?? ""
      return .conflict(
        "idempotency_mismatch",
        "the reference \(entry.reference) stands for something else: \(amount) "
          + "\(entry.kind.rawValue) at \(entry.created.iso8601)\(note)",
        hint: "take another --reference")
    case .tooMany(let customerID, let balance):
      return .conflict(
        "invalid_state",
        "\(customerID) has \(TokenView.words(balance)), and no balance is larger than "
          + PlanWords.number(.max))
    }
  }
}

extension TokenShortage: Explainable {
  var explanation: CommandError {
    CommandError(
      "insufficient_tokens",
      "\(customerID) has \(TokenView.words(balance)), and \(PlanWords.number(asked)) are asked for",
      exit: .denied)
  }
}
