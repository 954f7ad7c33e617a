import Stripe

/// Fetches what stands at a public address, as a browser would: without the key.
struct PublicDocuments: Sendable {
  private let transport: any Transport
  private let timeoutSeconds: Double
  /// The server that has Stripe's pages where it is not Stripe itself.
  private let ownServer: String?

  /// How often an address may send on to another one.
  private static let maximumRedirects = 5

  /// The bytes of a document. Throws `TransportError`, and `CommandError` for another answer.
  func bytes(at address: String) async throws -> [UInt8] {
    var url = ownAddress(of: address)
    for _ in 0...Self.maximumRedirects {
      guard isAllowed(url) else {
        throw CommandError(
          "api_error", "the address is not one of https", exit: .unreachable)
      }
      let answer = try await transport.send(
        HTTPRequest(method: .get, url: url, timeoutSeconds: timeoutSeconds))
      switch (answer.status, answer.headers["Location"]) {
      case (200, _): return answer.body
      case (301...308, let target?): url = Self.resolve(target, from: url)
      default:
        throw CommandError(
          "api_error", "the server answered with status \(answer.status)", exit: .unreachable)
      }
    }
    throw CommandError("api_error", "the address leads nowhere", exit: .unreachable)
  }

  /// Stripe's addresses name Stripe's hosts whoever made them.
  private func ownAddress(of address: String) -> String {
    let host = "https://pay.stripe.com/"
    guard let ownServer, address.hasPrefix(host) else { return address }
    return ownServer + "/" + address.dropFirst(host.count)
  }

  private func isAllowed(_ url: String) -> Bool {
    url.hasPrefix("https://") || ownServer.map { url.hasPrefix($0 + "/") } ?? false
  }

  /// Where a redirect leads that may name only a path.
  private static func resolve(_ target: String, from url: String) -> String {
    guard target.hasPrefix("/"), let scheme = url.firstRange(of: "://") else { return target }
    // Another host, by the same scheme.
    if target.hasPrefix("//") { return url[..<scheme.lowerBound] + ":" + target }
    let host = url[scheme.upperBound...].prefix { $0 != "/" }
    return url[..<scheme.upperBound] + host + target
  }

  init(_ context: Context) throws {
    let settings = context.settings
    let isStripe = !settings.isSandbox && settings.apiBase == Settings.stripeBase
    let transport: any Transport =
      settings.isSandbox
      ? SandboxTransport(sandbox: try context.sandbox()) : try context.world.makeTransport()
    self.transport =
      settings.isVerbose
      ? LoggingTransport(
        transport: transport, errors: context.errors, format: settings.logFormat,
        uptimeMilliseconds: context.world.uptimeMilliseconds) : transport
    timeoutSeconds = settings.timeoutSeconds
    ownServer =
      isStripe ? nil : settings.isSandbox ? SandboxTransport.baseURL : settings.apiBase
  }
}
