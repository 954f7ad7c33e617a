import Basics
import BillingCore

extension CustomerError: Explainable {
  var explanation: CommandError {
    switch self {
    case .notFound(let reference):
      .notFound(
        "no customer \(reference.text)",
        hint: "billing customer list shows those there are; billing customer create makes one")
    case .ambiguous(let reference, let candidates):
      .conflict(
        "ambiguous",
        "\(reference.text) fits \(candidates.count) customers: "
          + candidates.map { $0.id }.joined(separator: ", "),
        hint: "name one by its id")
    case .alreadyExists(let customer):
      .conflict(
        "already_exists",
        "there is a customer already: \(customer.id), "
          + [customer.email, customer.externalID].compactMap { $0 }.joined(separator: ", "),
        hint: "--if-not-exists returns it instead; an --external-id tells two people apart")
    }
  }
}

extension SubscriptionOffers.Missing: Explainable {
  var explanation: CommandError {
    switch self {
    case .prices(let keys):
      .conflict(
        "invalid_state", "Stripe has no price \(keys.joined(separator: ", "))",
        hint: "billing plans seed makes the prices of plans.yaml")
    case .paymentMethodForTrial(let planID):
      .conflict(
        "invalid_state", "a trial of \(planID) needs a payment method",
        hint: "--payment-method names one, on billing checkout the customer gives one; "
          + "--trial-days 0 does without the trial")
    case .paymentMethod(let id): .notFound("no payment method \(id)")
    }
  }
}
