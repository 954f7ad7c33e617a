import Basics

/// The customer's part: fills in a page and pays.
/// `POST /sandbox/checkout/sessions/{id}/complete`.
///
/// A card that asks for authentication is authenticated on the page. One that is declined is a 402,
/// as the page would show, and the page stays open. What comes of the page is told in this order:
/// customer, card, payment or subscription, and at last `checkout.session.completed`.
enum CheckoutComplete {
  static func run(_ call: Call) throws -> JSON {
    let stored = try call.required("checkout.session")
    try CheckoutExpiry.requireOpen(stored, to: "completed")
    let session = try discounted(stored, call)
    let mode = CheckoutMode(of: session)
    let method = try method(for: session, mode, call)
    let buyer = try CheckoutBuyer(session, method: method, call)
    let signed = method.map { buyer.signed($0) }
    let paid =
      switch mode {
      case .payment: try CheckoutPayment.pay(session, by: buyer, with: signed, call)
      case .subscription: try CheckoutSubscription.pay(session, by: buyer, with: signed, call)
      case .setup: try CheckoutSetup.confirm(session, by: buyer, with: signed, call)
      }
    let isFree = mode == .setup || session.integer("amount_total") == 0
    let completed = buyer.signing(paid).setting([
      "client_secret": .null, "payment_status": isFree ? "no_payment_required" : "paid",
      "status": "complete", "url": .null,
    ])
    return .object(try call.become(stored, completed, "checkout.session.completed"))
  }

  /// The session with the promotion code that the customer types.
  private static func discounted(_ session: JSONObject, _ call: Call) throws -> JSONObject {
    guard let text = call.string("promotion_code") else { return session }
    var discounted = session
    discounted["discounts"] = [try CheckoutDiscount.typed(text, on: session, call).json]
    try CheckoutAmounts.apply(to: &discounted, call)
    try CheckoutRules.checkTotal(of: discounted)
    return discounted
  }

  /// The card, where the page asks for one: not where nothing is to be paid, unless it is to be
  /// kept for later.
  private static func method(
    for session: JSONObject, _ mode: CheckoutMode, _ call: Call
  ) throws -> JSONObject? {
    let isFree = session.integer("amount_total") == 0
    let isOptional =
      mode == .payment || session.string("payment_method_collection") == "if_required"
    if isFree, isOptional, mode == .payment || !call.has("card") { return nil }
    return try PageCard.read(
      call.string("card"), customer: session.string("customer"), call)
  }
}
