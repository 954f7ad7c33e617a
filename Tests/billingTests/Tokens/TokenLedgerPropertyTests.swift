import Basics
import Stripe
import Synchronization
import Testing

@testable import BillingCore
@testable import billing

/// The ledger against a model that is too simple to be wrong: random grants, consumptions, payments,
/// refunds and lapses, some of them cut off before they are kept, some whose answer is lost and that
/// are asked for again.
@Suite(.tags(.integration)) struct TokenLedgerPropertyTests {
  private static let steps = 400
  private static let start = Timestamp(1_795_168_800)

  @Test(arguments: Array(1...12) as [UInt64]) func theLedgerIsAsTheModel(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    var play = try Play(start: Self.start)
    for step in 0..<Self.steps {
      try play.step(&dice)
      for customer in Play.customers {
        let balance = try play.balance(of: customer)
        let expected = play.model[customer]?.balance(at: play.now) ?? 0
        try #require(balance.balance == expected, "seed \(seed), step \(step), \(customer)")
      }
    }
    let audit = try play.store.read { try $0.tokenAudit() }
    #expect(audit.isClean, "seed \(seed): \(audit.differences)")
    #expect(audit.missed == play.model.values.reduce(0) { $0 + $1.missed }, "seed \(seed)")
    // Were one of them never met, the test would not show it.
    #expect(Set(play.met) == Set(Play.Move.allCases), "seed \(seed)")
  }
}

/// What a customer has, as a list of credits.
private struct Model {
  struct Credit {
    var left: Int64
    let payment: String?
    let end: Timestamp?
  }

  var credits: [Credit] = []
  var missed: Int64 = 0

  func balance(at now: Timestamp) -> Int64 {
    credits.reduce(0) { $0 + ($1.end.map { $0 <= now } == true ? 0 : $1.left) }
  }

  /// Takes from the credits, those of a payment first, else the oldest.
  mutating func take(_ amount: Int64, first payment: String? = nil, at now: Timestamp) {
    var left = amount
    let order =
      credits.indices.filter { payment != nil && credits[$0].payment == payment }
      + credits.indices.filter { payment == nil || credits[$0].payment != payment }
    for index in order where credits[index].end.map({ $0 > now }) ?? true {
      let taken = min(left, credits[index].left)
      credits[index].left -= taken
      left -= taken
    }
  }
}

/// The time of a play, by which its store writes too.
private final class Clock: Sendable {
  private let time: Mutex<Timestamp>

  init(_ start: Timestamp) { time = Mutex(start) }

  var now: Timestamp { time.withLock { $0 } }
  func advance(by seconds: Int64) { time.withLock { $0 = $0 + seconds } }
}

/// A ledger and its model, moved on together.
private struct Play {
  enum Move: CaseIterable { case grant, consume, refuse, pay, refund, wait, crash, again, clash }

  static let customers = ["cus_1", "cus_2", "cus_3"]

  let store: BillingCore.Store
  let mirror = StripeMirror(planOfPrice: { _ in nil }, externalIDKeys: [])
  private let clock: Clock
  var model: [String: Model] = [:]
  var met: [Move] = []
  private var requests: [(kind: TokenEntry.Kind, TokenRequest, TokenEntry)] = []
  private var payments: [(id: String, customer: String, tokens: Int64, refunded: Bool)] = []
  private var count = 0

  private struct Crash: Error {}

  init(start: Timestamp) throws {
    let clock = Clock(start)
    self.clock = clock
    store = try BillingCore.Store.inMemory(now: { clock.now })
  }

  var now: Timestamp { clock.now }

  func balance(of customer: String) throws -> TokenBalance {
    try store.read { try $0.tokenBalance(ofCustomer: customer, at: now) }
  }

  mutating func step(_ dice: inout Dice) throws {
    count += 1
    switch dice.below(10) {
    case 0, 1: try ask(.granted, &dice)
    case 2, 3, 4: try ask(.consumed, &dice)
    case 5: try pay(&dice)
    case 6: try refund(&dice)
    case 7: try again(&dice)
    case 8: try clash(&dice)
    default:
      clock.advance(by: Int64(dice.below(100)))
      met.append(.wait)
    }
  }

