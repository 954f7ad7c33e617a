import Basics
import Stripe
import Synchronization

@testable import BillingCore

/// A store whose clock a test moves, a catalogue that tells everybody, and a mailbox.
struct OutboxBench {
  let store: Store
  let mailbox = Mailbox()
  let clock: Clock

  final class Clock: Sendable {
    private let moment = Mutex(noon)
    var now: Timestamp { moment.withLock { $0 } }
    func pass(_ seconds: Int64) { moment.withLock { $0 = $0 + seconds } }
  }

  init() throws {
    let clock = Clock()
    self.clock = clock
    store = try Store.inMemory(now: { clock.now })
    store.setOutbox { Notification.occurrences }
  }

  static func catalogue(
    _ notifications: String = "{ operators: [ops@example.com] }", language: String = "en"
  ) throws -> Catalogue {
    try Catalogue(
      yaml: """
        version: 1
        currency: usd
        default_plan: free
        language: \(language)
        business: { name: Shop, email: shop@example.com, url: https://shop.example.com }
        urls: { portal_return: https://shop.example.com/billing }
        notifications: \(notifications)
        plans:
          - { id: free, name: Free, rank: 0 }
          - { id: starter, name: Starter, rank: 1, prices: [{ interval: month, unit_amount: 1900 }] }
          - { id: pro, name: Pro, rank: 2, prices: [{ interval: month, unit_amount: 4900 }] }
        packages: [{ id: booster, name: Booster, tokens: 500, unit_amount: 2000 }]
        """, file: "plans.yaml")
  }

  func outbox(
    _ notifications: String = "{ operators: [ops@example.com] }", slack: SlackChannel? = nil,
    hasMail: Bool = true
  ) throws -> Outbox {
    let catalogue = try Self.catalogue(notifications)
    guard let rules = catalogue.notifications else { throw CancellationError() }
    return Outbox(
      store, rules, MessageComposer(catalogue, MessageTemplates(), mode: .live),
      Outbox.Channels(mail: hasMail ? mailbox : nil, slack: slack))
  }

  func addCustomer(_ id: String = "cus_1", email: String? = "ada@example.com") throws {
    let json = Sample.customer(id, email: email)
    try store.write { transaction in
      try transaction.putCustomer(CustomerRow(Customer(json), externalID: nil))
    }
  }

  /// Puts a notification of tokens that were bought into the outbox.
  @discardableResult
  func enqueue(_ cause: String = "one", customer: String? = "cus_1") throws -> Bool {
    try store.write {
      try $0.enqueue(
        Notification(
          .tokensPurchased, customerID: customer, cause: cause, at: noon,
          payload: ["tokens": 500, "balance": 500, "amount": 2000, "currency": "usd"]))
    }
  }

  /// `status address attempts next error` of each message, the oldest first.
  func messages() throws -> [String] {
    try store.read { try $0.messages(status: nil, customerID: nil, limit: nil) }.reversed().map {
      [
        $0.status.rawValue, $0.address ?? $0.channel.rawValue, "\($0.attempts)",
        $0.nextAttemptAt.map { "+\($0 - noon)" }, $0.error,
      ].compactMap { $0 }.joined(separator: " ")
    }
  }
}
