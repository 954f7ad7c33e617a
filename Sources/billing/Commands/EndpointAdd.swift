import Basics
import BillingCore
import Stripe

struct EndpointAdd: Command {
  static let name = "endpoint add"
  static let summary = "Tell a service of yours what happens; its secret is shown once"
  static let discussion = """
    From now on the address is posted a message for each of these that happens:
      subscription.created, .updated, .canceled, .trial_ending, .trial_ended
      invoice.created, .upcoming, .paid, .payment_failed, .payment_recovered
      payment_method.attached, .detached; payment_intent.succeeded, .failed
      usage.threshold_reached, usage.overage (noticed by usage alerts --notify); tokens.purchased
    --events takes names and patterns (invoice.*, *). A message is {"id","type","timestamp","data"};
    data has the customer, your external_id, and the ids, plan, amounts and dates of what it is about.
    It is told once, whoever noticed it first: a webhook, a command, a sync. What happened more than
    three days before the newest event that is known here, or before the endpoint was added, is not
    told, so that no replay and no sync floods anybody. A payment that failed is known by Stripe's
    event alone. A trial that ends is told as subscription.trial_ended and as what becomes of it.

    webhook listen sends them, and delivery retry. What happened to one customer comes in order. An
    answer other than 2xx is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and
    24 h; what follows for that customer waits. Then, or at 410, it is given up (delivery list). The
    same message may come twice, should this program die before it has noted the answer: by its id
    the service knows a repetition. Redirects are not followed.

    --scheme standard signs as Standard Webhooks does (webhook-id, webhook-timestamp,
    webhook-signature: v1,… over id.timestamp.body); stripe, or a header name of your own, as Stripe
    does (t=…,v1=… over time.body). The secret stays in the database, whose mode is 0600; it is never
    shown again. An address has one endpoint (exit 5).

    JSON: id url events scheme signature_header status created, and secret, which is null where an
    earlier run added it under the same --idempotency-key.
    """
  static let parameters: [Parameter] = [
    .required("URL", "Where messages are posted: https://…, or http://…"),
    .option("--events", "E,…", "What it is told: names or patterns, comma-separated"),
    .option(
      "--scheme", "S", "How messages are signed (default standard)",
      choices: OutgoingEndpoint.Scheme.allCases.map { $0.rawValue }),
    .option("--signature-header", "NAME", "The header for t=…,v1=… instead of Stripe-Signature"),
  ]
  static let examples = [
    "endpoint add https://app.example.com/billing --events 'subscription.*,invoice.paid'",
    "endpoint add https://app.example.com/hook --events '*' --signature-header X-Coditect-Signature",
  ]

  var destination: ForwardDestination
  var events: [EventTypePattern]
  var scheme: OutgoingEndpoint.Scheme
  var signatureHeader: String?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    destination = try arguments.destination(arguments.positional("URL"), named: "URL")
    events = try Self.events(arguments)
    signatureHeader = try arguments.signatureHeader()
    let given: OutgoingEndpoint.Scheme? = try arguments.choice("--scheme")
    guard signatureHeader == nil || given != .standard else {
      throw arguments.error(
        "--signature-header goes with --scheme stripe: standard has headers of its own")
    }
    scheme = given ?? (signatureHeader == nil ? .standard : .stripe)
  }

  private static func events(_ arguments: Arguments) throws(UsageError) -> [EventTypePattern] {
    guard let text = try arguments.option("--events") else {
      throw arguments.error("--events is missing: names like invoice.paid, or *")
    }
    let known = Occurrence.Kind.allCases.map { $0.rawValue }
    var events: [EventTypePattern] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = String(part.drop { $0 == " " })
      guard let pattern = EventTypePattern(word), known.contains(where: { pattern.matches($0) })
      else {
        throw UsageError(
          "--events: nothing is called \(Arguments.quoted(word))",
          suggestion: NearestName.of(word, among: known), command: name)
      }
      if !events.contains(pattern) { events.append(pattern) }
    }
    return events
  }

  func run(_ context: Context) async throws -> ChangeReport {
    try context.requireOwnWrite("tell \(destination.url) what happens")
    let endpoint = OutgoingEndpoint(
      id: "ep_" + context.world.makeToken(16), url: destination.url, events: events,
      scheme: scheme, signatureHeader: signatureHeader, created: try context.now())
    if context.settings.isDryRun {
      try context.store().read { try $0.requireRoom(forEndpointAt: endpoint.url) }
      return .planned(OutgoingEndpointView.plan(of: endpoint))
    }
    let secret = OutgoingEndpoint.secret(
      context.world.makeToken(OutgoingEndpoint.secretLength))
    let added = try context.store().write { transaction in
      try transaction.add(
        endpoint, secret: secret, by: context.settings.actor, meaning: meaning,
        idempotencyKey: context.settings.idempotencyKey?.text)
    }
    if destination.isPlain {
      context.warn("\(destination.url) is not encrypted: others may read what it is told")
    }
    var object = OutgoingEndpointView.json(added.endpoint)
    object["secret"] = added.isNew ? .string(secret.reveal()) : .null
    return .changed(
      OutgoingEndpointView.report(
        object,
        closing: added.isNew
          ? "This secret is shown once: with it the service verifies what it is sent."
          : "An earlier run added it and showed its secret; nobody can show it again."))
  }

  private var meaning: String {
    OwnMeaning.of(
      Self.name,
      [
        "url": .string(destination.url), "events": .array(events.map { .string($0.pattern) }),
        "scheme": .string(scheme.rawValue), "signature_header": JSON(signatureHeader),
      ])
  }
}

extension ForwardDestination {
  /// Whether it is another machine that is spoken to without encryption.
  fileprivate var isPlain: Bool {
    url.lowercased().hasPrefix("http://")
      && url.wholeMatch(of: /(?i:http):\/\/(localhost|127\.[0-9.]+|\[::1\])([:\/?].*)?/) == nil
  }
}

extension Arguments {
  /// `--signature-header NAME`: a name that no other header of a message has.
  fileprivate func signatureHeader() throws(UsageError) -> String? {
    guard let name = try option("--signature-header") else { return nil }
    guard name.wholeMatch(of: /[A-Za-z0-9-]{1,64}/) != nil else {
      throw error("--signature-header must be letters, digits and hyphens, at most 64")
    }
    let taken = [
      "content-type", "content-length", "host", "user-agent", "connection", "transfer-encoding",
      "accept", "expect",
    ]
    guard !taken.contains(name.lowercased()) else {
      throw error("--signature-header \(name) has a meaning of its own in HTTP")
    }
    return name
  }
}
