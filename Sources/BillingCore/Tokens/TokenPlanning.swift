import Basics
import Stripe

/// Purchases of tokens with a payment method that is at hand, as plans: pure, so that a dry run
/// shows what a run does.
package enum TokenPlanning {
  package static func intent(
    _ package: TokenPackage, for customerID: String, paidWith method: String
  ) -> OperationIntent {
    OperationIntent(
      command: "tokens buy", customerID: customerID,
      words: [
        "customer": .string(customerID), "package": .string(package.id),
        "amount": .string("\(package.unitAmount) \(package.currency)"),
        "tokens": .integer(package.tokens), "payment_method": .string(method),
      ])
  }

  /// One payment, while the customer is not there to confirm it: the bank says yes or no at once.
  ///
  /// What is sold goes with it as metadata, as with a checkout page.
  package static func purchase(
    of package: TokenPackage, for customerID: String, paidWith method: String
  ) -> OperationPlan {
    let parameters: JSONObject = [
      "amount": .integer(package.unitAmount), "currency": .string(package.currency),
      "customer": .string(customerID), "payment_method": .string(method),
      "confirm": true, "off_session": true,
      // Nobody is there to be sent to a page of a bank and back.
      "automatic_payment_methods": ["enabled": true, "allow_redirects": "never"],
      "description": .string("\(package.name): \(package.tokens) tokens"),
      "metadata": .object(TokenSale(package).metadata),
    ]
    return OperationPlan(
      intent(package, for: customerID, paidWith: method),
      steps: [
        OperationStep(
          .post, ["payment_intents"], parameters,
          check: .created(list: ["payment_intents"], parameters: ["customer": .string(customerID)])
        )
      ])
  }
}
