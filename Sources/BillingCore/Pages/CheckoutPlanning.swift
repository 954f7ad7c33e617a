import Basics
package import Stripe

/// Checkout pages as plans: pure, so that a dry run shows what a run does.
package enum CheckoutPlanning {
  /// What is to be done for a customer who is to see a page.
  package enum Decision: Sendable, Hashable {
    /// The page is there: made for the same before, and still open.
    case alreadyOpen(CheckoutSession)
    case make(OperationPlan)
  }

  /// The key of the metadata by which a page is found again that was made for the same: its value
  /// is a digest of the offer's terms.
  package static let digestMetadataKey = "billing_checkout"

  /// A customer buys one plan, so an open page for another one expires first, as a subscription does
  /// whose first payment is open; a running one is a conflict. Tokens can be bought at any time.
  package static func checkout(
    _ offer: CheckoutOffer, for customerID: String, subscriptions: [Subscription],
    openPages: [CheckoutSession], intent: OperationIntent
  ) throws(SubscriptionConflict) -> Decision {
    let parameters = parameters(offer, customerID: customerID)
    let digest = digest(of: offer.terms)
    let isPlan: Bool
    if case .plan = offer.goods { isPlan = true } else { isPlan = false }
    if isPlan, let running = SubscriptionPlanning.running(subscriptions) {
      throw .alreadySubscribed(
        subscriptionID: running.id, status: running.status.rawValue,
        plan: running.metadata[Catalogue.planMetadataKey])
    }
    let open = openPages.filter { $0.isOpen }
    if let same = open.first(where: { $0.metadata[digestMetadataKey] == digest }) {
      return .alreadyOpen(same)
    }
    var steps: [OperationStep] = []
    if isPlan {
      steps += subscriptions.filter { $0.status == .incomplete }
        .map { SubscriptionPlanning.cancelStep($0.id) }
      steps += open.filter {
        $0.mode == "subscription" && $0.metadata[digestMetadataKey] != nil
      }.map { expireStep($0.id) }
    }
    steps.append(
      OperationStep(
        .post, path, parameters,
        check: .created(list: path, parameters: ["customer": .string(customerID)])))
    return .make(OperationPlan(intent, steps: steps))
  }

  /// The end of a page on which nothing is to be sold any more.
  package static func expiry(of page: CheckoutSession) -> OperationPlan {
    OperationPlan(
      command: "freeze", customerID: page.customerID, words: ["page": .string(page.id)],
      steps: [expireStep(page.id)])
  }

  private static let path: [JSON] = ["checkout", "sessions"]

  private static func digest(of terms: JSONObject) -> String {
    Hex.encode(Hash.sha256(Array(JSON.object(terms).compact.utf8)).prefix(16))
  }

  static func expireStep(_ id: String) -> OperationStep {
    OperationStep(
      .post, path + [.string(id), "expire"],
      check: .holds(object: path + [.string(id)], values: ["status": "expired"]), mayStay: true)
  }

  /// Whether a step is the end of a page.
  package static func isExpiry(_ step: OperationStep) -> Bool {
    step.path.count == 4 && step.path.starts(with: path) && step.path.last == "expire"
  }

  private static func parameters(_ offer: CheckoutOffer, customerID: String) -> JSONObject {
    var parameters: JSONObject = [
      "customer": .string(customerID), "client_reference_id": .string(offer.clientReference),
    ]
    switch offer.goods {
    case .plan(let plan, let asksForCard):
      addPlan(plan, quantity: offer.quantity, asksForCard: asksForCard, to: &parameters)
    case .tokens(let sale, let priceID):
      let metadata = JSON.object(sale.metadata)
      parameters["mode"] = "payment"
      parameters["line_items"] = [
        ["price": .string(priceID), "quantity": .integer(offer.quantity)]
      ]
      parameters["payment_intent_data"] = ["metadata": metadata]
      parameters["metadata"] = metadata
    }
    if let coupon = offer.couponID {
      parameters["discounts"] = [["coupon": .string(coupon)]]
    } else if let code = offer.promotionCodeID {
      parameters["discounts"] = [["promotion_code": .string(code)]]
    } else {
      parameters["allow_promotion_codes"] = true
    }
    parameters["success_url"] = .string(offer.successURL)
    parameters["cancel_url"] = offer.cancelURL.map(JSON.string)
    var metadata = parameters["metadata"]?.object ?? [:]
    metadata[digestMetadataKey] = .string(digest(of: offer.terms))
    parameters["metadata"] = .object(metadata)
    return parameters
  }

  /// The plan's price, and the metered ones, which have no quantity.
  private static func addPlan(
    _ plan: SubscriptionOffer, quantity: Int64, asksForCard: Bool,
    to parameters: inout JSONObject
  ) {
    let metadata: JSON = [Catalogue.planMetadataKey: .string(plan.planID)]
    var data: JSONObject = ["metadata": metadata]
    if let days = plan.trialDays {
      data["trial_period_days"] = .integer(Int64(days))
      data["trial_settings"] = SubscriptionPlanning.pausingWithoutCard
    }
    parameters["mode"] = "subscription"
    var item = SubscriptionPlanning.itemPrice(plan.price)
    item["quantity"] = .integer(quantity)
    parameters["line_items"] = .array(
      [.object(item)]
        + plan.overagePriceIDs.map { ["price": .string($0)] })
    parameters["subscription_data"] = .object(data)
    if !asksForCard { parameters["payment_method_collection"] = "if_required" }
    parameters["metadata"] = metadata
  }
}
