import Basics
import Stripe
import Testing

@testable import BillingCore

/// What is taken back of a subscription that was refused, and what stays.
@Suite(.tags(.unit)) struct UndoTests {
  private let declined = ScriptedTransport.Answer.json(OperationRunnerTests.declined, status: 402)
  private let card = ScriptedTransport.Answer.json(OperationRunnerTests.card)

  private func list(_ objects: [JSON]) -> ScriptedTransport.Answer { RecoveryTests.page(objects) }

  private func plan(_ subscriber: Subscriber, card: String) throws -> OperationPlan {
    try SubscriptionPlanning.subscribe(
      subscriber,
      to: SubscriptionOffer(
        planID: "starter", price: .listed("price_starter"), paymentBehavior: "error_if_incomplete",
        paymentMethod: .toAttach(card)), expanding: [],
      intent: OperationIntent(command: "subscribe", words: ["plan": "starter"]))
  }

  /// What stays after a decline, once all that was expected has been sent.
  private func left(
    _ plan: OperationPlan, _ answers: [(String, ScriptedTransport.Answer)]
  ) async throws -> [String]? {
    let bench = try Workbench(answers)
    await #expect(throws: OperationError.self) { try await bench.runner.run(plan) }
    bench.transport.finish()
    #expect(try bench.operation()?.state == .failed)
    return try bench.operation()?.error?.left
  }

  private let subscriptions = "GET /v1/subscriptions?customer=cus_1&status=all&limit=1"
  private let cards = "GET /v1/customers/cus_1/payment_methods?limit=1"

  /// Stripe takes no payment method again that was detached.
  @Test func theCustomersOwnCardStaysAttached() async throws {
    #expect(
      try await left(
        plan(.existing(customerID: "cus_1", subscriptions: []), card: "pm_7"),
        [
          ("POST /v1/payment_methods/pm_7/attach", card), ("POST /v1/subscriptions", declined),
        ]) == [])
  }

  @Test func aCustomerThatNobodyUsesGoes() async throws {
    #expect(
      try await left(
        plan(.new(parameters: ["email": "one@example.com"]), card: "pm_card_visa"),
        [
          ("POST /v1/customers", .json(Sample.customer())),
          ("POST /v1/payment_methods/pm_card_visa/attach", card),
          ("POST /v1/subscriptions", declined), ("POST /v1/payment_methods/pm_7/detach", card),
          (subscriptions, list([])), (cards, list([])),
          (
            "DELETE /v1/customers/cus_1",
            .json(["id": "cus_1", "object": "customer", "deleted": true])
          ),
        ]) == [])
  }

  /// Another process has subscribed it meanwhile.
  @Test func aCustomerWithASubscriptionStays() async throws {
    #expect(
      try await left(
        plan(.new(parameters: ["email": "one@example.com"]), card: "pm_card_visa"),
        [
          ("POST /v1/customers", .json(Sample.customer())),
          ("POST /v1/payment_methods/pm_card_visa/attach", card),
          ("POST /v1/subscriptions", declined), ("POST /v1/payment_methods/pm_7/detach", card),
          (subscriptions, list([Sample.subscription()])),
        ]) == ["cus_1"])
  }

  /// With the customer its card would be lost.
  @Test func aCustomerWithACardStays() async throws {
    #expect(
      try await left(
        plan(.new(parameters: ["email": "one@example.com"]), card: "pm_7"),
        [
          ("POST /v1/customers", .json(Sample.customer())),
          ("POST /v1/payment_methods/pm_7/attach", card), ("POST /v1/subscriptions", declined),
          (subscriptions, list([])), (cards, list([OperationRunnerTests.card])),
        ]) == ["cus_1"])
  }

  @Test func ofWhomNothingCanBeReadStays() async throws {
    #expect(
      try await left(
        plan(.new(parameters: ["email": "one@example.com"]), card: "pm_7"),
        [
          ("POST /v1/customers", .json(Sample.customer())),
          ("POST /v1/payment_methods/pm_7/attach", declined),
          (subscriptions, .failure(.refused)),
        ]) == ["cus_1"])
  }
}
