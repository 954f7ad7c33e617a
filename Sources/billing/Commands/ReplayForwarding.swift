import Basics
import BillingCore
import Stripe
private import Synchronization

/// Hands what a replay took in on to an application's endpoint, once all of it is durable.
final class ReplayForwarding: Sendable {
  /// How many events that were not taken are told one by one.
  private static let toldFailures = 20
  /// Between two looks whether another process is through.
  private static let pauseMilliseconds: Int64 = 250
  private let context: Context
  private let url: String
  private let isForced: Bool
  private let forwarding: EventForwarding
  /// What was asked for before this run is not its business.
  private let position: Int64
  private let asked = Mutex((waiting: 0, deliveredBefore: 0))

  /// - Parameter isForced: whether what was delivered before is sent again.
  init(to destination: ForwardDestination, isForced: Bool, _ context: Context) throws {
    self.context = context
    self.isForced = isForced
    url = destination.url
    forwarding = try context.forwarding(to: destination)
    position = try forwarding.position()
  }

  /// Notes what a batch brought: all that the inbox has of it, also what could not be applied here.
  func ask(_ batch: ReplayedBatch) throws {
    let ids = batch.events.filter { $0.isKept }.map { $0.reading.name }
    let before = try forwarding.ask(ids, again: isForced)
    asked.withLock {
      $0.deliveredBefore += before
      $0.waiting += ids.count - before
    }
  }

  /// Sends what was noted, and adds to a report how that went.
  func finish(_ report: ReplayReport) async throws -> ReplayReport {
    let (waiting, deliveredBefore) = asked.withLock { $0 }
    let progress = context.progress("forwarding", total: Int64(waiting))
    let failures = Mutex<[String]>([])
    let summary: ForwardSummary
    do {
      defer { progress.finish() }
      summary = try await inTurn {
        try await forwarding.run(askedAfter: position) { attempt in
          progress.advance()
          guard !attempt.isDelivered else { return }
          failures.withLock {
            $0.append("\(attempt.eventID): \(attempt.error ?? "not taken")")
          }
        }
      }
    }
    tell(failures.withLock { $0 })
    // What another process sent meanwhile.
    let others = max(0, waiting - summary.delivered - summary.failed - summary.waiting)
    return report.adding(
      Forwarded(url: url, summary: summary, deliveredBefore: deliveredBefore + others))
  }

  /// What another process is sending there goes first; it sends what was noted here, too.
  private func inTurn(
    _ send: () async throws -> ForwardSummary
  ) async throws -> ForwardSummary {
    var summary = try await send()
    if summary.isElsewhere {
      context.note("another process is sending to \(url): waiting until it is through")
    }
    while summary.isElsewhere {
      try await context.world.pause(Self.pauseMilliseconds)
      summary = try await send()
    }
    return summary
  }

  private func tell(_ failures: [String]) {
    for failure in failures.prefix(Self.toldFailures) { context.warn(failure) }
    let rest = failures.count - Self.toldFailures
    if rest > 0 { context.warn("and \(rest) more were not taken") }
  }

  /// What handing on came to: `url delivered already_delivered failed waiting`.
  struct Forwarded: Sendable {
    let url: String
    let summary: ForwardSummary
    let deliveredBefore: Int

    var json: JSON {
      [
        "url": .string(url), "delivered": JSON(summary.delivered),
        "already_delivered": JSON(deliveredBefore), "failed": JSON(summary.failed),
        "waiting": JSON(summary.waiting),
      ]
    }

    var fields: [Field] {
      let words = [
        "\(summary.delivered) delivered", deliveredBefore > 0 ? "\(deliveredBefore) before" : nil,
        summary.failed > 0 ? "\(summary.failed) not taken" : nil,
        summary.waiting > 0 ? "\(summary.waiting) waiting behind them" : nil,
      ]
      return [Field("Forwarded", words.compactMap { $0 }.joined(separator: ", "))]
    }

    var outcome: Outcome {
      guard !summary.isWhole else { return .done }
      let count = summary.failed + summary.waiting
      return .failed(
        .partial(
          "\(count) of \(count + summary.delivered) events were not delivered to \(url)",
          hint: "run it again: what was delivered is not sent twice"))
    }
  }
}

extension ReplayedBatch {
  /// The ids of the events that went through the door.
  var appliedIDs: [String] {
    events.compactMap { event in
      if case .taken(.processed) = event.fate { event.reading.name } else { nil }
    }
  }
}

extension ReplayedEvent {
  /// Whether the inbox has it, and it is the event of its id.
  fileprivate var isKept: Bool {
    switch fate {
    case .taken(.processed), .taken(.ignored), .taken(.duplicate), .taken(.failed): true
    case .taken(.conflict), .taken(.otherMode), .filteredOut, .unreadable: false
    }
  }
}

extension Context {
  /// Hands events on to an application; nobody waits longer than 30 s for one that does not answer.
  func forwarding(to destination: ForwardDestination) throws -> EventForwarding {
    guard let secret = try webhookSecrets().first else {
      throw CommandError.configuration(
        "missing_key", "events cannot be signed without STRIPE_WEBHOOK_SECRET",
        hint: "set it to the secret that the application verifies with")
    }
    return EventForwarding(
      to: destination, store: try store(), secret: secret,
      timeoutSeconds: min(settings.timeoutSeconds, 30),
      surroundings: try forwardSurroundings())
  }

  /// What surrounds whatever is handed on.
  func forwardSurroundings() throws -> EventForwarding.Surroundings {
    EventForwarding.Surroundings(
      transport: try plainTransport(), now: world.now,
      uptimeMilliseconds: world.uptimeMilliseconds, pause: world.pause)
  }

  /// What carries requests to servers that are not Stripe.
  fileprivate func plainTransport() throws -> any Transport {
    let transport = try world.makeTransport()
    guard settings.isVerbose else { return transport }
    return LoggingTransport(
      transport: transport, errors: errors, format: settings.logFormat,
      uptimeMilliseconds: world.uptimeMilliseconds)
  }
}

extension Arguments {
  /// `--forward-to URL`.
  func forwardDestination() throws(UsageError) -> ForwardDestination? {
    guard let text = try option("--forward-to") else { return nil }
    return try destination(text, named: "--forward-to")
  }

  /// An address that is posted to. Where a password may stand in it, it is not repeated.
  func destination(
    _ text: String, named name: String
  ) throws(UsageError) -> ForwardDestination {
    do throws(ForwardDestination.Mistake) {
      return try ForwardDestination(text)
    } catch {
      let shown = error == .user ? "" : " \(Self.quoted(text))"
      throw self.error("\(name)\(shown): \(error.rawValue)")
    }
  }
}

extension Parameter {
  static let forwardTo = option(
    "--forward-to", "URL", "Sign the events anew and post them to an application")
}