  private mutating func ask(_ kind: TokenEntry.Kind, _ dice: inout Dice) throws {
    let customer = dice.one(of: Self.customers)
    let request = TokenRequest(
      customerID: customer, amount: Int64(1 + dice.below(400)), reference: "r\(count)",
      actor: "test")
    let isPossible =
      kind == .granted || model[customer]?.balance(at: now) ?? 0 >= request.amount
    if dice.below(4) == 0 { try crash(kind, request) }
    guard isPossible else {
      #expect(throws: TokenShortage.self) { try write(kind, request) }
      return met.append(.refuse)
    }
    let entry = try write(kind, request)
    requests.append((kind, request, entry))
    if kind == .granted {
      met.append(.grant)
      model[customer, default: Model()].credits.append(
        .init(left: request.amount, payment: nil, end: nil))
    } else {
      met.append(.consume)
      let now = now
      model[customer]?.take(request.amount, at: now)
    }
  }

  @discardableResult
  private func write(
    _ kind: TokenEntry.Kind, _ request: TokenRequest, crashing: Bool = false
  ) throws -> TokenEntry {
    try store.write { transaction in
      let entry =
        kind == .granted
        ? try transaction.grantTokens(request, at: now)
        : try transaction.consumeTokens(request, at: now)
      if crashing { throw Crash() }
      return entry
    }
  }

  /// The process ends after the entry was written and before it was kept.
  private mutating func crash(_ kind: TokenEntry.Kind, _ request: TokenRequest) throws {
    met.append(.crash)
    #expect(throws: (any Error).self) { try write(kind, request, crashing: true) }
  }

  /// The answer was lost, and the same is asked for again, later.
  private mutating func again(_ dice: inout Dice) throws {
    guard !requests.isEmpty else { return }
    met.append(.again)
    let (kind, request, entry) = dice.one(of: requests)
    #expect(try write(kind, request) == entry)
    for payment in payments { try tell(payment, status: "succeeded") }
  }

  /// The same reference for something else.
  private mutating func clash(_ dice: inout Dice) throws {
    guard !requests.isEmpty else { return }
    met.append(.clash)
    var (kind, request, _) = dice.one(of: requests)
    request.amount += 1
    let other = request
    #expect(throws: TokenConflict.self) { try write(kind, other) }
  }

  // MARK: Payments

  private mutating func pay(_ dice: inout Dice) throws {
    met.append(.pay)
    let payment = (
      id: "pi_\(count)", customer: dice.one(of: Self.customers),
      tokens: Int64(1 + dice.below(300)), refunded: false
    )
    payments.append(payment)
    let end = now + Self.life
    try tell(payment, status: "succeeded")
    model[payment.customer, default: Model()].credits.append(
      .init(left: payment.tokens, payment: payment.id, end: end))
  }

  private static let life: Int64 = 900

  private mutating func refund(_ dice: inout Dice) throws {
    guard let index = payments.indices.first(where: { !payments[$0].refunded }) else { return }
    met.append(.refund)
    payments[index].refunded = true
    let payment = payments[index]
    try tell([
      "id": .string("re_\(payment.id)"), "object": "refund", "amount": 1000, "currency": "usd",
      "status": "succeeded", "payment_intent": .string(payment.id), "created": 1_795_000_000,
      "metadata": [:],
    ])
    guard var customer = model[payment.customer] else { return }
    let taken = min(payment.tokens, customer.balance(at: now))
    customer.missed += payment.tokens - taken
    customer.take(taken, first: payment.id, at: now)
    model[payment.customer] = customer
  }

  private func tell(
    _ payment: (id: String, customer: String, tokens: Int64, refunded: Bool), status: String
  ) throws {
    var sale = TokenSale(packageID: "booster", quantity: 1, tokens: payment.tokens)
    sale.expires = TimeSpan(seconds: Self.life)
    try tell([
      "id": .string(payment.id), "object": "payment_intent", "status": .string(status),
      "customer": .string(payment.customer), "amount": 1000, "amount_received": 1000,
      "currency": "usd", "metadata": .object(sale.metadata),
    ])
  }

  private func tell(_ object: JSON) throws {
    let snapshot = try #require(Snapshot(object, origin: .response, asOf: now, cause: nil))
    try store.write { _ = try mirror.apply(snapshot, in: $0) }
  }
}
