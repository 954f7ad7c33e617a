import Basics
import BillingCore
import Stripe

/// `billing doctor`: whether everything is in place, and what to do where it is not.
struct Doctor: Command {
  static let name = "doctor"
  static let summary =
    "Check key, mode, API version, webhook secret, clock, database, ledger and plans"
  static let discussion = """
    Checks what the other commands rely on, one line each, with what helps where something is
    wrong: the key and its mode, the API version, the signing secrets, who may read the files, the
    disk, whether Stripe answers and what the clocks say, the webhook endpoints, the database and
    the ledger of tokens, what waits (operations, events, what is handed on), and the catalogue.
    Asks Stripe for the account and the endpoints, and changes nothing. Ends with exit code 8 when a
    check found a fault; a warning is no fault.

    With --go-live it also checks what has to be so before real money moves.
    billing help troubleshooting tells of each finding what it means and what to do.
    """
  static let parameters: [Parameter] = [
    .flag("--go-live", "Also check what has to be so before real money moves")
  ]
  static let examples = ["doctor", "doctor --go-live", "--sandbox doctor --json"]

  var goesLive: Bool

  init(parsing arguments: inout Arguments) throws(UsageError) {
    goesLive = arguments.flag("--go-live")
  }

  func run(_ context: Context) async throws -> FindingReport {
    var findings = [keyFinding(context)]
    let hasKey = findings[0].status != .fault
    if hasKey { findings.append(try modeFinding(context)) }
    findings.append(versionFinding(context))
    findings.append(webhookSecretFinding(context))
    findings.append(filesFinding(context))
    if let finding = diskFinding(context) { findings.append(finding) }
    let answers = hasKey ? await StripeAnswers(context) : nil
    if let answers { findings += stripeFindings(answers, context) }
    let (store, database) = databaseFinding(context)
    findings.append(database)
    if let store { findings += storeFindings(store, context) }
    findings.append(plansFinding(context))
    if let store { findings += sellingFindings(store, context) }
    if goesLive { findings += await goLiveFindings(answers, store, context) }
    context.alertOperators(of: findings)
    return FindingReport(findings: findings.map { $0.ofDoctor })
  }
}

extension Finding {
  /// Whatever the fault is, a doctor that finds one ends with exit code 8.
  fileprivate var ofDoctor: Finding {
    var finding = self
    finding.exit = .configuration
    return finding
  }
}

/// What Stripe says of the account and where it sends events, asked once.
struct StripeAnswers: Sendable {
  let account: Result<StripeResponse, any Error>
  /// Nil where Stripe did not answer to the first question.
  let endpoints: Result<[WebhookEndpoint], any Error>?

  init(_ context: Context) async {
    account = await Self.result {
      try await context.client().send(StripeRequest(.get, StripePath("account")))
    }
    if case .failure(let error) = account, !error.isForbidden {
      endpoints = nil
      return
    }
    endpoints = await Self.result {
      let answer = try await context.client()
        .send(StripeRequest(.get, StripePath("webhook_endpoints"), ["limit": 100]))
      return try (answer.json["data"]?.array ?? []).map { try WebhookEndpoint($0) }
    }
  }

  private static func result<Value>(
    _ ask: () async throws -> Value
  ) async -> Result<Value, any Error> {
    do { return .success(try await ask()) } catch { return .failure(error) }
  }
}

extension Error {
  /// Whether it says that a restricted key may not read this.
  var isForbidden: Bool { refusedWith == 403 }

  /// Whether it says that the key is none that Stripe knows.
  var isOfKey: Bool { refusedWith == 401 }

  private var refusedWith: Int? {
    if case .refused(let refusal) = self as? StripeError { refusal.status } else { nil }
  }
}
