import Basics
import BillingCore
import Stripe

struct WebhookEndpointsCreate: Command {
  static let name = "webhook endpoints create"
  static let summary = "Have Stripe send events to an address"
  static let discussion = """
    Makes a webhook endpoint at Stripe whose events have the layout of the API version of this run.
    Without --events, or with --events handled, it is sent the types that have an effect here;
    --events '*' sends all. An address that has an endpoint already is a conflict (exit 5).

    Stripe tells the secret that signs the events once. It is shown, or with --save written into the
    env file as STRIPE_WEBHOOK_SECRET (mode 0600) and not shown. A secret that stands there stays
    behind it, comma-separated: both are believed until you take the old one out.

    JSON: the endpoint's fields and secret, which is null where it was saved, and where an earlier
    run was told it and Stripe no longer repeats that answer.
    """
  static let parameters: [Parameter] = [
    .required("URL", "Where events are sent: https://…"),
    .option("--events", "E,…", "Types of events, handled (the default), or * for all"),
    .flag("--save", "Write the secret into the env file instead of showing it"),
  ]
  static let examples = [
    "webhook endpoints create https://app.example.com/webhooks/stripe --save",
    "webhook endpoints create https://app.example.com/hook --events invoice.paid,invoice.voided",
  ]

  var url: String
  /// Nil for those that have an effect here.
  var events: [String]?
  var savesSecret: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    url = try arguments.positional("URL")
    guard WebAddress.isPossible(url) else {
      throw arguments.error("URL must be an address (https://…), not \(Arguments.quoted(url))")
    }
    events = try Self.events(arguments)
    savesSecret = arguments.flag("--save")
  }

  private static func events(_ arguments: Arguments) throws(UsageError) -> [String]? {
    guard let text = try arguments.option("--events"), text != "handled" else { return nil }
    var types: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let type = String(part.drop { $0 == " " })
      guard type == "*" || isType(type) else {
        throw arguments.error(
          "--events must be types of events (invoice.paid), handled or *, "
            + "not \(Arguments.quoted(type))")
      }
      if !types.contains(type) { types.append(type) }
    }
    guard !types.contains("*") || types.count == 1 else {
      throw arguments.error("--events * stands alone: it is all of them")
    }
    return types
  }

  private static func isType(_ text: String) -> Bool {
    text.wholeMatch(of: /[a-z0-9_]+(\.[a-z0-9_]+)+/) != nil
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireWrite("have Stripe send events to \(url)")
    let file = savesSecret ? try WebhookSecretFile(context) : nil
    let version = context.settings.apiVersion
    let wish = EndpointWish(
      url: url, events: events ?? HandledEvents.types(in: version), apiVersion: version)
    let earlier = try await context.settleEarlier(EndpointPlanning.creation(wish))
    if let done = earlier.result { return try await report(done, answer: nil, file, context) }
    var plan = try EndpointPlanning.create(
      wish, besides: await context.webhookEndpoints().endpoints)
    plan.journalPosition = earlier.journalPosition
    if context.settings.isDryRun { return .planned(DryRunReport(plan)) }
    let outcome = try await context.carryOut(plan)
    return try await report(
      outcome.operation, answer: outcome.answers.last ?? nil, file, context)
  }

  /// Of an endpoint that an earlier run made and whose answer was lost, Stripe repeats the answer.
  private func report(
    _ operation: BillingOperation, answer: JSON?, _ file: WebhookSecretFile?, _ context: Context
  ) async throws -> ChangeReport {
    var told = answer
    if told == nil { told = try await context.runner().keptAnswer(of: operation) }
    let endpoint: WebhookEndpoint
    if let answer {
      endpoint = try WebhookEndpoint(answer)
    } else {
      let id = operation.objectID ?? ""
      guard let json = try await context.gateway().readIfKnown(StripePath("webhook_endpoints", id))
      else { throw EndpointConflict.unknown(id: id) }
      endpoint = try WebhookEndpoint(json)
    }
    var object = EndpointView.json(endpoint)
    let secret = try told.flatMap { try WebhookEndpoint($0).secret }
    let (shown, closing) = keep(secret, in: file, context)
    object["secret"] = JSON(shown?.reveal())
    return .changed(EndpointView.report(object, closing: closing))
  }

  /// What is shown of a secret, and the sentence about it. One that could not be saved is shown: it
  /// would be lost.
  private func keep(
    _ secret: Secret?, in file: WebhookSecretFile?, _ context: Context
  ) -> (shown: Secret?, closing: String) {
    guard let secret else {
      return (
        nil, "An earlier run made it and was told the secret; the Dashboard shows it once more."
      )
    }
    guard let file else {
      return (secret, "This secret is shown once: set STRIPE_WEBHOOK_SECRET to it.")
    }
    do {
      try file.keep(secret)
      context.scrubber.add(secret)
      return (nil, "Its secret stands in \(file.name) as STRIPE_WEBHOOK_SECRET.")
    } catch {
      context.warn("\(file.name) was not written: \(CommandError(explaining: error).message)")
      return (secret, "This secret is shown once: set STRIPE_WEBHOOK_SECRET to it.")
    }
  }
}
