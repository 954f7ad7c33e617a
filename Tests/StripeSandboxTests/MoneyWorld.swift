import Basics
import Testing

@testable import StripeSandbox

/// A sandbox with a product, prices and short words for what the tests of money do.
struct MoneyWorld {
  let stripe: TestSandbox
  let product: String
  let monthly: String
  let yearly: String

  init() throws {
    stripe = try TestSandbox()
    product = stripe.post("/v1/products", "name=Pro&unit_label=user").id
    monthly = Self.price(stripe, product, 1900, "month")
    yearly = Self.price(stripe, product, 19000, "year")
  }

  static func price(
    _ stripe: TestSandbox, _ product: String, _ amount: Int, _ interval: String
  ) -> String {
    stripe.post(
      "/v1/prices",
      "product=\(product)&currency=usd&unit_amount=\(amount)&recurring[interval]=\(interval)"
    ).id
  }

  /// A customer with a card that is its default.
  func customer(_ token: String? = "pm_card_visa") -> String {
    guard let token else { return stripe.post("/v1/customers", "email=a@example.com").id }
    return stripe.post(
      "/v1/customers",
      "email=a@example.com&payment_method=\(token)&invoice_settings[default_payment_method]=\(token)"
    ).id
  }

  func subscribe(_ customer: String, _ more: String = "") -> Answer {
    let items = more.contains("items[") ? "" : "&items[0][price]=\(monthly)"
    return checked(
      stripe.post(
        "/v1/subscriptions", "customer=\(customer)\(items)\(more.isEmpty ? "" : "&")\(more)"))
  }

  func update(_ subscription: String, _ parameters: String) -> Answer {
    checked(stripe.post("/v1/subscriptions/\(subscription)", parameters))
  }

  func invoice(_ id: String?) -> Answer {
    checked(
      stripe.get("/v1/invoices/\(id ?? "")", "expand[]=payments&expand[]=confirmation_secret"))
  }

  /// The payment intent of a subscription's latest invoice.
  func intentID(_ subscription: Answer) -> String {
    latestInvoice(subscription)["payments", "data", "0", "payment", "payment_intent"]?.string
      ?? ""
  }

  /// Plays the customer: `succeeded` or `failed`.
  func authenticate(_ intent: String, _ outcome: String) -> Answer {
    checked(
      stripe.post("/sandbox/payment_intents/\(intent)/authenticate", "outcome=\(outcome)"))
  }

  /// What a subscription has become.
  func status(_ subscription: Answer) -> String {
    stripe.get("/v1/subscriptions/\(subscription.id)")["status"]?.string ?? ""
  }

  /// The latest invoice of a subscription.
  func latestInvoice(_ subscription: Answer) -> Answer {
    invoice(subscription["latest_invoice"]?.string)
  }

  /// An answer that has the shape that Stripe declares, unless it is an error.
  @discardableResult
  func checked(_ answer: Answer) -> Answer {
    if answer.status == 200 { #expect(ObjectFacts.faults(in: answer.body) == []) }
    return answer
  }

  /// Lets time pass and has everything done that fell due meanwhile.
  func pass(days: Int64 = 0, hours: Int64 = 0) throws {
    stripe.wait(seconds: days * 86_400 + hours * 3600)
    try stripe.sandbox.catchUp()
  }

  /// Gives a customer another card and makes it the default.
  func change(card token: String, of customer: String) {
    let method = stripe.post("/v1/payment_methods/\(token)/attach", "customer=\(customer)")
    checked(
      stripe.post(
        "/v1/customers/\(customer)", "invoice_settings[default_payment_method]=\(method.id)"))
  }

  func subscription(_ id: String) -> Answer { checked(stripe.get("/v1/subscriptions/\(id)")) }

  /// The types of the events since a number of them.
  func events(after count: Int) throws -> [String] {
    Array(try stripe.eventTypes().dropFirst(count))
  }

  func eventCount() throws -> Int { try stripe.eventTypes().count }

  /// Every event's object has the shape that Stripe declares.
  func checkEvents() throws {
    for event in try stripe.events() {
      #expect(ObjectFacts.faults(in: event) == [])
      let object = event[at: "data", "object"] ?? .null
      #expect(ObjectFacts.faults(in: object) == [], "\(event["type"] ?? "")")
    }
  }
}

extension Answer {
  /// Lines of an invoice, each in a line: amount and description.
  var lineTexts: [String] {
    (body[at: "lines", "data"]?.array ?? []).map {
      "\($0["amount"]?.integer ?? 0) \($0["description"]?.string ?? "")"
    }
  }

  var item: JSON { body[at: "items", "data", "0"] ?? .null }

  subscript(path: String...) -> JSON? { body[path: path] }
}
