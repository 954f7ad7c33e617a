import Basics
import BillingCore
import Stripe

struct UsageRecord: Command {
  static let name = "usage record"
  static let summary = "Write down that a customer used something"
  static let discussion = """
    QUANTITY is how much of the meter was used: of a meter that sums it is added, of one that counts
    each event is one, of one that keeps the last it is what is used from now on. An event is
    written once by its --id, so that it may be sent again when no answer came; the same id with
    something else is refused (exit 5). Without --id each call is another event.

    Nothing is sent to Stripe, and no key is needed. What is told to Stripe later must not lie more
    than 35 days back or 5 minutes ahead, so that --at must not either.
    """
  static let parameters: [Parameter] = [
    .customer,
    .required("METER", "A meter of plans.yaml"),
    .required("QUANTITY", "How much, a whole number"),
    .option("--at", "T", "When it was: a time, or a span back from now (2h)"),
    .option("--id", "ID", "The event's id, which makes it one"),
    .option("--key-id", "K", "The API key that it was used with"),
    .option("--endpoint", "PATH", "The request's path, for usage analytics"),
    .option("--method", "M", "The request's method"),
    .option("--status-code", "N", "The status that it was answered with"),
    .option("--response-time-ms", "N", "How long the answer took"),
  ]
  static let examples = [
    "usage record ada@example.com ai_requests 1 --id req-8841",
    "usage record user-17 storage_mb 5200 --at 2h",
  ]

  var reference: CustomerReference
  var meterID: String
  var quantity: Int64
  var at: TimeArgument?
  var id: String?
  var request: UsageEvent.Request

  init(parsing arguments: inout Arguments) throws(UsageError) {
    reference = try arguments.customer()
    meterID = try arguments.positional("METER")
    quantity = try arguments.positionalInteger("QUANTITY")
    at = try arguments.time("--at")
    id = try arguments.shortText("--id")
    request = UsageEvent.Request(
      keyID: try arguments.shortText("--key-id"), endpoint: try arguments.shortText("--endpoint"),
      method: try arguments.shortText("--method"),
      statusCode: try arguments.integer("--status-code", in: 100...599),
      responseTimeMilliseconds: try arguments.integer("--response-time-ms"))
  }

  func run(_ context: Context) async throws -> ChangeReport {
    let meter = try context.catalogue().requireMeter(meterID)
    try context.requireOwnWrite("record usage of \(reference.text)")
    let customer = try await context.localDirectory().customer(reference)
    let clock = try context.now()
    let now = try context.store().read { try $0.time(of: customer, at: clock) }
    let moment = at?.before(now) ?? now
    guard UsageEvent.isInWindow(moment, at: now) else {
      throw CommandError.usage(
        "--at must not lie more than 35 days back or 5 minutes ahead, and it is \(moment)",
        hint: "Stripe takes no usage of another time")
    }
    let event = UsageEvent(
      id: id ?? "use_\(context.world.makeToken(16))", customerID: customer.id, meterID: meter.id,
      quantity: quantity, at: moment, request: request)
    if context.settings.isDryRun { return try planned(event, context) }
    let answer = try context.store().write { transaction in
      try transaction.once(context.ownChange(Self.name, meaning: meaning(event))) {
        let outcome = try transaction.recordUsage(event, comparesTime: at != nil)
        return .object(UsageEventView.json(try outcome.recorded(event)))
      }
    }
    return .changed(UsageEventView.report(answer.object ?? [:]))
  }

  private func planned(_ event: UsageEvent, _ context: Context) throws -> ChangeReport {
    let stored = try context.store().read { try $0.usageEvent(event.id) }
    if let stored {
      let fields = event.differences(from: stored, comparesTime: at != nil)
      guard fields.isEmpty else { throw UsageConflict(stored: stored, fields: fields) }
      return .planned(DryRunReport([]))
    }
    var change: JSONObject = ["object": "usage_event"]
    for (key, value) in UsageEventView.json(event) { change[key] = value }
    return .planned(DryRunReport(changes: [.object(change)]))
  }

  /// What was asked for; an id and a time of the tool's own making are not part of it.
  private func meaning(_ event: UsageEvent) -> String {
    var words = UsageEventView.json(event)
    words["id"] = JSON(id)
    words["timestamp"] =
      switch at {
      case nil: .null
      case .moment(let moment)?: .string(moment.iso8601)
      case .span(let span)?: .string("\(span.months) months \(span.seconds) s")
      }
    return JSON.object(words).compact
  }
}

extension Arguments {
  /// The value of an option that is kept as it is given, and is no longer than an id may be.
  func shortText(_ name: String) throws(UsageError) -> String? {
    guard let text = try option(name) else { return nil }
    guard !text.isEmpty, text.count <= UsageEvent.maximumIDLength,
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
    else {
      throw error("\(name) takes 1 to \(UsageEvent.maximumIDLength) visible characters")
    }
    return text
  }
}
