package import Basics
import GRDB

/// The ledger of tokens. Every function reads and writes in the transaction at hand, so that what is
/// decided on a balance is done before anyone else sees it.
extension Transaction {
  /// Adds tokens. The same once more adds nothing and returns the entry that says it. Throws
  /// `TokenConflict`, and `OperationError` for a key that stands for something else.
  package func grantTokens(
    _ request: TokenRequest, at moment: Timestamp
  ) throws -> TokenEntry {
    try once(request, as: .granted) {
      try expireTokens(ofCustomer: request.customerID, at: moment)
      let entry = try append(.init(request, .granted, at: moment))
      try putLot(of: entry, expiresAt: nil)
      return entry
    }
  }

  /// Takes tokens, the oldest credit first. The same once more takes nothing and returns the entry
  /// that says it. Throws `TokenShortage`, with nothing written, where the balance is too low, and
  /// what `grantTokens` throws.
  package func consumeTokens(
    _ request: TokenRequest, at moment: Timestamp
  ) throws -> TokenEntry {
    try once(request, as: .consumed) {
      let balance = try tokenBalance(ofCustomer: request.customerID, at: moment).balance
      guard balance >= request.amount else {
        throw TokenShortage(
          customerID: request.customerID, asked: request.amount, balance: balance)
      }
      try expireTokens(ofCustomer: request.customerID, at: moment)
      let entry = try append(.init(request, .consumed, at: moment))
      guard try takeFromLots(request.amount, ofCustomer: request.customerID) == 0 else {
        throw StoreError.damaged(
          path: "token_lots",
          detail: "what is left of the credits of \(request.customerID) is less than its balance")
      }
      return entry
    }
  }

  /// Makes an entry, once for its reference and under its key.
  private func once(
    _ request: TokenRequest, as kind: TokenEntry.Kind, _ make: () throws -> TokenEntry
  ) throws -> TokenEntry {
    let change = request.change(as: kind)
    if let kept = try keptEntry(change) { return kept }
    let entry = try tokenEntry(named: request, as: kind) ?? make()
    try keep(["entry": JSON(entry.id)], to: change)
    return entry
  }

  /// What is true at a moment, lapses that nobody has written down yet included.
  package func tokenBalance(
    ofCustomer customerID: String, at moment: Timestamp
  ) throws -> TokenBalance {
    var balance = TokenBalance(customerID: customerID)
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM token_balances WHERE customer = ?")
    guard let row = try Row.fetchOne(statement, arguments: [customerID]) else { return balance }
    let lapsed = try lapses(ofCustomer: customerID, at: moment).reduce(0) { $0 + $1.remaining }
    balance.balance = row["balance"] - lapsed
    balance.purchased = row["purchased"]
    balance.consumed = row["consumed"]
    balance.granted = row["granted"]
    balance.refunded = row["refunded"]
    balance.expired = row["expired"] + lapsed
    return balance
  }

