import Basics
import BillingCore
import Stripe

/// `billing webhook replay`: events from files, from Stripe or from the inbox, once more or for the
/// first time.
struct WebhookReplay: Command {
  static let name = "webhook replay"
  static let summary = "Take in events from files or Stripe, and apply those that are new"
  static let discussion = """
    A FILE has events as JSON: one, one a line, one after another, in an array or in a list object,
    as Stripe and its CLI print them; a folder means the .json and .jsonl files in it, - standard
    input. Each event has its effect once, whatever the order, so the same file again does nothing
    twice, and a replay that was stopped is simply run again.

    Events from files must be signed: {"payload":"…","headers":{"Stripe-Signature":"…"}} is an event
    with its header, --signature is the header of one file; the secrets are in
    STRIPE_WEBHOOK_SECRET, and age does not count. --no-verify takes events as they are.

    With --from-stripe they come from Stripe's list of events, which goes back 30 days, the oldest
    first; --failed asks for those that an endpoint has not got. Stopped, it goes on where it was.
    Without a FILE they come from the inbox: with --failed those that could not be applied, else
    those that the other options mean, and those that were processed only with --force.

    --forward-to signs what was taken in anew with the first STRIPE_WEBHOOK_SECRET and posts it to
    an application: in order for each customer, several customers at once. What was delivered there
    before is not sent again, unless with --force; redirects are not followed. After an event that
    was not taken its customer's later ones wait for the next run; JSON then has forwarded (url,
    delivered, already_delivered, failed, waiting).

    Events of meter errors name the meter alone; with a key at hand they are read whole from Stripe.

    --refetch reads the object of each event that was applied from Stripe again, so that what is
    true now wins, whatever the events say.

    Exit 10 when some failed, 9 when none was believed.
    """
  static let parameters: [Parameter] = [
    .rest("FILE", "A file, a folder, or - for standard input"),
    .flag("--from-stripe", "Take events from Stripe's list of the last 30 days"),
    .flag("--failed", "Only what failed here; of Stripe's what an endpoint has not got"),
    .option("--id", "EVT", "Only this event", repeats: true),
    .option("--type", "GLOB", "Only these: invoice.paid, customer.subscription.*"),
    .option("--customer", "C", "Only events of this customer"),
    .option("--since", "T", "Only what happened since: 2027-01-01, 3d"),
    .option("--until", "T", "Only what happened before"),
    .option("--limit", "N", "At most N events"),
    .option("--signature", "H", "The header Stripe-Signature that the file came with"),
    .flag("--no-verify", "Take events as they are, without a signature"),
    .flag("--force", "Apply again what was processed before"),
    .flag("--refetch", "Read the objects of what was applied from Stripe again"),
    .forwardTo,
  ]
  static let examples = [
    "webhook replay events.jsonl --no-verify",
    "webhook replay deliveries/ --type \"invoice.*\" --since 3d --dry-run",
    "webhook replay --from-stripe --since 3d",
    "webhook replay --customer ada@example.com --forward-to http://127.0.0.1:3000/webhooks",
    "webhook replay body.json --signature t=1795168800,v1=5257a869e7ec…",
  ]
  static let isBatch = true

