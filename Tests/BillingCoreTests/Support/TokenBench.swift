import Basics
import GRDB
import Stripe

@testable import BillingCore

/// A ledger in memory, with what a test asks of it in few words.
struct TokenBench {
  let store: Store
  let mirror: StripeMirror

  init(packages: [TokenPackage] = []) throws {
    store = try Store.inMemory(now: { noon })
    mirror = StripeMirror(
      planOfPrice: { _ in nil },
      packageOf: { id in packages.first { $0.id == id } }, externalIDKeys: [])
  }

  private func request(_ amount: Int64, _ reference: String, _ note: String?) -> TokenRequest {
    TokenRequest(
      customerID: "cus_1", amount: amount, reference: reference, note: note, actor: "ada@host")
  }

  @discardableResult
  func grant(
    _ amount: Int64, _ reference: String, note: String? = nil, at moment: Timestamp = noon
  ) throws -> TokenEntry {
    try store.write { try $0.grantTokens(request(amount, reference, note), at: moment) }
  }

  @discardableResult
  func consume(
    _ amount: Int64, _ reference: String, at moment: Timestamp = noon
  ) throws -> TokenEntry {
    try store.write { try $0.consumeTokens(request(amount, reference, nil), at: moment) }
  }

  func balance(at moment: Timestamp = noon) throws -> TokenBalance {
    try store.read { try $0.tokenBalance(ofCustomer: "cus_1", at: moment) }
  }

  /// The history, the oldest first, a line an entry.
  func history(at moment: Timestamp = noon) throws -> [String] {
    try store.read { try $0.tokenEntries(ofCustomer: "cus_1", at: moment, limit: nil) }
      .reversed().map { entry in
        "\(entry.id == nil ? "due " : "")\(entry.kind) \(entry.amount) = \(entry.balanceAfter)"
          + " \(entry.reference)" + (entry.note.map { ", \($0)" } ?? "")
      }
  }

  func audit() throws -> TokenAudit { try store.read { try $0.tokenAudit() } }

  /// Lets Stripe tell of an object: by an event, or by the answer to a call.
  func tell(
    _ object: JSON, at moment: Timestamp = noon, event: String? = nil
  ) throws {
    let origin: Snapshot.Origin = event.map { .event(id: $0, previous: nil) } ?? .response
    guard let snapshot = Snapshot(object, origin: origin, asOf: moment, cause: nil) else { return }
    try store.write { _ = try mirror.apply(snapshot, in: $0) }
  }

  func execute(_ sql: String) throws {
    try store.write { try $0.database.execute(sql: sql) }
  }
}

extension TokenPackage {
  static func sample(_ id: String = "booster", expires: TimeSpan? = nil) -> TokenPackage {
    TokenPackage(
      id: id, name: "Booster", description: nil, tokens: 500_000, unitAmount: 2000,
      currency: "usd", expires: expires, productID: "p", priceID: nil, lookupKey: "k")
  }
}

extension Sample {
  /// A payment of tokens, as Stripe tells of it.
  static func tokenPayment(
    _ status: String = "succeeded", sale: TokenSale = TokenSale(.sample()), amount: Int64 = 2000
  ) -> JSON {
    [
      "id": "pi_1", "object": "payment_intent", "status": .string(status), "customer": "cus_1",
      "amount": .integer(amount), "amount_received": .integer(status == "succeeded" ? amount : 0),
      "currency": "usd", "created": 1_795_000_000, "metadata": .object(sale.metadata),
    ]
  }

  /// The page on which it is paid.
  static func tokenPage(
    _ paymentStatus: String = "paid", sale: TokenSale = TokenSale(.sample()),
    intent: String? = "pi_1", amount: Int64 = 2000
  ) -> JSON {
    [
      "id": "cs_1", "object": "checkout.session", "mode": "payment", "status": "complete",
      "payment_status": .string(paymentStatus), "payment_intent": JSON(intent),
      "customer": "cus_1", "amount_total": .integer(amount), "currency": "usd",
      "metadata": .object(sale.metadata),
    ]
  }

  static func charge(refunded: Int64) -> JSON {
    [
      "id": "ch_1", "object": "charge", "status": "succeeded", "payment_intent": "pi_1",
      "customer": "cus_1", "amount": 2000, "amount_refunded": .integer(refunded),
      "currency": "usd", "metadata": [:],
    ]
  }

  static func refund(
    _ amount: Int64, id: String = "re_1", status: String = "succeeded"
  ) -> JSON {
    [
      "id": .string(id), "object": "refund", "amount": .integer(amount), "currency": "usd",
      "status": .string(status), "payment_intent": "pi_1", "charge": "ch_1",
      "created": 1_795_000_000, "metadata": [:],
    ]
  }
}
