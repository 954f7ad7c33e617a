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

extension SubscriptionConflict: Explainable {
  var explanation: CommandError {
    switch self {
    case .alreadySubscribed(let id, let status, let plan):
      .conflict(
        "invalid_state",
        "there is a subscription already: \(id), \(plan.map { "\($0), " } ?? "")\(status)",
        hint: "billing upgrade changes its plan; billing cancel ends it")
    case .noSubscription(let customerID):
      .conflict(
        "invalid_state", "\(customerID) has no subscription that runs",
        hint: "billing subscribe begins one")
    case .alreadyCancelling(let id, let at):
      .conflict(
        "invalid_state", "\(id) is cancelled already\(at.map { ", to end at \($0)" } ?? "")",
        hint: "billing resume takes that back; --now ends it at once")
    case .nothingToResume(let id):
      .conflict(
        "invalid_state", "nothing is pending for \(id): there is nothing to take back",
        hint: "billing subscription show tells how it stands")
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
    case .promotionCode(let code): .notFound("no active promotion code \(code)")
    case .paymentMethod(let id): .notFound("no payment method \(id)")
    }
  }
}
