import Basics
import BillingCore

/// The answer no to whoever wants to take tokens: on standard output what was decided and why, on
/// standard error `insufficient_tokens` (exit 3).
enum TokenDecision {
  static func report(
    _ shortage: TokenShortage, _ request: TokenRequest, of name: String, _ catalogue: Catalogue?
  ) -> ObjectReport {
    let packages = (catalogue?.packages ?? []).filter { $0.tokens >= shortage.missing }
    let message =
      "\(name) has \(TokenView.words(shortage.balance)), "
      + "\(PlanWords.number(shortage.missing)) fewer than asked for"
    let object: JSONObject = [
      "allowed": false, "customer": .string(shortage.customerID),
      "reason": "insufficient_tokens", "message": .string(message),
      "amount": .integer(shortage.asked), "balance": .integer(shortage.balance),
      "missing": .integer(shortage.missing), "reference": .string(request.reference),
      "packages": .array(packages.map { .string($0.id) }),
    ]
    var fields = [
      Field("allowed", Cell("no", .red)), Field("customer", object["customer"]),
      Field("asked for", PlanWords.number(shortage.asked)),
      Field("balance", PlanWords.number(shortage.balance)),
    ]
    if !packages.isEmpty { fields.append(Field("packages", object["packages"])) }
    return ObjectReport(
      object: object, fields: fields,
      outcome: .failed(
        CommandError(
          "insufficient_tokens", message,
          hint: packages.first.map { "billing tokens buy \(name) \($0.id) buys more" },
          exit: .denied)))
  }
}
