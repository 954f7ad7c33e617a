package import Basics
package import BillingCore
private import HTTPTypes
private import Hummingbird
private import HummingbirdCore
package import Logging
private import NIOCore
private import Stripe

/// Receives webhooks: answers as soon as an event is durable, and applies it behind the answer.
package struct WebhookListener: Sendable {
  /// What a client may take of us.
  package struct Limits: Sendable {
    /// A longer body is answered with 413.
    package var bodyBytes = 1 << 20
    package var headerBytes = 16_384
    package var connections = 512
    /// Without a byte from the client.
    package var idleMilliseconds: Int64 = 10_000
    /// From a request's first byte to its last.
    package var requestMilliseconds: Int64 = 10_000
    /// For what is under way when the server is told to stop.
    package var drainMilliseconds: Int64 = 10_000

    package init() {}
  }

  /// Who is told of what happens, for the log.
  package struct Observer: Sendable {
    package var answered: @Sendable (ListenerExchange) -> Void = { _ in }
    /// An event could not be applied: its id, and why.
    package var failed: @Sendable (String, String) -> Void = { _, _ in }
    /// The database does not work, where it did before.
    package var troubled: @Sendable (any Error) -> Void = { _ in }

    package init() {}
  }

  private let address: (host: String, port: Int, path: String)
  private let limits: Limits
  private let observer: Observer
  private let logger: Logger
  private let access: InboxAccess
  private let metrics = ListenerMetrics()
  private let reception: WebhookReception
  private let worker: InboxWorker
  private let chores: [ListenerChore]

  /// - Parameters:
  ///   - inbox: asked for anew for each transaction, since the catalogue may have changed.
  ///   - secrets: each of them vouches for an event.
  ///   - port: 0 takes a free one, which `run` tells.
  ///   - now: the machine's clock.
  ///   - forwarding: where each event is noted to be sent on, in the transaction that keeps it.
  ///   - chores: what is looked after while it listens; each returns after how many milliseconds it
  ///     is to be looked at again.
  package init(
    store: Store, inbox: @escaping @Sendable () -> Inbox, secrets: [Secret],
    host: String = "127.0.0.1", port: Int, path: String, limits: Limits = Limits(),
    now: @escaping @Sendable () -> Timestamp, observer: Observer = Observer(),
    forwarding: EventForwarding? = nil, chores: [@Sendable () async -> Int64] = [],
    logger: Logger = Logger(label: "billing.webhooks") { _ in SwiftLogNoOpLogHandler() }
  ) {
    address = (host, port, path)
    self.limits = limits
    self.observer = observer
    self.logger = logger
    let access = InboxAccess(store: store, inbox: inbox, onTrouble: observer.troubled)
    self.access = access
    let metrics = metrics
    let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let collector = ReceiptCollector(enqueue: access.enqueue) { events in
      let receipts = try access.use { _, inbox in
        try inbox.receive(events) { transaction, receipts in
          let kept = zip(events, receipts).filter { $0.1 == .kept }
          try forwarding?.ask(kept.map { $0.0.event.id }, in: transaction)
        }
      }
      metrics.kept(receipts)
      wake.yield()
      return receipts
    }
    reception = WebhookReception(
      secrets: secrets, collector: collector, metrics: metrics, now: now)
    worker = InboxWorker(
      access: access, metrics: metrics, now: now, onFailure: observer.failed, wakes: wakes,
      wake: wake)
    self.chores = chores.map { ListenerChore(look: $0) }
  }

  /// Listens until the task is cancelled or the process gets SIGTERM or SIGINT; then takes no more
  /// connections, answers what is under way, applies what waits as far as there is time, and
  /// returns. What is left is applied when it runs the next time.
  ///
  /// - Parameter onReady: called once, with the host and the port, as soon as clients can connect.
  /// - Throws: `CannotListen`.
  package func run(onReady: @escaping @Sendable (String, Int) async -> Void) async throws {
    try await ServerGroup(
      host: address.host, port: address.port, drainMilliseconds: limits.drainMilliseconds,
      logger: logger
    ).run([worker, application(onReady: onReady)] + chores)
  }

  private func application(
    onReady: @escaping @Sendable (String, Int) async -> Void
  ) -> some ApplicationProtocol {
    let (address, limits) = (address, limits)
    return Application(
      responder: CallbackResponder { request, connection in
        try await respond(to: request, on: connection)
      },
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [
            RequestDeadlineInstaller(milliseconds: limits.requestMilliseconds)
          ],
          idleTimeout: .milliseconds(limits.idleMilliseconds),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: 100))),
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port),
        availableConnectionsDelegate: MaximumAvailableConnections(
          limits.connections, logger: logger)),
      onServerRunning: { channel in
        await onReady(address.host, channel.localAddress?.port ?? address.port)
      },
      logger: logger)
  }

  // MARK: Answering

  private func respond(to request: Request, on connection: Connection) async throws -> Response {
    let start = ContinuousClock.now
    let isDelivery = request.method == .post && request.uri.path == address.path
    if isDelivery { metrics.count { $0.received += 1 } }
    let answer = try await answer(to: request, on: connection.channel, isDelivery: isDelivery)
    let microseconds = (ContinuousClock.now - start).microseconds
    if isDelivery { metrics.count { $0.answers.add(microseconds: microseconds) } }
    observer.answered(
      ListenerExchange(
        method: request.method.rawValue, path: request.uri.path, status: answer.status,
        microseconds: microseconds, eventID: answer.eventID, eventType: answer.eventType,
        result: answer.result))
    return answer.response
  }

  private func answer(
    to request: Request, on channel: any Channel, isDelivery: Bool
  ) async throws -> ListenerAnswer {
    let body: ByteBuffer
    do {
      let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
      guard announced <= limits.bodyBytes else {
        throw NIOTooManyBytesError(maxBytes: limits.bodyBytes)
      }
      body = try await request.body.collect(upTo: limits.bodyBytes)
    } catch is NIOTooManyBytesError {
      // The deadline stays: it ends a client that goes on sending.
      if isDelivery { metrics.count { $0.rejected[.tooLarge, default: 0] += 1 } }
      return .rejected(.tooLarge, "the body is longer than \(limits.bodyBytes) bytes")
    }
    channel.triggerUserOutboundEvent(RequestIsWhole(), promise: nil)
    switch (request.uri.path, request.method) {
    case (address.path, .post):
      return await reception.answer(
        to: Array(body.readableBytesView),
        signature: HTTPField.Name("Stripe-Signature").flatMap { request.headers[$0] })
    case (address.path, _): return .wrongMethod(allowed: .post)
    case ("/healthz", .get): return await health()
    case ("/metrics", .get): return .metrics(metrics.counts.prometheusText)
    case ("/healthz", _), ("/metrics", _): return .wrongMethod(allowed: .get)
    default: return .refused(404, "not_found", "webhooks are received at \(address.path)")
    }
  }

  private func health() async -> ListenerAnswer {
    let waiting = JSON.integer(Int64(metrics.counts.waiting))
    guard await access.trouble() == nil else {
      return ListenerAnswer(503, ["status": "unavailable", "queue_depth": waiting])
    }
    return ListenerAnswer(200, ["status": "ok", "queue_depth": waiting])
  }
}

/// What is known of a connection while one of its requests is answered.
private struct Connection: InitializableFromSource {
  let channel: any Channel

  init(source: ApplicationRequestContextSource) { channel = source.channel }
}
