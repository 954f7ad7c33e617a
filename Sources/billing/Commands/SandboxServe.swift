import Basics
import BillingServer
import StripeSandbox

/// `billing sandbox serve`: the sandbox on a port, for any Stripe client of this machine.
struct SandboxServe: Command {
  static let name = "sandbox serve"
  static let summary = "Serve the sandbox over HTTP, for any Stripe client"
  static let discussion = """
    Serves the sandbox on 127.0.0.1 until it is interrupted, and then finishes what is under way.
    Point a Stripe client at it by its base address and give it any sk_test_ key. The first line on
    standard output is {"listening":"http://127.0.0.1:12111"}, as soon as clients can connect.

    While it runs, webhooks are delivered: to the endpoints that were created through the API, and
    with --webhook to an address without any set-up. That one's events are signed with the first
    STRIPE_WEBHOOK_SECRET; where there is none, with a secret that the sandbox keeps, and which
    stands as webhook_secret in the first line.
    """
  static let parameters: [Parameter] = [
    .option("--port", "N", "The port; 0 takes a free one (default 12111)"),
    .option("--host", "ADDRESS", "The address to listen on (default 127.0.0.1)"),
    .option("--webhook", "URL", "Where all events are delivered to"),
  ]
  static let examples = [
    "sandbox serve", "sandbox serve --port 0 --webhook http://127.0.0.1:4242/webhooks/stripe",
  ]

  var host: String
  var port: Int
  var webhookURL: String?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    host = try arguments.option("--host") ?? "127.0.0.1"
    port = try arguments.integer("--port", in: 0...65_535).map { Int($0) } ?? 12_111
    webhookURL = try arguments.option("--webhook")
    guard webhookURL.map(Sandbox.isWebhookURL) ?? true else {
      throw arguments.error("--webhook must be an http or https URL")
    }
  }

  func run(_ context: Context) async throws -> Stopped {
    let sandbox = try context.sandbox()
    let given = try webhookURL == nil ? nil : context.webhookSecrets().first
    let secret = try given ?? sandbox.webhookSecret()
    let server = SandboxServer(
      sandbox: sandbox, host: host, port: port,
      webhook: webhookURL.flatMap { SandboxServer.Webhook(url: $0, secret: secret) })
    let output = context.output
    let showsSecret = webhookURL != nil && given == nil
    try await server.run { host, port in
      let address = host.contains(":") ? "[\(host)]" : host
      var line: JSONObject = ["listening": .string("http://\(address):\(port)")]
      if showsSecret { line["webhook_secret"] = .string(secret.reveal()) }
      output.write(JSON.object(line).compact + "\n")
    }
    return Stopped()
  }

  /// What it had to say was said at the start.
  struct Stopped: Report {
    let data = ReportData.none
    let human = HumanForm.sections([])
  }
}
