/// The seam between us and the network: libcurl, the sandbox, or a script of a test stands behind it.
package protocol Transport: Sendable {
  /// Carries one request out, once: no retries, no redirects.
  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// Why no complete answer came.
package struct TransportError: Error, Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    case badURL
    case nameNotResolved
    case refused
    case tls
    case timeout
    case cut
    case responseTooLarge
    case canceled
    case other
  }

  package let kind: Kind
  /// Whether the server may have seen the request, so that a write may have been executed.
  package let mayHaveReachedServer: Bool
  /// What libcurl or the system said, without secrets.
  package let detail: String

  package init(kind: Kind, mayHaveReachedServer: Bool, detail: String) {
    self.kind = kind
    self.mayHaveReachedServer = mayHaveReachedServer
    self.detail = detail
  }
}
