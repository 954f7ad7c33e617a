import Basics
import BillingCore
import Stripe

struct WebhookTrigger: Command {
  static let name = "webhook trigger"
  static let summary = "Make an event up, with those that come with it, and take it in"
  static let discussion = """
    A sandbox in memory plays what brings the event about, so that it says what Stripe would say, and
    comes with what Stripe would send beside it: invoice.payment_failed with the subscription that
    becomes past_due. With --customer it happens to a customer of the mirror and its subscription;
    without, to one that is made up. Stripe hears nothing of it, so the mirror then differs from
    Stripe, until Stripe tells of the same objects again.

    --set changes the event that was asked for, by its path: data.object.amount_due=500. With
    --dry-run the events are shown and not taken in.
    """
  static let parameters: [Parameter] = [
    .required("TYPE", "The type of the event: invoice.payment_failed"),
    .option("--customer", "C", "The customer to whom it happens (default: one made up)"),
    .option(
      "--set", "PATH=VALUE", "Another value in the event; may be repeated", repeats: true),
  ]
  static let examples = [
    "webhook trigger invoice.payment_failed --customer ada@example.com",
    "webhook trigger customer.created --set data.object.email=grace@example.com --dry-run --json",
  ]

  var type: String
  var customer: CustomerReference?
  var changes: [EventPath]

  init(parsing arguments: inout Arguments) throws(UsageError) {
    type = try arguments.positional("TYPE")
    guard TriggerScripts.script(of: type) != nil else {
      throw UsageError(
        "no event \(Arguments.quoted(type)) can be triggered",
        suggestion: NearestName.of(type, among: TriggerScripts.types), command: Self.name)
    }
    if let text = try arguments.option("--customer") {
      guard let reference = CustomerReference(text) else {
        throw arguments.error("--customer must be an id, an e-mail address or an id of yours")
      }
      customer = reference
    }
    changes = []
    for text in arguments.options("--set") {
      guard let path = EventPath(text) else {
        throw arguments.error("--set must be PATH=VALUE, not \(Arguments.quoted(text))")
      }
      changes.append(path)
    }
  }

  func run(_ context: Context) async throws -> ListReport {
    try refuseLive(context)
    var customerID: String?
    if let customer { customerID = try await context.mirroredCustomerID(customer) }
    let events = try await events(of: customerID, context)
    if context.settings.isDryRun {
      return ListReport(events, columns: Self.columns, empty: "nothing would happen")
    }
    try context.requireOwnWrite("take in \(events.count) events that were made up")
    return try take(events, context)
  }

  private static let columns = [
    Column("ID", "id"), Column("TYPE", "type"), .time("CREATED", "created"),
    Column("OBJECT", "data", "object", "id"),
  ]

  private func refuseLive(_ context: Context) throws {
    let isLive = try context.store().mode() == .live || (try? context.mode()) == .live
    guard isLive else { return }
    throw CommandError.conflict(
      "invalid_state", "events that are made up do not belong among live ones",
      hint: "use --sandbox, or a test key with a --db of its own")
  }

  // MARK: Making up

  private func events(of customerID: String?, _ context: Context) async throws -> [JSON] {
    guard let script = TriggerScripts.script(of: type) else { return [] }
    let now = try context.now()
    let cast = try TriggerCast(customerID: customerID, in: context)
    var stage = try TriggerStage(script, words: cast.words, now: now, in: context)
    let setting = try await stage.play(script.setting)
    let made = stage.words
    let act = try await stage.play(script.act)
    let played = try cast.events(setting: setting, act: act, made: made, script: script)
    // What happens to a customer that is there happens now, after all that is known of it.
    let isNow = cast.isComplete(for: script)
    let behind = now - (try stage.now())
    var events = try played.map { event -> JSON in
      var event = try script.telling(event.object ?? [:], as: type)
      event["created"] = .integer(
        isNow ? now.seconds : (event["created"]?.integer ?? 0) + behind)
      return .object(event)
    }
    guard let main = events.lastIndex(where: { $0["type"]?.string == type }) else {
      throw CommandError.unexpected("internal", "the script of \(type) does not bring it about")
    }
    for change in changes { events[main] = try change.set(in: events[main]) }
    return events
  }

  private func take(_ events: [JSON], _ context: Context) throws -> ListReport {
    let incoming = try events.map {
      try IncomingEvent(Array($0.compact.utf8), verdict: .unverified)
    }
    _ = try context.inbox().take(incoming)
    let kept = try context.store().read { transaction in
      try incoming.compactMap { try transaction.event($0.event.id) }
    }
    let failed = kept.filter { $0.status == .failed }.count
    return ListReport(
      kept.map { .object(EventView.json($0)) }, keys: EventView.keys, columns: EventView.columns,
      empty: "nothing happened",
      outcome: failed == 0
        ? .done
        : .failed(
          .partial(
            "\(failed) of \(kept.count) events could not be applied",
            hint: "billing webhook show EVT tells why")))
  }
}
