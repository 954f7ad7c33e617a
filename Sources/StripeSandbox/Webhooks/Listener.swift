package import Basics
import Synchronization

/// A webhook address without an endpoint at the API: what `sandbox serve --webhook` names. It is
/// sent all events from the moment at which it begins to listen until it ends.
///
/// `GET /v1/webhook_endpoints` does not show it, and `pending_webhooks` does not count it.
struct Listener {
  let id: String
  let url: String
  let secret: Secret
  /// The number of the last event for which a delivery was made.
  var cursor: Int64

  /// Whoever listens when the delivery is sent.
  static let anyone = "serve"
}

extension Sandbox {
  /// Has all events sent to an address, too, until `endListening`.
  ///
  /// One address at a time: what waited for another is forgotten.
  ///
  /// - Parameters:
  ///   - secret: signs what is sent.
  ///   - sequence: the event after which to begin; nil for the newest.
  package func listen(url: String, secret: Secret, after sequence: Int64? = nil) throws {
    let url = try WebhookURL.checked(url)
    let id = "\(Listener.anyone)_\(configuration.makeToken(14))"
    let cursor = try store.write { store in
      try store.forgetListeners()
      return try sequence ?? store.lastEventSequence()
    }
    listener.withLock { $0 = Listener(id: id, url: url, secret: secret, cursor: cursor) }
  }

  /// Ends what `listen` began; what was not sent yet is not sent any more.
  package func endListening() throws {
    guard listener.withLock({ $0 }) != nil else { return }
    listener.withLock { $0 = nil }
    try store.write { try $0.forgetListeners() }
  }

  /// Whether webhooks can be sent to an address: http or https, with a host.
  package static func isWebhookURL(_ url: String) -> Bool {
    (try? WebhookURL.checked(url)) != nil
  }
}
