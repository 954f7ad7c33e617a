import Basics
import BillingCore
private import Synchronization

/// What a listener looks after beside its inbox: it reads again what the events leave in doubt, hands
/// on what is to be forwarded, and sends notifications.
struct ListenerChores: Sendable {
  /// Between two looks, and after one that failed.
  private static let (pauseMilliseconds, rest): (Int64, Int64) = (500, 30_000)
  /// Between two looks for cards that end, and for what was given up.
  private static let watchPauseMilliseconds: Int64 = 600_000

  let all: [@Sendable () async -> Int64]

  init(_ context: Context, forwarding: EventForwarding?) throws {
    var all: [@Sendable () async -> Int64] = []
    if (try? context.key()) != nil {
      all.append(Self.reading(context, try context.store()))
      all.append(Self.readingMeterErrors(context, try context.store()))
      if try context.mode() != .live || context.settings.allowsLive {
        all.append(Self.reporting(context, try context.store()))
      }
    }
    if let forwarding { all.append(Self.sending(context, forwarding)) }
    all.append(Self.delivering(context, try context.outgoingSending()))
    let channels = try context.channels()
    if !channels.names.isEmpty {
      all.append(Self.notifying(context, try context.store(), channels))
    }
    self.all = all
  }

  private static func reading(
    _ context: Context, _ store: Store
  ) -> @Sendable () async -> Int64 {
    {
      await look(context, "what is in doubt could not be read again") {
        guard try store.read({ try !$0.objectsInDoubt(limit: 1).isEmpty }) else { return true }
        _ = try await Refetch(gateway: context.gateway()).settleDoubts()
        return true
      }
    }
  }

  /// Reads events whole that name a meter and not what went wrong with it.
  private static func readingMeterErrors(
    _ context: Context, _ store: Store
  ) -> @Sendable () async -> Int64 {
    let missing = Mutex<Set<String>>([])
    return {
      await look(context, "events of meter errors could not be read") {
        let failed = try store.read { try $0.failedMeterErrorEventIDs() }
        let wanted = missing.withLock { missing in failed.filter { !missing.contains($0) } }
        guard !wanted.isEmpty else { return true }
        let notThere = try await MeterErrorEvents(gateway: context.gateway()).settle(wanted)
        missing.withLock { $0.formUnion(notThere) }
        return true
      }
    }
  }

  /// Tells Stripe what was used in periods that are over, while their invoices are drafts. As long as
  /// there are any, it looks again at leisure: late use may still come.
  private static func reporting(
    _ context: Context, _ store: Store
  ) -> @Sendable () async -> Int64 {
    {
      await look(context, "use of a period that is over could not be reported") {
        let customers = try store.read { try $0.customersWithMeteredDrafts() }
        guard !customers.isEmpty, let catalogue = try? context.catalogue() else {
          return customers.isEmpty
        }
        let (reporting, now) = (try await context.usageReporting(catalogue), try context.now())
        _ = try await reporting.takeInErrors(ofMeters: reporting.meterIDs())
        for customer in customers {
          let work = try await reporting.plan(
            UsageReporting.Scope(customerID: customer, endingBefore: now))
          try await reporting.sendAll(reporting.prepare(work)) { report, outcome in
            if case .failed(let reason) = outcome {
              context.warn("Stripe refused \(report.meterID) of \(customer): \(reason)")
            }
          }
        }
        return false
      }
    }
  }

  /// Begins with what was left by who ran before.
  private static func sending(
    _ context: Context, _ forwarding: EventForwarding
  ) -> @Sendable () async -> Int64 {
    let done = Cursor()
    return {
      await look(context, "events could not be handed on") {
        let position = try forwarding.position()
        guard position > done.value else { return true }
        let summary = try await forwarding.run(askedAfter: 0)
        if summary.isWhole { done.value = position }
        // What was kept while others were sent has its turn at the next look.
        guard summary.failed > 0 else { return true }
        context.warn(
          "\(summary.failed) events were not taken, \(summary.waiting) wait behind them")
        return false
      }
    }
  }

  /// Tells the company's own services what happened.
  private static func delivering(
    _ context: Context, _ sending: OutgoingSending
  ) -> @Sendable () async -> Int64 {
    {
      await look(context, "what happened could not be delivered") {
        let summary = try await sending.run()
        if summary.failed > 0 {
          let count = summary.failed
          context.warn(
            count == 1
              ? "a message to your endpoints was not taken"
              : "\(count) messages to your endpoints were not taken")
        }
        return true
      }
    }
  }

  /// Sends what is due in the outbox; now and then it looks for what nobody tells by itself.
  private static func notifying(
    _ context: Context, _ store: Store, _ channels: Outbox.Channels
  ) -> @Sendable () async -> Int64 {
    let nextWatch = Cursor()
    return {
      await look(context, "notifications could not be sent") {
        guard let catalogue = try? context.catalogue(), catalogue.notifications != nil else {
          return true
        }
        let uptime = context.world.uptimeMilliseconds()
        if uptime >= nextWatch.value {
          try OutboxWatch(store).look()
          nextWatch.value = uptime + watchPauseMilliseconds
        }
        guard try store.read({ try $0.hasDueMessages(channels.names) }) else { return true }
        let summary = try await context.outbox(catalogue, channels).flush { message in
          if let error = message.error {
            context.warn("\(OutboxView.place(message)) was not told: \(error)")
          }
        }
        return summary.isWhole
      }
    }
  }

  /// - Parameter work: whether it went well.
  private static func look(
    _ context: Context, _ complaint: String, _ work: () async throws -> Bool
  ) async -> Int64 {
    do {
      return try await work() ? pauseMilliseconds : rest
    } catch is CancellationError {
      return rest
    } catch {
      if !Task.isCancelled {
        context.warn("\(complaint): \(CommandError(explaining: error).message)")
      }
      return rest
    }
  }

  /// How far one got: up to where everything is delivered, until when there is nothing to do.
  private final class Cursor: Sendable {
    private let position = Mutex<Int64>(0)
    var value: Int64 {
      get { position.withLock { $0 } }
      set { position.withLock { $0 = newValue } }
    }
  }
}
