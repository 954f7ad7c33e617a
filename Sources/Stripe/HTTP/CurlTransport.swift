/// HTTP over libcurl: one `curl_multi` on a thread of its own, which all requests share.
///
/// Connections are kept and used again, HTTP/2 is spoken where the server offers it, and many
/// requests run at once. Certificates are always verified, TLS is at least 1.2, redirects are not
/// followed, and neither `.netrc` nor another file of the user is read.
///
/// Proxies: for https to other machines `https_proxy`, `all_proxy` and `no_proxy` are honoured, as
/// a company's network may demand it; the proxy sees the host's name and no more. Plain http and
/// this machine itself are always talked to directly, `http_proxy` is never read.
///
/// When a kept connection turns out to be closed before a byte of the answer came, libcurl sends
/// the request anew over a fresh one. That is the only repetition; what it means for a write is
/// covered by the idempotency key, and whether bytes went out counts over both.
package final class CurlTransport: Transport {
  package struct Configuration: Sendable {
    /// Certificates, in PEM, that are trusted beside those of the system.
    package var caFile: String?
    package var connectTimeoutSeconds: Double
    /// Of header and body, after decompression.
    package var maximumResponseBytes: Int

    package init(
      caFile: String? = nil, connectTimeoutSeconds: Double = 30,
      maximumResponseBytes: Int = 64 << 20
    ) {
      self.caFile = caFile
      self.connectTimeoutSeconds = connectTimeoutSeconds
      self.maximumResponseBytes = maximumResponseBytes
    }
  }

  private let configuration: Configuration
  private let loop = CurlLoop()

  /// Costs nothing: libcurl and the thread are started by the first request.
  package init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  deinit { loop.stop() }

  package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    try request.validate()
    return try await loop.run(CurlExchange(request, configuration)).get()
  }
}

extension HTTPRequest {
  /// Refuses what would become another request on the wire: a line break in a header, a space in
  /// the address.
  func validate() throws(TransportError) {
    func refuse(_ detail: String) -> TransportError {
      TransportError(kind: .badURL, mayHaveReachedServer: false, detail: detail)
    }
    guard !url.isEmpty, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw refuse("the address has a character that no address can have")
    }
    for field in headers.fields {
      guard !field.name.isEmpty, field.name.utf8.allSatisfy(Self.isTokenByte) else {
        throw refuse("a header's name has a character that no name can have")
      }
      guard field.value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
        throw refuse("the header \(field.name) has a line break or another control character")
      }
    }
  }

  /// RFC 9110, section 5.6.2.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && !Array("\"(),/:;<=>?@[\\]{}".utf8).contains(byte)
  }

  var isSecure: Bool { url.lowercased().hasPrefix("https://") }

  /// Whether the environment's proxies apply: not to plain http, not to this machine.
  var mayUseProxy: Bool {
    guard isSecure else { return false }
    let scheme = "https://"
    let authority = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return BaseURL(scheme + authority)?.isLoopback == false
  }
}
