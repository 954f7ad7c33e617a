import Basics

/// The card that a customer types on a page of Stripe's.
enum PageCard {
  /// What is typed where nothing is said.
  static let usual = "4242424242424242"

  /// The payment method of a card number, of a `pm_card_…` or `tok_…` token, or of a card that the
  /// customer has saved; a new one is not stored yet.
  static func read(_ text: String?, customer: String?, _ call: Call) throws -> JSONObject {
    let text = text ?? usual
    if text.hasPrefix("pm_") {
      let method = try PaymentMethods.resolved(text, call, parameter: "card")
      guard method.string("customer").map({ $0 == customer }) ?? true else {
        throw PaymentMethods.notAttached(text, parameter: "card")
      }
      return method
    }
    let given: JSONObject =
      text.hasPrefix("tok_")
      ? ["token": .string(text)]
      : [
        "number": .string(text), "exp_month": 12,
        "exp_year": .integer(Int64(CivilTime(call.now).year + 1)),
      ]
    return PaymentMethods.made(try PaymentMethods.card(given, now: call.now), call)
  }

  /// Why the bank refuses a card before anything is charged.
  static func refusal(of method: JSONObject) -> CardDecline? {
    guard case .declined(let decline) = PaymentMethods.testCard(of: method)?.behaviour else {
      return nil
    }
    return decline
  }

  /// Gives a card to a customer, who has authenticated with it on the page, for payments to come.
  static func keep(
    _ method: JSONObject, for customer: String, _ call: Call
  ) throws -> JSONObject {
    if method.string("customer") == customer { return method }
    let attached = try PaymentMethodAttach.attached(method, to: customer)
    return try PaymentMethodAttach.store(attached.setting(["_set_up": true]), call)
  }
}

/// A card was refused on a page: what was done is taken back, but for the traces of the attempt.
struct PageRefusal: Error {}
