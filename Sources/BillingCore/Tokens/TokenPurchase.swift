package import Basics

/// A payment for packages of tokens that went well, as the ledger keeps it.
package struct TokenPurchase: Sendable, Hashable {
  /// The payment intent; the page where nothing was due.
  package let payment: String
  package let customerID: String
  package let sale: TokenSale
  /// What was paid, in minor units.
  package let amount: Int64
  package let currency: String
  package let paidAt: Timestamp
  /// When what is left of it lapses; nil for never.
  package let expiresAt: Timestamp?
  /// Of what was given back to the customer, how many tokens could be taken from the balance.
  package var takenBack: Int64 = 0
  /// The rest of it, which had been used.
  package var missed: Int64 = 0
  /// The entry that credited it; nil while nobody knows how many tokens were sold.
  package var entryID: Int64?

  /// Reads a page or a payment intent, which tell of the same payment; nil where none went well yet,
  /// or where it was for something else.
  init?(_ json: JSON, toldAt moment: Timestamp, package: (String) -> TokenPackage?) {
    guard let sale = TokenSale(metadata: json["metadata"], package: package),
      let id = json["id"]?.string, let customerID = json["customer"]?.string
    else { return nil }
    switch json["object"]?.string {
    case "payment_intent":
      guard json["status"] == "succeeded" else { return nil }
      payment = id
      amount = json["amount_received"]?.integer ?? json["amount"]?.integer ?? 0
    case "checkout.session":
      guard json["mode"] == "payment", json["status"] == "complete",
        ["paid", "no_payment_required"].contains(json["payment_status"])
      else { return nil }
      payment = json["payment_intent"]?.string ?? id
      amount = json["amount_total"]?.integer ?? 0
    default: return nil
    }
    self.sale = sale
    self.customerID = customerID
    currency = json["currency"]?.string ?? ""
    paidAt = moment
    expiresAt = sale.expires.map { moment + $0 }
  }

  init(
    payment: String, customerID: String, sale: TokenSale, amount: Int64, currency: String,
    paidAt: Timestamp, expiresAt: Timestamp?
  ) {
    self.payment = payment
    self.customerID = customerID
    self.sale = sale
    self.amount = amount
    self.currency = currency
    self.paidAt = paidAt
    self.expiresAt = expiresAt
  }

  /// `booster`, or `3 × booster`.
  package var words: String {
    sale.quantity == 1 ? sale.packageID : "\(sale.quantity) × \(sale.packageID)"
  }

  /// How many tokens go with money that was given back: of a part of the money that part of the
  /// tokens, rounded in the customer's favour.
  func tokens(refunding refunded: Int64) -> Int64 {
    guard let tokens = sale.tokens, refunded > 0, amount > 0 else { return 0 }
    guard refunded < amount else { return tokens }
    return amount.dividingFullWidth(tokens.multipliedFullWidth(by: refunded)).quotient
  }
}
