import Basics

/// A customer in the portal: an open session with its configuration.
///
/// A portal link is short-lived; how long, Stripe says in words only. Here the customer has five
/// minutes to open it, and after each thing that is done an hour for the next. In place of a
/// session's id the path may name a customer: then a session with the default configuration is
/// opened on the way.
struct PortalVisit {
  static let secondsToOpen: Int64 = 300
  static let secondsOfRest: Int64 = 3600

  let session: JSONObject
  let configuration: JSONObject

  var features: JSONObject { configuration.object("features") ?? [:] }
  var flow: JSONObject? { session.object("flow") }
  var customerID: String { session.string("customer") ?? "" }

  /// - Parameters:
  ///   - feature: what must be on.
  ///   - flows: the purposes of a visit that allow this; a visit without one allows everything.
  init(_ call: Call, feature: String, flows: [String]) throws {
    if let customer = try call.find("customer", call.id) {
      session = try PortalSessions.opened(for: customer, call)
    } else {
      session = try call.required("billing_portal.session")
    }
    configuration = try call.required(
      "billing_portal.configuration", session.string("configuration") ?? "")
    guard let end = session.timestamp("_open_until"), call.now <= end else {
      throw SandboxError.invalid(
        "The portal session \(session.id) has expired. Create a new one.")
    }
    if let type = flow?.string("type"), !flows.contains(type) {
      throw SandboxError.invalid(
        "The portal session \(session.id) was created for the flow \(type) alone.")
    }
    try PortalRules.require(feature, configuration)
  }

  /// The subscription that the customer means: the one named by the call or by the flow, else the
  /// only one that runs.
  func subscription(_ call: Call) throws -> JSONObject {
    let type = flow?.string("type") ?? ""
    let fixed = flow?.object(type)?.string("subscription")
    if let id = fixed ?? call.string("subscription") {
      let named = try call.referenced("subscription", id, parameter: "subscription")
      guard named.string("customer") == customerID else {
        throw SandboxError.missing("subscription", id: id, parameter: "subscription", status: 400)
      }
      return named
    }
    let running = try call.all("subscription", where: ["customer": .string(customerID)])
      .filter { !SubscriptionStatus.isTerminal($0) }
    guard let only = running.first, running.count == 1 else {
      throw SandboxError.invalid(
        running.isEmpty
          ? "The customer \(customerID) has no subscription."
          : "The customer \(customerID) has several subscriptions: name one by `subscription`.",
        parameter: "subscription")
    }
    return only
  }

  /// The session after something was done in it.
  func answer(_ call: Call) throws -> JSON {
    let used = session.setting(["_open_until": .time(call.now + Self.secondsOfRest)])
    try call.save(used)
    return .object(used)
  }
}
