import Basics
import BillingServer

/// What the listener says on standard error: with `--verbose` one line a request, and always what
/// somebody has to look at.
struct ListenerLog {
  private let context: Context

  init(_ context: Context) { self.context = context }

  var observer: WebhookListener.Observer {
    var observer = WebhookListener.Observer()
    let context = context
    if context.settings.isVerbose {
      let format = context.settings.logFormat
      observer.answered = { context.errors.write(Self.line($0, format) + "\n") }
    }
    observer.failed = { id, reason in context.warn("\(id) could not be applied: \(reason)") }
    observer.troubled = { error in
      let reason = CommandError(explaining: error).message
      context.warn("\(reason); deliveries are refused with 503 until that is over")
    }
    return observer
  }

  static func line(_ exchange: ListenerExchange, _ format: LogFormat) -> String {
    let milliseconds = exchange.microseconds / 1000
    switch format {
    case .text:
      let words = [exchange.eventID, exchange.eventType, exchange.result].compactMap { $0 }
      let start = "\(exchange.method) \(exchange.path) \(exchange.status) \(milliseconds) ms"
      return VisibleText.of(([start] + words).joined(separator: " "))
    case .json:
      let line: JSON = [
        "method": .string(exchange.method), "path": .string(exchange.path),
        "status": .integer(Int64(exchange.status)), "duration_ms": .integer(milliseconds),
        "event": JSON(exchange.eventID), "type": JSON(exchange.eventType),
        "result": JSON(exchange.result),
      ]
      return line.compact
    }
  }
}
