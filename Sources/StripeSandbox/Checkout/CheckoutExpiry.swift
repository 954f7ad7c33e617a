import Basics

/// The end of a page on which nobody paid: by `POST /v1/checkout/sessions/{id}/expire`, or by
/// itself.
enum CheckoutExpiry {
  static let due = Due(
    moment: { session in
      session.string("status") == "open" ? session.timestamp("expires_at") : nil
    },
    run: { call, session in try expire(session, call) })

  static func run(_ call: Call) throws -> JSON {
    try call.accept(only: "expand")
    let session = try call.required("checkout.session")
    try requireOpen(session, to: "expired")
    return .object(try expire(session, call))
  }

  /// Refuses to do something with a page that is no longer open.
  static func requireOpen(_ session: JSONObject, to participle: String) throws {
    guard let status = session.string("status"), status != "open" else { return }
    throw SandboxError.invalid(
      """
      Only Checkout Sessions with a status in ["open"] can be \(participle). This Checkout \
      Session has a status of `\(status)`.
      """)
  }

  /// The page's intents, with which nobody paid, end with it, as does its address.
  @discardableResult
  private static func expire(_ session: JSONObject, _ call: Call) throws -> JSONObject {
    var expired = session.setting([
      "status": "expired", "url": .null, "client_secret": .null,
    ])
    if session.object("after_expiration")?.object("recovery")?.bool("enabled") == true {
      let token = call.newToken(length: 40)
      expired["after_expiration"] = [
        "recovery": .object(
          (session.object("after_expiration")?.object("recovery") ?? [:]).setting([
            "expires_at": .time(call.now + recoverySeconds),
            "url": .string("https://buy.stripe.com/r/\(token)"),
          ]))
      ]
    }
    try CheckoutIntent.giveUp(session, call)
    return try call.become(session, expired, "checkout.session.expired")
  }

  /// How long the address lives that leads to a copy of an expired page.
  private static let recoverySeconds: Int64 = 30 * 86_400
}
