import Basics
import Stripe
import StripeSandbox
private import Synchronization

/// What a run opens once, at first use.
final class Connections: Sendable {
  private struct Opened {
    var sandbox: Sandbox?
    var client: StripeClient?
    var key: StripeKey?
  }

  private let opened = Mutex(Opened())

  func sandbox(_ open: () throws -> Sandbox) throws -> Sandbox {
    if let sandbox = opened.withLock({ $0.sandbox }) { return sandbox }
    let sandbox = try open()
    opened.withLock { $0.sandbox = sandbox }
    return sandbox
  }

  func client(_ open: () throws -> StripeClient) throws -> StripeClient {
    if let client = opened.withLock({ $0.client }) { return client }
    let client = try open()
    opened.withLock { $0.client = client }
    return client
  }

  func key(_ read: () throws -> StripeKey) throws -> StripeKey {
    if let key = opened.withLock({ $0.key }) { return key }
    let key = try read()
    opened.withLock { $0.key = key }
    return key
  }
}
