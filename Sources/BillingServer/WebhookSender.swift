import Logging
import ServiceLifecycle
import Stripe
import StripeSandbox

/// Sends the webhooks that are due while the server runs, and lets what falls due by itself happen
/// without a request.
///
/// It looks at the sandbox's file again and again, since other processes write into it, too. Several
/// are sent at once; those of an endpoint are begun in their order.
struct WebhookSender: Service {
  let access: SandboxAccess
  let transport: any Transport
  /// For what is to be sent when the server stops.
  let drainMilliseconds: Int64
  let logger: Logger

  static let mostAtOnce = 8
  static let pauseMilliseconds: Int64 = 100
  /// For one webhook, from the first byte to the last; Stripe does not say how long it waits.
  static let timeoutSeconds = 10.0

  private enum Signal { case look, sent, outOfTime }

  func run() async throws {
    let (signals, continuation) = AsyncStream.makeStream(of: Signal.self)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await tick(continuation) }
      var underWay = 0
      for await signal in signals {
        if signal == .outOfTime { break }
        if signal == .sent { underWay -= 1 }
        if underWay < Self.mostAtOnce {
          for delivery in try await due(limit: Self.mostAtOnce - underWay) {
            underWay += 1
            group.addTask {
              await send(delivery)
              continuation.yield(.sent)
            }
          }
        }
        if Task.isShuttingDownGracefully, underWay == 0 { break }
      }
      group.cancelAll()
    }
  }

  /// Says when to look; once the server stops, when to give up.
  private func tick(_ continuation: AsyncStream<Signal>.Continuation) async {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      continuation.yield(.look)
      try? await cancelWhenGracefulShutdown {
        try await Task.sleep(for: .milliseconds(Self.pauseMilliseconds))
      }
    }
    continuation.yield(.look)
    try? await Task.sleep(for: .milliseconds(drainMilliseconds))
    continuation.yield(.outOfTime)
  }

  /// - Throws: `SandboxOpenError`, which ends the server; all else may be better the next time.
  private func due(limit: Int) async throws -> [SandboxDelivery] {
    do {
      return try await access.perform { sandbox in
        let errors: [any Error]
        do { errors = try sandbox.catchUp() } catch { errors = [error] }
        for error in errors {
          logger.error("what fell due failed", metadata: ["error": "\(error)"])
        }
        return try sandbox.deliveriesDue(limit: limit)
      }
    } catch let error as SandboxOpenError {
      throw error
    } catch {
      logger.error("webhooks cannot be read", metadata: ["error": "\(error)"])
      return []
    }
  }

  private func send(_ delivery: SandboxDelivery) async {
    var request = HTTPRequest(
      method: .post, url: delivery.url, body: delivery.body, timeoutSeconds: Self.timeoutSeconds)
    for header in delivery.headers { request.headers.append(header.name, header.value) }
    var status: Int?
    do throws(TransportError) {
      status = try await transport.send(request).status
    } catch {
      // A server that stops leaves it to the next one.
      if error.kind == .canceled { return }
      logger.info("a webhook was not taken", metadata: ["reason": "\(error.detail)"])
    }
    do {
      try await access.perform { [status] in try $0.note(delivery, status: status) }
    } catch {
      logger.error("a webhook's answer cannot be noted", metadata: ["error": "\(error)"])
    }
  }
}
