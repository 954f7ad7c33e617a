package import Basics

/// What can be charged (https://docs.stripe.com/api/payment_methods/object).
package struct PaymentMethod: Sendable, Hashable {
  /// How the names of Stripe's test cards begin, each of which stands for a new payment method.
  package static let testCardPrefix = "pm_card_"

  package struct Card: Sendable, Hashable {
    package let brand: String
    package let last4: String
    package let expMonth: Int64
    package let expYear: Int64
  }

  package let id: String
  /// Nil while it is attached to nobody.
  package let customerID: String?
  /// `card`, `sepa_debit` …
  package let type: String
  package let card: Card?
  package let created: Timestamp
  package let isLive: Bool

  package init(_ json: JSON) throws(MalformedObject) {
    let fields = try ObjectReader(json, kind: "payment_method")
    id = try fields.identifier()
    customerID = try fields.optionalReference("customer")
    type = try fields.identifier("type")
    card = try fields.optionalObject("card").map(Self.card)
    created = try fields.time("created")
    isLive = try fields.flag("livemode")
  }

  private static func card(_ fields: ObjectReader) throws(MalformedObject) -> Card {
    Card(
      brand: try fields.text("brand"), last4: try fields.text("last4"),
      expMonth: try fields.integer("exp_month"), expYear: try fields.integer("exp_year"))
  }
}
