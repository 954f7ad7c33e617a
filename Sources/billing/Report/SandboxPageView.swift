import Basics

/// The sessions of the sandbox's pages after the customer has been there.
enum SandboxPageView {
  static func checkout(_ session: JSON) -> ObjectReport {
    let made = ["subscription", "payment_intent", "setup_intent", "invoice"].compactMap { key in
      session[key]?.string.map { Field(key, .string($0)) }
    }
    return ObjectReport(
      object: session.object ?? [:],
      fields: [
        Field("Session", session["id"]), Field("Mode", session["mode"]),
        Field("Status", session["status"]), Field("Payment", session["payment_status"]),
        Field("Customer", session["customer"]),
        Field("Total", Cell(money: session["amount_total"], currency: session["currency"])),
      ] + made)
  }

  static func portal(_ session: JSON) -> ObjectReport {
    ObjectReport(
      object: session.object ?? [:],
      fields: [Field("Session", session["id"]), Field("Customer", session["customer"])],
      closing: "Done, as the customer would have.")
  }
}
