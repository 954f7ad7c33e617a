import Basics
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct CheckoutPlanningTests {
  private func offer(_ goods: CheckoutOffer.Goods, url: String = "https://a.b") -> CheckoutOffer {
    CheckoutOffer(
      goods: goods, successURL: url, clientReference: "r",
      terms: ["goods": .string("\(goods)"), "success_url": .string(url)])
  }

  private func plan(_ id: String = "starter") -> CheckoutOffer.Goods {
    .plan(
      SubscriptionOffer(
        planID: id, price: .listed("price_\(id)"), paymentBehavior: "default_incomplete"),
      asksForCard: true)
  }

  private let tokens = CheckoutOffer.Goods.tokens(
    TokenSale(packageID: "booster", quantity: 1, tokens: 500_000), priceID: "price_t")

  private func decide(
    _ offer: CheckoutOffer, subscriptions: [Subscription] = [], pages: [CheckoutSession] = []
  ) throws -> CheckoutPlanning.Decision {
    try CheckoutPlanning.checkout(
      offer, for: "cus_1", subscriptions: subscriptions, openPages: pages,
      intent: OperationIntent(command: "checkout", customerID: "cus_1", words: [:]))
  }

  /// What would be sent, without the parameters.
  private func requests(_ decision: CheckoutPlanning.Decision) -> [String] {
    guard case .make(let plan) = decision else { return [] }
    return plan.requests.map {
      "\($0.method.rawValue) \($0.path.segments.dropFirst().joined(separator: "/"))"
    }
  }

  /// The page that an offer would make.
  private func page(
    _ offer: CheckoutOffer, id: String = "cs_1", status: String = "open"
  ) throws -> CheckoutSession {
    guard case .make(let plan) = try decide(offer), let request = plan.requests.last else {
      throw SubscriptionConflict.noSubscription(customerID: "-")
    }
    let metadata = request.parameters["metadata"] ?? [:]
    return try CheckoutSession([
      "id": .string(id), "object": "checkout.session", "customer": "cus_1",
      "mode": request.parameters["mode"] ?? .null, "status": .string(status),
      "metadata": metadata,
    ])
  }

  @Test func thePageForTheSameIsFound() throws {
    let starter = offer(plan())
    let open = try page(starter)
    #expect(try decide(starter, pages: [open]) == .alreadyOpen(open))
    #expect(
      try requests(decide(starter, pages: [page(starter, status: "expired")])) == [
        "POST checkout/sessions"
      ])
    // Another way back is another page.
    #expect(
      try requests(decide(offer(plan(), url: "https://c.d"), pages: [open])) == [
        "POST checkout/sessions/cs_1/expire", "POST checkout/sessions",
      ])
  }

  @Test func thePageForAnotherPlanExpires() throws {
    let pages = [try page(offer(plan())), try page(offer(tokens), id: "cs_2")]
    #expect(
      try requests(decide(offer(plan("pro")), pages: pages)) == [
        "POST checkout/sessions/cs_1/expire", "POST checkout/sessions",
      ])
    #expect(try requests(decide(offer(plan("pro")))) == ["POST checkout/sessions"])
  }

  /// What another program has made is its own business.
  @Test func foreignPagesStay() throws {
    let foreign = try CheckoutSession([
      "id": "cs_9", "object": "checkout.session", "mode": "subscription", "status": "open",
      "metadata": [:],
    ])
    #expect(
      try requests(decide(offer(plan()), pages: [foreign])) == ["POST checkout/sessions"])
  }

  @Test func aRunningSubscriptionIsInTheWayOfPlansAlone() throws {
    let running = try Subscription(Sample.subscription("sub_1", status: "trialing"))
    #expect(
      throws: SubscriptionConflict.alreadySubscribed(
        subscriptionID: "sub_1", status: "trialing", plan: nil)
    ) { try decide(offer(plan()), subscriptions: [running]) }
    #expect(
      try requests(decide(offer(tokens), subscriptions: [running])) == ["POST checkout/sessions"])
  }

  @Test func anIncompleteSubscriptionGoesFirst() throws {
    let incomplete = try Subscription(Sample.subscription("sub_1", status: "incomplete"))
    #expect(
      try requests(decide(offer(plan()), subscriptions: [incomplete])) == [
        "DELETE subscriptions/sub_1", "POST checkout/sessions",
      ])
    #expect(
      try requests(decide(offer(tokens), subscriptions: [incomplete])) == [
        "POST checkout/sessions"
      ])
  }
}
