import Basics
import BillingCore

extension CatalogueError: Explainable {
  var explanation: CommandError {
    switch self {
    case .missing(let path):
      .configuration(
        "invalid_plans", "there is no plan catalogue at \(path)",
        hint: "billing init writes one; --plans names another")
    case .unreadable(let path, let detail):
      .configuration("invalid_plans", "the plan catalogue \(path) cannot be read: \(detail)")
    case .invalid(let mistakes):
      .configuration(
        "invalid_plans",
        mistakes.count == 1
          ? "the plan catalogue has a mistake"
          : "the plan catalogue has \(mistakes.count) mistakes",
        details: mistakes.map { mistake in
          [
            "file": .string(mistake.file), "line": .integer(Int64(mistake.line)),
            "column": .integer(Int64(mistake.column)), "message": .string(mistake.message),
          ]
        })
    }
  }
}
