import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Takes webhooks on a port of its own and hands them to the test.
struct WebhookReceiver {
  struct Received: Sendable {
    let path: String
    let signature: String
    let body: [UInt8]
  }

  let url: String
  private let received: AsyncStream<Received>

  /// The next ones, as soon as they have come.
  func next(_ count: Int) async -> [Received] {
    var all: [Received] = []
    for await one in received.prefix(count) { all.append(one) }
    return all
  }

  /// Runs around the body of a test. What came without being asked for is what `rest` is told.
  ///
  /// - Parameter statuses: what the first ones are answered with; the others with 200.
  static func running(
    statuses: [Int] = [], _ body: (WebhookReceiver) async throws -> Void,
    rest: ([Received]) async throws -> Void = { _ in }
  ) async throws {
    let (received, arrivals) = AsyncStream.makeStream(of: Received.self)
    let (ports, opened) = AsyncStream.makeStream(of: Int.self)
    let answers = Mutex(statuses)
    let application = Application(
      responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
        let body = try await request.body.collect(upTo: 1 << 20)
        arrivals.yield(
          Received(
            path: request.uri.path,
            signature: request.headers[.init("Stripe-Signature")!] ?? "",
            body: Array(body.readableBytesView)))
        let status = answers.withLock { $0.isEmpty ? 200 : $0.removeFirst() }
        return Response(
          status: HTTPResponse.Status(code: status), headers: [.location: "/elsewhere"])
      },
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in opened.yield(channel.localAddress?.port ?? 0) })
    let running = Task { try await application.run() }
    var iterator = ports.makeAsyncIterator()
    let port = await iterator.next() ?? 0
    let receiver = WebhookReceiver(url: "http://127.0.0.1:\(port)/hook", received: received)
    do {
      try await body(receiver)
    } catch {
      running.cancel()
      throw error
    }
    running.cancel()
    _ = await running.result
    arrivals.finish()
    try await rest(receiver.next(1_000))
  }
}
