import Basics

/// The customer gives a new card in the portal, through a setup intent: it becomes the default,
/// also of subscriptions that had one of their own.
enum PortalPaymentMethod {
  static func run(_ call: Call) throws -> JSON {
    let visit = try PortalVisit(
      call, feature: "payment_method_update", flows: ["payment_method_update"])
    let method = try PageCard.read(call.string("card"), customer: visit.customerID, call)
    try setUp(method, for: visit.customerID, call)
    let customer = try call.required("customer", visit.customerID)
    let changed = customer.setting(
      ["default_payment_method": .string(method.id)], in: "invoice_settings")
    try call.update(customer, to: changed, event: "customer.updated")
    let all = try call.all("subscription", where: ["customer": .string(customer.id)])
    for stored in all.reversed()
    where !SubscriptionStatus.isTerminal(stored)
      && stored.string("default_payment_method") != nil
    {
      let subscription = try Subscriptions.current(stored, call)
      try call.update(
        subscription, to: subscription.setting(["default_payment_method": .string(method.id)]),
        event: "customer.subscription.updated")
    }
    return try visit.answer(call)
  }

  /// A card that the customer has saved before needs nothing more.
  private static func setUp(
    _ method: JSONObject, for customer: String, _ call: Call
  ) throws {
    guard method.string("customer") == nil else { return }
    if try call.find("payment_method", method.id) == nil { try call.insert(method) }
    let intent = SetupIntents.made(call).setting(["customer": .string(customer)])
    try call.create(intent, event: "setup_intent.created")
    try CheckoutSetup.finish(intent, with: method, call)
  }
}