  /// The entries of a customer, the newest first, with what has lapsed and is not written down yet.
  package func tokenEntries(
    ofCustomer customerID: String, at moment: Timestamp, limit: Int?
  ) throws -> [TokenEntry] {
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT * FROM token_entries WHERE customer = ? ORDER BY id DESC LIMIT ?",
      arguments: [customerID, limit ?? -1])
    let written = try rows.map { try TokenEntry(row: $0) }
    var balance = written.first?.balanceAfter ?? 0
    let due = try lapses(ofCustomer: customerID, at: moment).map { lapse in
      balance -= lapse.remaining
      return TokenEntry(
        id: nil, customerID: customerID, kind: .expired, amount: -lapse.remaining,
        balanceAfter: balance, reference: lapse.reference, note: lapse.note,
        actor: Self.lapseActor, created: lapse.at)
    }
    return Array((due.reversed() + written).prefix(limit ?? .max))
  }

  /// The entries that are told beside all else that happened to a customer, the oldest first: of
  /// what was consumed there are too many.
  func tokenEntriesToTell(ofCustomer customerID: String) throws -> [TokenEntry] {
    try Row.fetchAll(
      database,
      sql: "SELECT * FROM token_entries WHERE customer = ? AND kind <> 'consumed' ORDER BY id",
      arguments: [customerID]
    ).map { try TokenEntry(row: $0) }
  }

  package func tokenEntry(_ id: Int64) throws -> TokenEntry? {
    try Row.fetchOne(database, sql: "SELECT * FROM token_entries WHERE id = ?", arguments: [id])
      .map { try TokenEntry(row: $0) }
  }

  // MARK: Entries

  /// An entry that is to be written.
  struct TokenDraft {
    var customerID: String
    var kind: TokenEntry.Kind
    /// Below zero for what is taken.
    var amount: Int64
    var reference: String
    var note: String?
    var actor: String
    var created: Timestamp
  }

  func append(_ draft: TokenDraft) throws -> TokenEntry {
    let stored =
      try Int64.fetchOne(
        database.cachedStatement(sql: "SELECT balance FROM token_balances WHERE customer = ?"),
        arguments: [draft.customerID]) ?? 0
    let (balance, overflow) = stored.addingReportingOverflow(draft.amount)
    guard !overflow else {
      throw TokenConflict.tooMany(customerID: draft.customerID, balance: stored)
    }
    try database.cachedStatement(
      sql: """
        INSERT INTO token_entries (customer, kind, amount, balance_after, reference, note, actor,
          created, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      draft.customerID, draft.kind.rawValue, draft.amount, balance, draft.reference, draft.note,
      draft.actor, draft.created, now, now,
    ])
    return TokenEntry(
      id: database.lastInsertedRowID, customerID: draft.customerID, kind: draft.kind,
      amount: draft.amount, balanceAfter: balance, reference: draft.reference, note: draft.note,
      actor: draft.actor, created: draft.created)
  }

  /// The entry that was made for this request before; nil where none was. Throws `TokenConflict` and
  /// `OperationError` where its reference or key stands for something else.
  package func tokenEntry(
    saying request: TokenRequest, as kind: TokenEntry.Kind
  ) throws -> TokenEntry? {
    try keptEntry(request.change(as: kind)) ?? tokenEntry(named: request, as: kind)
  }

  private func keptEntry(_ change: OwnChange) throws -> TokenEntry? {
    try answer(to: change)?["entry"]?.integer.flatMap { try tokenEntry($0) }
  }

  private func tokenEntry(
    named request: TokenRequest, as kind: TokenEntry.Kind
  ) throws -> TokenEntry? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT * FROM token_entries
        WHERE customer = ? AND reference = ? AND kind IN ('granted', 'consumed')
        """)
    let row = try Row.fetchOne(statement, arguments: [request.customerID, request.reference])
    guard let entry = try row.map({ try TokenEntry(row: $0) }) else { return nil }
    guard request.isSaid(by: entry, as: kind) else {
      throw TokenConflict.referenceTaken(by: entry)
    }
    return entry
  }
}

extension Transaction.TokenDraft {
  fileprivate init(_ request: TokenRequest, _ kind: TokenEntry.Kind, at moment: Timestamp) {
    self.init(
      customerID: request.customerID, kind: kind,
      amount: kind == .consumed ? -request.amount : request.amount,
      reference: request.reference, note: request.note, actor: request.actor,
      created: moment)
  }
}

extension TokenRequest {
  fileprivate func change(as kind: TokenEntry.Kind) -> OwnChange {
    let words: JSON = [
      "customer": .string(customerID), "amount": .integer(amount),
      "reference": .string(reference), "note": JSON(note),
    ]
    return OwnChange(
      kind == .consumed ? "tokens consume" : "tokens grant", meaning: words.compact, key: key)
  }

  /// Who asks is no part of what is asked for.
  fileprivate func isSaid(by entry: TokenEntry, as kind: TokenEntry.Kind) -> Bool {
    entry.kind == kind && entry.customerID == customerID && entry.reference == reference
      && entry.amount == (kind == .consumed ? -amount : amount) && entry.note == note
  }
}

extension TokenEntry {
  init(row: Row) throws {
    guard let kind = Kind(rawValue: row["kind"]) else {
      throw StoreError.damaged(path: "token_entries", detail: "an entry of no known kind")
    }
    self.init(
      id: row["id"], customerID: row["customer"], kind: kind, amount: row["amount"],
      balanceAfter: row["balance_after"], reference: row["reference"], note: row["note"],
      actor: row["actor"], created: row["created"])
  }
}
