import Basics
import BillingCore
import Stripe

/// What the commands about payment methods share: reading them, and showing one after a change.
struct PaymentMethodChange {
  let context: Context

  /// A payment method as Stripe has it; nil for the name of a test card, which stands for a new one.
  func method(_ id: String) async throws -> PaymentMethod? {
    guard !id.hasPrefix(PaymentMethod.testCardPrefix) else { return nil }
    guard let json = try await context.gateway().readIfKnown(StripePath("payment_methods", id))
    else { throw PaymentMethodConflict.unknown(id: id) }
    return try PaymentMethod(json)
  }

  /// A customer with what decides which payment method is charged.
  func owner(_ customer: CustomerRow) async throws -> PaymentMethodOwner {
    PaymentMethodOwner(
      customerID: customer.id, customerDefault: customer.defaultPaymentMethodID,
      subscription: SubscriptionPlanning.running(
        try await context.subscriptions(of: customer.id)))
  }

  /// Carries a plan out, or shows it; no plan means that all is as asked for.
  ///
  /// - Parameter closing: the sentence under the payment method, of its card.
  func carryOut(
    _ plan: OperationPlan?, after earlier: OperationRunner.EarlierWork, of id: String,
    closing: (_ card: String) -> String
  ) async throws -> ChangeReport {
    guard var plan else { return try await unchanged(id, closing: closing) }
    plan.journalPosition = earlier.journalPosition
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    let outcome = try await context.carryOut(plan)
    return try await report(of: outcome.operation, naming: id, closing: closing)
  }

  /// A dry run of what is as asked for shows that nothing would be sent.
  private func unchanged(
    _ id: String, closing: (_ card: String) -> String
  ) async throws -> ChangeReport {
    guard !context.settings.isDryRun else {
      return .planned(
        DryRunReport(OperationPlan(OperationIntent(command: "", words: [:]), steps: [])))
    }
    return try await report(id, closing: closing)
  }

  /// What an operation left behind. A test card's name is no id: its first step brought that.
  func report(
    of operation: BillingOperation, naming id: String, closing: (_ card: String) -> String
  ) async throws -> ChangeReport {
    let made = operation.results.first { $0.hasPrefix("pm_") || $0.hasPrefix("card_") }
    return try await report(made ?? id, closing: closing)
  }

  private func report(
    _ id: String, closing: (_ card: String) -> String
  ) async throws -> ChangeReport {
    guard let method = try await method(id) else { throw PaymentMethodConflict.unknown(id: id) }
    var isDefault = false
    if let customerID = method.customerID {
      let customer = try await context.directory().customer(.id(customerID))
      isDefault = try await owner(customer).charged == method.id
    }
    let object = PaymentMethodView.json(method, isDefault: isDefault)
    let name = PaymentMethodView.card(.object(object)) ?? method.id
    return .changed(PaymentMethodView.report(object, closing: closing(name)))
  }
}

extension Arguments {
  /// The payment method that the next word names.
  mutating func paymentMethodID() throws(UsageError) -> String {
    let text = try positional("PM")
    guard Self.isPaymentMethodID(text) else {
      throw error("PM must be the id of a payment method (pm_…)")
    }
    return text
  }
}

extension Parameter {
  static let paymentMethod = required("PM", "The payment method's id (pm_…)")
}
