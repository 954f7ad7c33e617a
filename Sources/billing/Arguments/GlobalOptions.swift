import Basics
import Stripe

/// The options that every command takes, as they stood in the words; the environment comes later.
struct GlobalOptions: Sendable {
  var sandbox = false
  var live = false
  var database: String?
  var sandboxDatabase: String?
  var plans: String?
  var envFile: String?
  var keyFile: String?
  var format: OutputFormat = .table
  var quiet = false
  var verbose = false
  var noColor = false
  var logFormat: LogFormat = .text
  var yes = false
  var dryRun = false
  var idempotencyKey: IdempotencyKey?
  var local = false
  var apiVersion: String?
  var apiBase: String?
  var timeoutSeconds: Int64?
  var maxRetries: Int64?

  static let parameters: [Parameter] = [
    .flag("--sandbox", "Use the built-in Stripe: no key, no network [BILLING_SANDBOX=1]"),
    .flag("--live", "Let a live key change something"),
    .option("--db", "PATH", "State database; default billing.db [BILLING_DB]"),
    .option(
      "--sandbox-db", "PATH",
      "The sandbox's own file; default stripe.sandbox.db [BILLING_SANDBOX_DB]"),
    .option("--plans", "PATH", "Plan catalogue; default plans.yaml [BILLING_PLANS]"),
    .option("--env-file", "PATH", "Default .env where there is one [BILLING_ENV_FILE]"),
    .option("--key-file", "PATH", "Read the secret key from a file; - is standard input"),
    .option(
      "--format", "FORMAT", "table, json, jsonl or csv", choices: OutputFormat.allCases.names),
    .flag("--json", "Short for --format json"),
    .flag("--quiet", "Only results and errors"),
    .flag("--verbose", "Log each request to stderr"),
    .flag("--no-color", "No colour, also on a terminal [NO_COLOR]"),
    .option("--log-format", "FORMAT", "text or json", choices: LogFormat.allCases.names),
    .flag("--yes", "Answer yes to a confirmation"),
    .flag("--dry-run", "Say what would be sent and changed; change nothing"),
    .option("--idempotency-key", "KEY", "The operation's key: the same key does it once"),
    .flag("--local", "Answer reads from the database"),
    .option("--api-version", "V", "Stripe's API version [STRIPE_API_VERSION]"),
    .option("--api-base", "URL", "Another Stripe-compatible server [STRIPE_API_BASE]"),
    .option("--timeout", "SECONDS", "Per request; default 80"),
    .option("--max-retries", "N", "Per request; default 2"),
  ]

  /// Room for the suffix of an operation's second and later calls within Stripe's 255.
  static let maximumKeyLength = 240

  init() {}

  init(parsing arguments: Arguments) throws(UsageError) {
    sandbox = arguments.flag("--sandbox")
    live = arguments.flag("--live")
    database = try Self.path("--db", arguments)
    sandboxDatabase = try Self.path("--sandbox-db", arguments)
    plans = try Self.path("--plans", arguments)
    envFile = try Self.path("--env-file", arguments)
    keyFile = try Self.path("--key-file", arguments)
    format = try Self.format(arguments)
    quiet = arguments.flag("--quiet")
    verbose = arguments.flag("--verbose")
    noColor = arguments.flag("--no-color")
    logFormat = try arguments.choice("--log-format") ?? .text
    yes = arguments.flag("--yes")
    dryRun = arguments.flag("--dry-run")
    idempotencyKey = try Self.key(arguments)
    local = arguments.flag("--local")
    apiVersion = try arguments.option("--api-version")
    apiBase = try arguments.option("--api-base")
    timeoutSeconds = try arguments.integer("--timeout", in: 1...3600)
    maxRetries = try arguments.integer("--max-retries", in: 0...20)
    try check(arguments)
  }

  private func check(_ arguments: Arguments) throws(UsageError) {
    if sandbox, live { throw arguments.error("--sandbox and --live exclude each other") }
    if sandbox, apiBase != nil {
      throw arguments.error("--sandbox and --api-base exclude each other")
    }
    if quiet, verbose { throw arguments.error("--quiet and --verbose exclude each other") }
    if let apiVersion, !Self.isVersion(apiVersion) {
      throw arguments.error("--api-version must be like 2026-10-28.endive")
    }
  }

  private static func path(_ name: String, _ arguments: Arguments) throws(UsageError) -> String? {
    let path = try arguments.option(name)
    if let path, path.isEmpty { throw arguments.error("\(name) is empty") }
    return path
  }

  private static func format(_ arguments: Arguments) throws(UsageError) -> OutputFormat {
    let format: OutputFormat? = try arguments.choice("--format")
    guard arguments.flag("--json") else { return format ?? .table }
    if let format, format != .json {
      throw arguments.error("--json and --format \(format.rawValue) exclude each other")
    }
    return .json
  }

  private static func key(_ arguments: Arguments) throws(UsageError) -> IdempotencyKey? {
    guard let text = try arguments.option("--idempotency-key") else { return nil }
    guard text.utf8.count <= maximumKeyLength, let key = IdempotencyKey(text) else {
      throw arguments.error(
        "--idempotency-key takes 1 to \(maximumKeyLength) visible ASCII characters")
    }
    return key
  }

  /// `YYYY-MM-DD`, and from 2024-09-30 a release name after it.
  static func isVersion(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), Timestamp(parsing: String(parts[0])) != nil,
      parts[0].utf8.count == 10
    else { return false }
    return parts.count == 1 || (!parts[1].isEmpty && parts[1].allSatisfy { $0.isLetter })
  }
}

enum OutputFormat: String, Sendable, CaseIterable { case table, json, jsonl, csv }

enum LogFormat: String, Sendable, CaseIterable { case text, json }

extension Array where Element: RawRepresentable<String> {
  var names: [String] { map { $0.rawValue } }
}
