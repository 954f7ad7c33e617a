import Basics

/// What payments and refunds mean for the ledger of tokens.
extension StripeMirror {
  /// A payment that went well stays so, and is counted once by itself: so it does not matter who
  /// tells it first, whether by its page or by itself, nor how old the telling is.
  func countTokens(_ entry: MirrorEntry, in transaction: Transaction) throws {
    let json = entry.json
    switch entry.snapshot.type {
    case "checkout.session", "payment_intent":
      guard
        let purchase = TokenPurchase(json, toldAt: entry.snapshot.asOf, package: packageOf)
      else { return }
      if let credited = try transaction.credit(purchase) {
        try tell(purchase, credited: credited, by: entry.snapshot, in: transaction)
      }
      try transaction.settleTokenRefunds(ofPayment: purchase.payment)
    case "charge" where json["amount_refunded"]?.integer ?? 0 > 0, "refund":
      guard let payment = json["payment_intent"]?.string else { return }
      try transaction.settleTokenRefunds(ofPayment: payment)
    default: break
    }
  }
}
