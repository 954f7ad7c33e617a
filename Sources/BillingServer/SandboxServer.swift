package import Basics
private import HTTPTypes
private import Hummingbird
private import HummingbirdCore
package import Logging
private import NIOCore
package import Stripe
package import StripeSandbox

/// The sandbox's port: any Stripe client on this machine can talk to the sandbox over HTTP/1.1.
package struct SandboxServer: Sendable {
  /// What a client may take of us. Silence of any kind ends a connection.
  package struct Limits: Sendable {
    /// A longer body is answered with 413.
    package var bodyBytes = 1 << 20
    package var connections = 256
    /// Without a request, or in the middle of its head.
    package var idleMilliseconds: Int64 = 60_000
    /// From the head of a request to the last byte of its body.
    package var bodyMilliseconds: Int64 = 30_000
    /// For what is under way when the server is told to stop.
    package var drainMilliseconds: Int64 = 10_000

    package init() {}
  }

  /// An address to which all events are sent while the server runs: a webhook endpoint without
  /// set-up, which the API does not list.
  package struct Webhook: Sendable {
    package let url: String
    /// Signs what is sent: `whsec_…`.
    package let secret: Secret

    /// nil where the address is not one of http or https.
    package init?(url: String, secret: Secret) {
      guard Sandbox.isWebhookURL(url) else { return nil }
      self.url = url
      self.secret = secret
    }
  }

  private let access: SandboxAccess
  private let host: String
  private let port: Int
  private let limits: Limits
  private let transport: any Transport
  private let logger: Logger

  /// - Parameters:
  ///   - host: an address of this machine; the sandbox has no access control worth the name, so
  ///     leave it at loopback.
  ///   - port: 0 takes a free one, which `run` tells.
  ///   - transport: carries webhooks to their endpoints.
  package init(
    sandbox: Sandbox, host: String = "127.0.0.1", port: Int, limits: Limits = Limits(),
    webhook: Webhook? = nil, transport: any Transport = CurlTransport(),
    logger: Logger = Logger(label: "billing.sandbox") { _ in SwiftLogNoOpLogHandler() }
  ) {
    access = SandboxAccess(sandbox, webhook: webhook)
    self.host = host
    self.port = port
    self.limits = limits
    self.transport = transport
    self.logger = logger
  }

  /// Serves, and sends the webhooks that are due, until the task is cancelled or the process gets
  /// SIGTERM or SIGINT; then takes no more connections, finishes what is under way and returns.
  ///
  /// When the sandbox's file is removed or replaced meanwhile, the server goes on with what stands
  /// in its place: an empty sandbox after a reset.
  ///
  /// - Parameter onReady: called once, with the host and the port, as soon as clients can connect.
  /// - Throws: `CannotListen`; `SandboxOpenError` when what replaced the file is no sandbox.
  package func run(onReady: @escaping @Sendable (String, Int) async -> Void) async throws {
    try await access.begin()
    do {
      try await serve(onReady: onReady)
    } catch {
      await access.end()
      throw error
    }
    await access.end()
  }

  private func serve(onReady: @escaping @Sendable (String, Int) async -> Void) async throws {
    let sender = WebhookSender(
      access: access, transport: transport, drainMilliseconds: limits.drainMilliseconds * 4 / 5,
      logger: logger)
    // First no more requests, and then what they gave to send.
    try await ServerGroup(
      host: host, port: port, drainMilliseconds: limits.drainMilliseconds, logger: logger
    ).run([sender, application(onReady: onReady)])
  }

  private func application(
    onReady: @escaping @Sendable (String, Int) async -> Void
  ) -> some ApplicationProtocol {
    Application(
      // Never asked: what an application answers bears the time of this machine as its `Date`, and
      // the ages of what the sandbox says are by its own clock.
      responder: CallbackResponder<BasicRequestContext> { _, _ in
        Response(status: .internalServerError)
      },
      server: HTTPServerBuilder { _ in
        HTTP1Channel(
          responder: { (request, writer: consuming ResponseWriter, channel) in
            let response = try await respond(to: request, on: channel)
            try await writer.write(response: response.head, body: response.body)
          },
          configuration: .init(
            idleTimeout: .milliseconds(limits.idleMilliseconds),
            httpDecoderConfiguration: .init(
              maxHeaderFieldSize: 16_384, maxHeaderListSize: 65_536, maxHeaderFieldCount: 100)))
      },
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: MaximumAvailableConnections(
          limits.connections, logger: logger)),
      onServerRunning: { channel in await onReady(host, channel.localAddress?.port ?? port) },
      logger: logger)
  }

  private func respond(to request: Request, on channel: any Channel) async throws -> Response {
    let deadline = channel.eventLoop.scheduleTask(in: .milliseconds(limits.bodyMilliseconds)) {
      channel.close(promise: nil)
    }
    let body: ByteBuffer
    do {
      body = try await request.body.collect(upTo: limits.bodyBytes)
      deadline.cancel()
    } catch is NIOTooManyBytesError {
      // The deadline stays: it ends a client that goes on sending.
      return Self.tooLarge(limit: limits.bodyBytes)
    } catch {
      deadline.cancel()
      throw error
    }
    let message = SandboxRequest(
      method: request.method.rawValue, target: request.head.path ?? "/",
      headers: request.headers.map { ($0.name.rawName, $0.value) },
      body: Array(body.readableBytesView))
    let answer: SandboxResponse
    do {
      answer = try await access.perform { $0.respond(to: message) }
    } catch {
      return Response(status: .internalServerError)
    }
    return await answer.response(on: channel)
  }

  private static func tooLarge(limit: Int) -> Response {
    let error: JSON = [
      "error": [
        "type": "invalid_request_error",
        "message": .string("The body is longer than \(limit) bytes, which is more than we take."),
      ]
    ]
    return Response(
      status: .contentTooLarge,
      headers: [.contentType: "application/json", .connection: "close"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: error.compact + "\n")))
  }
}
