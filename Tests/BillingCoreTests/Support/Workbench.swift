import Basics
import Stripe
import Synchronization

@testable import BillingCore

/// A store, a scripted Stripe and what stands between them.
struct Workbench {
  let store: Store
  let transport: ScriptedTransport
  let runner: OperationRunner

  init(
    _ expected: [(String, ScriptedTransport.Answer)] = [], store: Store? = nil, retries: Int = 0,
    now: Timestamp = noon
  ) throws {
    let store = try store ?? Store.inMemory(now: { noon })
    let transport = ScriptedTransport(expected, date: now)
    let client = StripeClient(
      transport: transport,
      configuration: StripeClient.Configuration(
        key: try StripeKey(parsing: "sk_test_0123456789abcdef"), maxRetries: retries,
        sleep: { _ in }))
    let counter = Mutex(0)
    self.store = store
    self.transport = transport
    runner = OperationRunner(
      gateway: StripeGateway(client: client, store: store, mirror: .sample), actor: "ada@host",
      now: { now },
      makeToken: { length in
        let number = counter.withLock { count in
          count += 1
          return count
        }
        return String(String(repeating: "0", count: length).dropLast("\(number)".count))
          + "\(number)"
      })
  }

  func operation(_ id: String = "op_0000000000000001") throws -> BillingOperation? {
    try store.read { try $0.operation(id) }
  }
}
