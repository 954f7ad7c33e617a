import Basics

/// The customer changes the plan, the quantity or the discount of a subscription in the portal.
///
/// What is due at once is paid on the page: where the card asks for authentication it is given, and
/// where the card is declined the change is not made.
enum PortalUpdate {
  static func run(_ call: Call) throws -> JSON {
    let visit = try PortalVisit(
      call, feature: "subscription_update",
      flows: ["subscription_update", "subscription_update_confirm"])
    let stored = try visit.subscription(call)
    let subscription = try Subscriptions.current(stored, call)
    try PortalRules.checkUpdatable(subscription)
    guard let item = subscription.listed("items").first else { throw SandboxError.unexpected }
    let change = try change(of: item, visit, call)
    var parameters = try parameters(for: change, subscription, visit)
    try applyDiscount(visit, subscription, call, to: &parameters)
    guard change.isChange || parameters["discounts"] != nil else {
      throw SandboxError.invalid(
        "Cannot update the subscription because there are no changes to confirm.")
    }
    if change.isChange {
      try PortalRules.check(change, visit.configuration, at: "items[0]")
    }
    _ = try SubscriptionUpdate.run(call.calling(parameters, on: subscription.id))
    try settle(subscription, call)
    return try visit.answer(call)
  }

  /// What the customer wants; where the flow says it already, the customer only confirms it.
  private static func change(
    of item: JSONObject, _ visit: PortalVisit, _ call: Call
  ) throws -> PortalChange {
    guard let fixed = visit.flow?.object("subscription_update_confirm") else {
      return PortalChange(
        item: item, price: try call.string("price").map { try priceID($0, call) },
        quantity: call.integer("quantity"))
    }
    for name in ["price", "promotion_code", "quantity"] where call.has(name) {
      throw SandboxError.invalid(
        "The portal session \(visit.session.id) only confirms what it was created for.",
        parameter: name)
    }
    let wanted = fixed.objects("items").first
    return PortalChange(
      item: item, price: wanted?.string("price"), quantity: wanted?.integer("quantity"))
  }

  /// The price of an id, or the one that has this lookup key: who plays the customer chooses by name.
  private static func priceID(_ name: String, _ call: Call) throws -> String {
    guard try call.find("price", name) == nil else { return name }
    return try call.all("price", where: ["lookup_key": .string(name)]).first?.id ?? name
  }

  private static func parameters(
    for change: PortalChange, _ subscription: JSONObject, _ visit: PortalVisit
  ) throws -> JSONObject {
    guard change.isChange else { return [:] }
    let feature = visit.features.object("subscription_update") ?? [:]
    var item: JSONObject = ["id": .string(change.item.id), "price": .string(change.priceID)]
    item["quantity"] = JSON(change.quantity ?? change.item.integer("quantity"))
    var parameters: JSONObject = [
      "items": [.object(item)], "payment_behavior": "allow_incomplete",
      "proration_behavior": feature["proration_behavior"] ?? "none",
    ]
    if subscription.string("status") == "trialing" {
      if feature.string("trial_update_behavior") == "end_trial" { parameters["trial_end"] = "now" }
    } else if feature.string("billing_cycle_anchor") == "now" {
      parameters["billing_cycle_anchor"] = ["type": "now"]
    }
    return parameters
  }

  /// A promotion code comes on top of the discounts that there are.
  private static func applyDiscount(
    _ visit: PortalVisit, _ subscription: JSONObject, _ call: Call,
    to parameters: inout JSONObject
  ) throws {
    let fixed = visit.flow?.object("subscription_update_confirm")?.objects("discounts").first
    var wanted = fixed.map { entry in
      entry.string("coupon").map { ["coupon": .string($0)] }
        ?? ["promotion_code": entry["promotion_code"] ?? .null] as JSON
    }
    if let text = call.string("promotion_code") {
      let feature = visit.features.object("subscription_update")
      guard feature?.strings("default_allowed_updates").contains("promotion_code") == true else {
        throw SandboxError.invalid(
          "The portal configuration does not take promotion codes.", parameter: "promotion_code")
      }
      wanted =
        try CheckoutDiscount.typed(
          text,
          for: DiscountRedemption(
            owner: .subscription(subscription.id), customer: visit.customerID,
            currency: subscription.string("currency"), call: call)
        ).parameters
    }
    guard let wanted else { return }
    let kept = subscription.strings("discounts").map { JSON.object(["discount": .string($0)]) }
    parameters["discounts"] = .array(kept + [wanted])
  }

  /// Sees to it that what the change has invoiced is paid.
  private static func settle(_ before: JSONObject, _ call: Call) throws {
    let after = try call.required("subscription", before.id)
    guard after["latest_invoice"] != before["latest_invoice"],
      let invoice = try call.find("invoice", after.string("latest_invoice") ?? ""),
      invoice.string("status") == "open",
      var intent = try InvoicePayments.intent(of: invoice, call)
    else { return }
    if intent.string("status") == "requires_action" {
      intent = try CustomerAuthentication.payment(intent, passed: true, call)
    }
    guard intent.string("status") != "succeeded" else { return }
    let error = intent.object("last_payment_error")
    throw SandboxError.card(
      error?.string("message") ?? "Your card was declined.",
      code: error?.string("code") ?? "card_declined",
      declineCode: error?.string("decline_code"), adviceCode: error?.string("advice_code"))
  }
}
