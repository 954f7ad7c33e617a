import Basics

/// The sessions of the sandbox's pages after the customer has been there.
enum SandboxPageView {
  static func checkout(_ session: JSON) -> ObjectReport {
    let made = ["subscription", "payment_intent", "setup_intent", "invoice"]
    var object = common(session)
    for key in ["mode", "status", "payment_status", "amount_total", "currency"] + made {
      object[key] = session[key] ?? .null
    }
    return ObjectReport(
      object: object,
      fields: [
        Field("Session", session["id"]), Field("Mode", session["mode"]),
        Field("Status", session["status"]), Field("Payment", session["payment_status"]),
        Field("Customer", session["customer"]),
        Field("Total", Cell(money: session["amount_total"], currency: session["currency"])),
      ] + made.compactMap { key in session[key]?.string.map { Field(key, .string($0)) } })
  }

  static func portal(_ session: JSON) -> ObjectReport {
    ObjectReport(
      object: common(session),
      fields: [Field("Session", session["id"]), Field("Customer", session["customer"])],
      closing: "Done, as the customer would have.")
  }

  private static func common(_ session: JSON) -> JSONObject {
    [
      "id": session["id"] ?? .null, "url": session["url"] ?? .null,
      "customer": session["customer"] ?? .null,
      "expires_at": JSON(session["expires_at"]?.integer.map { Timestamp($0) }),
    ]
  }
}