  var files: [String]
  var choice: EventChoice
  var signature: String?
  var skipsVerification: Bool
  var isForced: Bool
  var refetches: Bool
  var isFromStripe: Bool
  var areFailed: Bool
  var forwardTo: ForwardDestination?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    files = try arguments.rest("FILE")
    choice = try EventChoice(parsing: &arguments)
    signature = try arguments.option("--signature")
    skipsVerification = arguments.flag("--no-verify")
    isForced = arguments.flag("--force")
    refetches = arguments.flag("--refetch")
    isFromStripe = arguments.flag("--from-stripe")
    areFailed = arguments.flag("--failed")
    forwardTo = try arguments.forwardDestination()
    guard !files.isEmpty else {
      try requireSource(arguments)
      return
    }
    guard !isFromStripe else { throw arguments.error("FILE and --from-stripe exclude each other") }
    guard !areFailed else {
      throw arguments.error("--failed is for events of the inbox or of Stripe")
    }
    if signature != nil {
      guard !skipsVerification else {
        throw arguments.error("--signature and --no-verify exclude each other")
      }
      guard files.count == 1 else { throw arguments.error("--signature is for one file") }
    }
  }

  /// Without a file it must be said what is meant: the whole inbox hardly is.
  private func requireSource(_ arguments: Arguments) throws(UsageError) {
    guard signature == nil, !skipsVerification else {
      throw arguments.error("--signature and --no-verify are for files")
    }
    guard isFromStripe || areFailed || choice.isNarrowed else {
      throw arguments.error(
        "say what is to be replayed: FILE, --from-stripe, --failed, --id or another filter")
    }
  }

  func run(_ context: Context) async throws -> ReplayReport {
    let (found, length) = try await source(context)
    let source = WholeEvents(source: found, context: context)
    let replaying = Replaying(
      context: context, choice: choice, isForced: isForced, forwards: forwardTo != nil,
      length: length)
    if context.settings.isDryRun { return try await replaying.report(source) }
    let forwarding = try forwardTo.map {
      try ReplayForwarding(to: $0, isForced: isForced, context)
    }
    let refetch = refetches ? Refetch(gateway: try await context.gateway()) : nil
    let store = try context.store()
    let report = try await replaying.report(source) { batch in
      try forwarding?.ask(batch)
      if refetch != nil { try Refetch.doubt(objectsOf: batch.appliedIDs, in: store) }
    }
    if Task.isCancelled { return report }
    if let refetch { try await settleDoubts(refetch, context) }
    return try await forwarding?.finish(report) ?? report
  }

  /// What is not read again now is still in doubt, and is read by the next `--refetch` or a listener.
  private func settleDoubts(_ refetch: Refetch, _ context: Context) async throws {
    let progress = context.progress("reading again", total: nil)
    defer { progress.finish() }
    while try await refetch.settleDoubts(limit: 1) > 0 {
      try Task.checkCancellation()
      progress.advance()
    }
  }

  private func source(
    _ context: Context
  ) async throws -> (source: any EventSource, length: Int64?) {
    if !files.isEmpty { return try await fileSource(context) }
    let sources = ReplaySource(choice: choice, areFailed: areFailed, isForced: isForced)
    let source =
      isFromStripe ? try await sources.stripe(context) : try await sources.inbox(context)
    return (source, nil)
  }

  private func fileSource(
    _ context: Context
  ) async throws -> (source: any EventSource, length: Int64?) {
    let inputs = try ReplayFiles(files, context)
    guard signature == nil || inputs.files.count == 1 else {
      throw CommandError.usage("--signature is for one file, and there are \(inputs.files.count)")
    }
    let source = EventFiles(inputs.files, rule: try rule(context))
    if signature == nil, !skipsVerification { try await requireSigned(source, context) }
    return (source, inputs.length)
  }

  private func rule(_ context: Context) throws -> SignatureRule {
    if skipsVerification { return .unverified }
    let secrets = try context.believedSecrets()
    guard let signature else { return .envelopes(secrets) }
    guard !secrets.isEmpty else { throw Self.missingSecret }
    return .header(signature, secrets)
  }

  /// Looks at how each input begins, before anything of any is applied.
  private func requireSigned(_ source: EventFiles, _ context: Context) async throws {
    let beginnings = try await source.beginnings()
    if let unsigned = beginnings.first(where: { $0.beginning == .unsigned }) {
      throw CommandError(
        "signature", "\(unsigned.file.name) is not signed; nothing was applied",
        hint: "--no-verify takes the events as they are", exit: .signature)
    }
    guard beginnings.contains(where: { $0.beginning == .envelope }),
      try context.believedSecrets().isEmpty
    else { return }
    throw Self.missingSecret
  }

  private static let missingSecret = CommandError.configuration(
    "missing_key", "no signature can be verified without STRIPE_WEBHOOK_SECRET",
    hint:
      "set it to the endpoint's secret, whsec_…, or take the events as they are with --no-verify")
}
