import Basics
import BillingCore
import Stripe
import StripeSandbox
private import Synchronization

/// What a run opens once, at first use.
final class Connections: Sendable {
  private struct Opened {
    var sandbox: Sandbox?
    var client: StripeClient?
    var key: StripeKey?
    var store: Store?
    var catalogue: Catalogue?
    var said: Set<String> = []
  }

  private let opened = Mutex(Opened())
  /// The prices that this run has looked up.
  let prices = PriceMemory()

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

  func store(_ open: () throws -> Store) throws -> Store {
    if let store = openedStore { return store }
    let store = try open()
    opened.withLock { $0.store = store }
    return store
  }

  func catalogue(_ read: () throws -> Catalogue) throws -> Catalogue {
    if let catalogue = opened.withLock({ $0.catalogue }) { return catalogue }
    let catalogue = try read()
    opened.withLock { $0.catalogue = catalogue }
    return catalogue
  }

  /// What is asked for from now on is this one.
  func renew(_ catalogue: Catalogue) { opened.withLock { $0.catalogue = catalogue } }

  /// The catalogue, if the run read it.
  var readCatalogue: Catalogue? { opened.withLock { $0.catalogue } }

  /// Whether this is the first time in the run that something comes up.
  func isFirst(_ name: String) -> Bool { opened.withLock { $0.said.insert(name).inserted } }

  /// The store, if the run opened it.
  var openedStore: Store? { opened.withLock { $0.store } }
}
