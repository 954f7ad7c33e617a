import Basics
import BillingCore
import Stripe

/// The object `session` of the contract: a page of Stripe's, for one customer.
enum PageView {
  static func checkout(
    _ session: CheckoutSession, _ catalogue: Catalogue, closing: String,
    outcome: Outcome = .done
  ) -> ObjectReport {
    let planID = session.metadata[Catalogue.planMetadataKey]
    let packageID = session.metadata[Catalogue.packageMetadataKey]
    let name = planID.flatMap { catalogue.plan($0)?.name }
    let packageName = packageID.flatMap { catalogue.package($0)?.name }
    let object: JSONObject = [
      "id": .string(session.id), "url": JSON(session.url), "customer": JSON(session.customerID),
      "expires_at": JSON(session.expiresAt), "mode": .string(session.mode), "plan": JSON(planID),
    ]
    return ObjectReport(
      object: object,
      fields: [
        Field("id", session.id), Field("customer", session.customerID),
        planID == nil
          ? Field("tokens", packageName ?? packageID) : Field("plan", name ?? planID),
        Field(
          "due now", Cell(money: JSON(session.amountTotal), currency: JSON(session.currency))),
        Field("status", Cell(status: .string(session.status))),
        Field("expires", Cell(time: object["expires_at"])), Field("pay at", session.url),
      ], closing: closing, outcome: outcome)
  }

  /// How long a portal's address lives, Stripe says in words only: it is short-lived.
  static func portal(_ session: JSON, closing: String) -> ObjectReport {
    ObjectReport(
      object: [
        "id": session["id"] ?? .null, "url": session["url"] ?? .null,
        "customer": session["customer"] ?? .null, "expires_at": .null,
      ],
      fields: [
        Field("id", session["id"]), Field("customer", session["customer"]),
        Field("open at", session["url"]),
      ], closing: closing)
  }
}
