/// A page of help about what commands share, or about a task that takes several of them.
struct HelpTopic: Sendable {
  let name: String
  let summary: String
  let text: String

  static let all: [HelpTopic] =
    [options, environment, exitCodes, formats, times, errors]
    + [plans, checkout, portal, webhooks, enforcement, integration]
    + [payments, refunds, payouts, goLive, runbook, troubleshooting]

  static func named(_ name: String) -> HelpTopic? { all.first { $0.name == name } }

  private static let options = HelpTopic(
    name: "options", summary: "Options that every command takes",
    text: """
      They may stand before or after the command. --name value and --name=value mean the same;
      -- ends the options.

      \(HelpText.list(GlobalOptions.parameters.map { ($0.title, $0.summary) }))
      The same --idempotency-key with the same words does nothing more, and shows what the first run
      made or changed, as it is by now. With other words it is a conflict (exit 5).
      """)

  private static let environment = HelpTopic(
    name: "environment", summary: "Environment variables and the env file",
    text: """
      Variables are read from the environment and from .env (--env-file PATH); the environment wins.
      Those marked * hold secrets and may be given as NAME_FILE, the path of a file, instead.

      \(HelpText.list(variables))
      A line of the env file is NAME=value, NAME="value" or # a comment. Keep it to yourself:
      chmod 600 .env.
      """)

  private static let variables: [(String, String)] = [
    ("STRIPE_SECRET_KEY *", "Secret (sk_…) or restricted (rk_…) key"),
    ("STRIPE_PUBLISHABLE_KEY", "For pages that you serve; never sent by this tool"),
    ("STRIPE_WEBHOOK_SECRET *", "Signing secret (whsec_…); several, comma-separated"),
    ("STRIPE_API_BASE", "Another Stripe-compatible server"),
    ("STRIPE_API_VERSION", "Default \(Settings.builtForVersion)"),
    ("STRIPE_PRICE_<PLAN>_MONTHLY", "A plan's price id (also _QUARTERLY, _YEARLY)"),
    ("BILLING_SANDBOX", "1 is --sandbox"),
    ("BILLING_DB", "State database"),
    ("BILLING_SANDBOX_DB", "The sandbox's own file"),
    ("BILLING_PLANS", "Plan catalogue"),
    ("BILLING_ENV_FILE", "Env file"),
    ("BILLING_ACTOR", "Who does it, for the journal; else user@host"),
    ("BILLING_RATE_LIMIT", "Requests a second"),
    ("FRONTEND_URL", "Where checkout and portal return to"),
    ("SMTP_URL *", "Mail server for notifications"),
    ("SLACK_WEBHOOK_URL *", "Slack channel for notifications"),
    ("NO_COLOR, COLUMNS", "As everywhere"),
  ]

  private static let exitCodes = HelpTopic(
    name: "exit-codes", summary: "What the exit code says",
    text: HelpText.list(ExitCode.allCases.map { ("\($0.rawValue)", $0.meaning) }))

  private static let formats = HelpTopic(
    name: "formats", summary: "table, JSON, JSON lines and CSV",
    text: """
      --format table   for people; columns aligned, cut to the width of a terminal (the default)
      --format json    one object; a list is {"data":[…],"has_more":false}. Short: --json
      --format jsonl   one object a line, as they come
      --format csv     a header and a row each, safe to open in a spreadsheet

      Data goes to standard output, all else to standard error. Keys are snake_case, times ISO 8601
      in UTC, money whole numbers in the currency's minor unit, absent values null.
      """)

  private static let times = HelpTopic(
    name: "times", summary: "How times and spans are written",
    text: """
      2026-11-20T10:00:00Z, 2026-11-20, 1795168800 (unix seconds), or relative to now: 90s, 15m,
      12h, 3d, 2 weeks, 1 month, 1y. A relative time counts backwards in --since, --until and --at,
      and forwards where something is put off or moved ahead.
      """)

  private static let errors = HelpTopic(
    name: "errors", summary: "How errors are told",
    text: """
      On standard error: error: what was wrong, and where something helps, hint: what does.
      With --json or --format jsonl one line of JSON:
      {"error":{"code":"card_declined","message":"…","hint":"…","exit":6,"request_id":"req_…"}}

      The exit code tells the class of the error: billing help exit-codes.
      """)
}
