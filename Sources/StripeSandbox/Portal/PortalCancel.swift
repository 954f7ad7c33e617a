import Basics

/// The customer ends a subscription in the portal, or thinks better of it.
enum PortalCancel {
  static func cancel(_ call: Call) throws -> JSON {
    let visit = try PortalVisit(
      call, feature: "subscription_cancel", flows: ["subscription_cancel"])
    let subscription = try visit.subscription(call)
    try PortalRules.checkCancelable(subscription, parameter: "subscription")
    let feature = visit.features.object("subscription_cancel") ?? [:]
    var parameters: JSONObject = [:]
    if let details = try details(feature.object("cancellation_reason") ?? [:], call) {
      parameters["cancellation_details"] = details
    }
    if feature.string("mode") == "immediately" {
      if feature.string("proration_behavior") == "create_prorations" {
        parameters["prorate"] = true
      }
      _ = try SubscriptionCancel.run(call.calling(parameters, on: subscription.id))
    } else {
      parameters["cancel_at_period_end"] = true
      _ = try SubscriptionUpdate.run(call.calling(parameters, on: subscription.id))
    }
    return try visit.answer(call)
  }

  /// The reason that the customer gives, where the page asks for one.
  private static func details(_ reason: JSONObject, _ call: Call) throws -> JSON? {
    let given = ["comment", "feedback"].filter { call.has($0) }
    guard let first = given.first else { return nil }
    guard reason.bool("enabled") == true else {
      throw SandboxError.invalid(
        "The portal configuration does not ask for a reason: cancellation_reason is disabled.",
        parameter: first)
    }
    let options = reason.strings("options")
    if let feedback = call.string("feedback"), !options.contains(feedback) {
      throw SandboxError.invalid(
        "Invalid feedback: must be \(ParameterCheck.either(options))", parameter: "feedback")
    }
    return .object(
      JSONObject(uniqueKeysWithValues: given.map { ($0, call[$0] ?? .null) }))
  }

  /// Takes back a cancellation that has not come yet.
  static func resume(_ call: Call) throws -> JSON {
    let visit = try PortalVisit(call, feature: "subscription_cancel", flows: [])
    let subscription = try visit.subscription(call)
    guard !SubscriptionStatus.isTerminal(subscription), subscription.integer("cancel_at") != nil
    else {
      throw SandboxError.invalid(
        "The subscription \(subscription.id) is not set to be canceled.",
        parameter: "subscription")
    }
    let isAtEnd = subscription.bool("cancel_at_period_end") == true
    let parameters: JSONObject = isAtEnd ? ["cancel_at_period_end": false] : ["cancel_at": ""]
    _ = try SubscriptionUpdate.run(call.calling(parameters, on: subscription.id))
    return try visit.answer(call)
  }
}
