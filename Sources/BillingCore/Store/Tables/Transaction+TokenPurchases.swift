package import Basics
import GRDB

/// Payments for tokens and what was refunded of them. Each is a fact that stays true, whoever tells
/// it and however often, so that it is counted by itself and not by its age.
extension Transaction {
  /// Who brought about what a payment or a refund did.
  private static let paymentActor = "stripe"

  /// Credits a payment, once. One of which nobody can tell how many tokens it was for is kept, and
  /// credited when it is told again and somebody can.
  ///
  /// - Returns: the entry; nil where nothing was credited now.
  @discardableResult
  func credit(_ told: TokenPurchase) throws -> TokenEntry? {
    var purchase = try tokenPurchase(payment: told.payment) ?? told
    guard purchase.entryID == nil else { return nil }
    guard let tokens = told.sale.tokens, try canHold(tokens, customerID: told.customerID) else {
      try put(purchase)
      return nil
    }
    let moment = try time(ofCustomer: told.customerID, at: now)
    try expireTokens(ofCustomer: told.customerID, at: moment)
    let entry = try append(
      TokenDraft(
        customerID: told.customerID, kind: .purchased, amount: tokens, reference: told.payment,
        note: told.words, actor: Self.paymentActor, created: moment))
    purchase = told
    purchase.entryID = entry.id
    try putLot(of: entry, expiresAt: told.expiresAt)
    try put(purchase)
    return entry
  }

  /// Takes tokens back as far as a payment was refunded by all that Stripe has told, and as far as
  /// the customer still has any; the rest is written down as missed. A refund that failed gives them
  /// back.
  func settleTokenRefunds(ofPayment payment: String) throws {
    guard var purchase = try tokenPurchase(payment: payment), let creditID = purchase.entryID
    else { return }
    let refunded = try refundedAmount(ofPayment: payment)
    let (wanted, settled) = (
      purchase.tokens(refunding: refunded), purchase.takenBack + purchase.missed
    )
    if wanted > settled {
      try takeBack(wanted - settled, creditedBy: creditID, &purchase)
    } else if wanted < settled {
      try giveBack(settled - wanted, &purchase)
    }
    try put(purchase, refunded: refunded)
  }

  /// The entry that credited a payment; nil for one that was not credited.
  package func tokenEntry(ofPayment payment: String) throws -> TokenEntry? {
    try tokenPurchase(payment: payment)?.entryID.flatMap { try tokenEntry($0) }
  }

  /// How many tokens another refund would take back, and how many of its tokens have been used.
  package func tokensToTakeBack(
    for amount: Int64, ofPayment payment: String, at moment: Timestamp
  ) throws -> (taken: Int64, missed: Int64) {
    guard let purchase = try tokenPurchase(payment: payment), purchase.entryID != nil else {
      return (0, 0)
    }
    let refunded = try refundedAmount(ofPayment: payment) + amount
    let wanted = max(
      0, purchase.tokens(refunding: refunded) - purchase.takenBack - purchase.missed)
    let left = try tokenBalance(ofCustomer: purchase.customerID, at: moment).balance
    return (min(wanted, left), max(0, wanted - left))
  }

  private func takeBack(
    _ tokens: Int64, creditedBy creditID: Int64, _ purchase: inout TokenPurchase
  ) throws {
    let moment = try time(ofCustomer: purchase.customerID, at: now)
    try expireTokens(ofCustomer: purchase.customerID, at: moment)
    let left = try tokenBalance(ofCustomer: purchase.customerID, at: moment).balance
    let (taken, missed) = (min(tokens, left), max(0, tokens - left))
    if taken > 0 {
      let note = missed == 0 ? purchase.words : "\(purchase.words), \(missed) had been used"
      _ = try append(
        TokenDraft(
          customerID: purchase.customerID, kind: .refunded, amount: -taken,
          reference: purchase.payment, note: note, actor: Self.paymentActor, created: moment))
      // Damage does not stop what Stripe tells; the audit finds it.
      _ = try takeFromLots(taken, ofCustomer: purchase.customerID, first: creditID)
    }
    purchase.takenBack += taken
    purchase.missed += missed
  }

  /// What had been used is forgiven first: it was never taken.
  private func giveBack(_ tokens: Int64, _ purchase: inout TokenPurchase) throws {
    let forgiven = min(tokens, purchase.missed)
    purchase.missed -= forgiven
    guard tokens > forgiven else { return }
    purchase.takenBack -= tokens - forgiven
    let entry = try append(
      TokenDraft(
        customerID: purchase.customerID, kind: .refunded, amount: tokens - forgiven,
        reference: purchase.payment, note: "\(purchase.words), the refund failed",
        actor: Self.paymentActor, created: try time(ofCustomer: purchase.customerID, at: now)))
    try putLot(of: entry, expiresAt: purchase.expiresAt)
  }

  // MARK: What Stripe has told

  /// How much of a payment was given back. A refund may be told by itself or by its charge, and each
  /// may be missing or older than the other; one that failed may still stand in the charge.
  private func refundedAmount(ofPayment payment: String) throws -> Int64 {
    let statement = try database.cachedStatement(
      sql: """
        SELECT COALESCE(SUM(iif(status IN ('failed', 'canceled'), 0, amount)), 0) AS given,
          COALESCE(SUM(iif(status IN ('failed', 'canceled'), amount, 0)), 0) AS failed
        FROM refunds WHERE payment_intent = ?
        """)
    let refunds = try Row.fetchOne(statement, arguments: [payment])
    let charged = try Int64.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT MAX(json_extract(json, '$.amount_refunded')) FROM objects
          WHERE type = 'charge' AND json_extract(json, '$.payment_intent') = ?
          """), arguments: [payment])
    let (given, failed): (Int64, Int64) = (refunds?["given"] ?? 0, refunds?["failed"] ?? 0)
    return max(given, (charged ?? 0) - failed)
  }

  /// What nobody can hold is nothing that anybody sold.
  private func canHold(_ tokens: Int64, customerID: String) throws -> Bool {
    let balance = try tokenBalance(ofCustomer: customerID, at: now).balance
    return !balance.addingReportingOverflow(tokens).overflow
  }

  // MARK: Rows

  package func tokenPurchase(payment: String) throws -> TokenPurchase? {
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM token_purchases WHERE payment = ?")
    return try Row.fetchOne(statement, arguments: [payment]).map { TokenPurchase(row: $0) }
  }

  private static let purchaseRow = Upsert(
    "token_purchases", key: "payment",
    "payment", "customer", "package", "quantity", "tokens", "amount", "currency", "entry",
    "paid_at", "expires_at", "refunded_amount", "taken_back", "missed")

  private func put(_ purchase: TokenPurchase, refunded: Int64 = 0) throws {
    try upsert(
      Self.purchaseRow, purchase.payment, purchase.customerID, purchase.sale.packageID,
      purchase.sale.quantity, purchase.sale.tokens, purchase.amount, purchase.currency,
      purchase.entryID, purchase.paidAt, purchase.expiresAt, refunded, purchase.takenBack,
      purchase.missed)
  }
}

extension TokenPurchase {
  fileprivate init(row: Row) {
    self.init(
      payment: row["payment"], customerID: row["customer"],
      sale: TokenSale(
        packageID: row["package"], quantity: row["quantity"], tokens: row["tokens"]),
      amount: row["amount"], currency: row["currency"], paidAt: row["paid_at"],
      expiresAt: row["expires_at"])
    takenBack = row["taken_back"]
    missed = row["missed"]
    entryID = row["entry"]
  }
}
