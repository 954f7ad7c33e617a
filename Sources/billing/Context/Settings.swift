import Basics
import Stripe

/// The global options and the environment, put together: what holds for this run.
struct Settings: Sendable {
  var isSandbox = false
  /// Whether `--live` was given.
  var allowsLive = false
  var databasePath = ""
  var sandboxDatabasePath = ""
  var plansPath = ""
  /// Whether the user named the catalogue; else it is the default place.
  var namesPlans = false
  var format = OutputFormat.table
  var isQuiet = false
  var isVerbose = false
  var usesColor = false
  var logFormat = LogFormat.text
  var assumesYes = false
  var isDryRun = false
  var idempotencyKey: IdempotencyKey?
  var readsLocally = false
  var apiVersion = Settings.builtForVersion
  var apiBase = Settings.stripeBase
  var timeoutSeconds: Double = 80
  var maxRetries = 2
  /// Requests a second; nil where the user set none.
  var rateLimit: Double?
  /// Who does it, for the journal.
  var actor = ""

  static let builtForVersion = "2026-10-28.endive"
  static let stripeBase = "https://api.stripe.com"
}

extension Settings {
  init(_ options: GlobalOptions, _ environment: Environment, _ world: World) throws {
    isSandbox =
      options.sandbox
      || (environment.isOn("BILLING_SANDBOX") && !options.live
        && options.apiBase == nil)
    if environment.isOn("BILLING_SANDBOX"), options.live || options.apiBase != nil {
      let name = options.live ? "--live" : "--api-base"
      throw UsageError("BILLING_SANDBOX=1 and \(name) exclude each other")
    }
    allowsLive = options.live
    let database = isSandbox ? "billing.sandbox.db" : "billing.db"
    databasePath = world.resolve(options.database ?? environment["BILLING_DB"] ?? database)
    sandboxDatabasePath = world.resolve(
      options.sandboxDatabase ?? environment["BILLING_SANDBOX_DB"] ?? "stripe.sandbox.db")
    let plans = options.plans ?? environment["BILLING_PLANS"]
    namesPlans = plans != nil
    plansPath = world.resolve(plans ?? "plans.yaml")
    format = options.format
    isQuiet = options.quiet
    isVerbose = options.verbose
    logFormat = options.logFormat
    usesColor =
      world.terminal.output && !options.noColor && environment["NO_COLOR"] == nil
      && environment["TERM"] != "dumb"
    assumesYes = options.yes
    isDryRun = options.dryRun
    idempotencyKey = options.idempotencyKey
    readsLocally = options.local
    apiVersion = try Self.version(options, environment)
    if !isSandbox { apiBase = options.apiBase ?? environment["STRIPE_API_BASE"] ?? Self.stripeBase }
    timeoutSeconds = Double(options.timeoutSeconds ?? 80)
    maxRetries = Int(options.maxRetries ?? 2)
    rateLimit = try Self.rateLimit(environment)
    actor = environment["BILLING_ACTOR"] ?? world.actor
  }

  private static func version(
    _ options: GlobalOptions, _ environment: Environment
  ) throws -> String {
    guard options.apiVersion == nil, let version = environment["STRIPE_API_VERSION"] else {
      return options.apiVersion ?? builtForVersion
    }
    guard GlobalOptions.isVersion(version) else {
      throw CommandError.configuration(
        "invalid_env", "STRIPE_API_VERSION must be like \(builtForVersion)")
    }
    return version
  }

  private static func rateLimit(_ environment: Environment) throws -> Double? {
    guard let text = environment["BILLING_RATE_LIMIT"] else { return nil }
    guard let limit = WholeNumber.parse(text), (1...10_000).contains(limit) else {
      throw CommandError.configuration(
        "invalid_env", "BILLING_RATE_LIMIT must be a whole number of requests a second")
    }
    return Double(limit)
  }
}
