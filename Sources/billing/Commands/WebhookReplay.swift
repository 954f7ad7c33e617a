import Basics
import BillingCore
import Stripe

/// `billing webhook replay`: events from files, once more or for the first time.
struct WebhookReplay: Command {
  static let name = "webhook replay"
  static let summary = "Take in events from files, and apply those that are new"
  static let discussion = """
    A FILE has events as JSON: one, one a line, one after another, in an array or in a list object,
    as Stripe and its CLI print them; a folder means the .json and .jsonl files in it, - standard
    input. Each event has its effect once, whatever the order, so the same file again does nothing
    twice, and a replay that was stopped is simply run again.

    Events from files must be signed: {"payload":"…","headers":{"Stripe-Signature":"…"}} is an event
    with its header, --signature is the header of one file; the secrets are in
    STRIPE_WEBHOOK_SECRET, and age does not count. --no-verify takes events as they are.

    Exit 10 when some failed, 9 when none was believed.
    """
  static let parameters: [Parameter] = [
    .rest("FILE", "A file, a folder, or - for standard input"),
    .option("--id", "EVT", "Only this event", repeats: true),
    .option("--type", "GLOB", "Only these: invoice.paid, customer.subscription.*"),
    .option("--customer", "C", "Only events of this customer"),
    .option("--since", "T", "Only what happened since: 2027-01-01, 3d"),
    .option("--until", "T", "Only what happened before"),
    .option("--limit", "N", "At most N events"),
    .option("--signature", "H", "The header Stripe-Signature that the file came with"),
    .flag("--no-verify", "Take events as they are, without a signature"),
    .flag("--force", "Apply again what was processed before"),
  ]
  static let examples = [
    "webhook replay events.jsonl --no-verify",
    "webhook replay deliveries/ --type \"invoice.*\" --since 3d --dry-run",
    "webhook replay body.json --signature t=1795168800,v1=5257a869e7ec…",
  ]
  static let isBatch = true

  var files: [String]
  var choice: EventChoice
  var signature: String?
  var skipsVerification: Bool
  var isForced: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    files = try arguments.rest("FILE")
    guard !files.isEmpty else {
      throw arguments.error("FILE is missing: a file, a folder, or - for standard input")
    }
    choice = try EventChoice(parsing: &arguments)
    signature = try arguments.option("--signature")
    skipsVerification = arguments.flag("--no-verify")
    isForced = arguments.flag("--force")
    if signature != nil {
      guard !skipsVerification else {
        throw arguments.error("--signature and --no-verify exclude each other")
      }
      guard files.count == 1 else { throw arguments.error("--signature is for one file") }
    }
  }

  func run(_ context: Context) async throws -> ReplayReport {
    let inputs = try ReplayFiles(files, context)
    guard signature == nil || inputs.files.count == 1 else {
      throw CommandError.usage("--signature is for one file, and there are \(inputs.files.count)")
    }
    let source = EventFiles(inputs.files, rule: try rule(context))
    if signature == nil, !skipsVerification { try await requireSigned(source, context) }
    return try await Replaying(
      context: context, choice: choice, isForced: isForced, length: inputs.length
    ).report(source)
  }

  private func rule(_ context: Context) throws -> SignatureRule {
    if skipsVerification { return .unverified }
    let secrets = try context.webhookSecrets()
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
      try context.webhookSecrets().isEmpty
    else { return }
    throw Self.missingSecret
  }

  private static let missingSecret = CommandError.configuration(
    "missing_key", "no signature can be verified without STRIPE_WEBHOOK_SECRET",
    hint:
      "set it to the endpoint's secret, whsec_…, or take the events as they are with --no-verify")
}
