import Basics
import BillingCore
import Stripe

/// Where a replay takes events from that are in no file.
struct ReplaySource {
  let choice: EventChoice
  /// Only those that failed here, or of Stripe's those that an endpoint has not got.
  let areFailed: Bool
  let isForced: Bool

  /// Stripe's list of events, or those of it that are named.
  func stripe(_ context: Context) async throws -> any EventSource {
    if context.settings.readsLocally {
      throw CommandError.usage("--local and --from-stripe exclude each other")
    }
    let client = try await context.gateway().client
    let (filter, now) = (try await choice.filter(context), try context.now())
    guard filter.ids.isEmpty else { return StripeEventsByID(filter.ids, client: client) }
    if let since = filter.since, since < now - StripeEventQuery.keptSeconds {
      context.note("Stripe lists the events of the last 30 days; older ones are not to be had")
    }
    let query = StripeEventQuery(filter, areUndelivered: areFailed, isForced: isForced)
    // With a limit, a run that ends there is over, and the same again begins at the same place.
    let keepsProgress = !context.settings.isDryRun && filter.limit == nil
    let progress =
      try keepsProgress
      ? context.store().read { try StripeEventProgress.load(query, in: $0) } : nil
    let source = StripeEventList(
      query, client: client, now: now, progress: progress, keepsProgress: keepsProgress)
    if let taken = source.resumed?.taken {
      context.note("going on where a run was stopped: all before \(taken.iso8601) is taken")
    }
    return source
  }

  /// The events of the inbox.
  func inbox(_ context: Context) async throws -> any EventSource {
    var filter = try await choice.filter(context)
    if areFailed { filter.status = .failed }
    // The limit is of those that are run or handed on, and the replay knows which.
    filter.limit = nil
    let store = try context.store()
    for id in filter.ids where try store.read({ try $0.event(id) }) == nil {
      throw CommandError.noEvent(id)
    }
    return InboxEventList(filter, store: store)
  }
}
