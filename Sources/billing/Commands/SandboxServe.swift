import Basics
import BillingServer

/// `billing sandbox serve`: the sandbox on a port, for any Stripe client of this machine.
struct SandboxServe: Command {
  static let name = "sandbox serve"
  static let summary = "Serve the sandbox over HTTP, for any Stripe client"
  static let discussion = """
    Serves the sandbox on 127.0.0.1 until it is interrupted, and then finishes what is under way.
    Point a Stripe client at it by its base address and give it any sk_test_ key. The first line on
    standard output is {"listening":"http://127.0.0.1:12111"}, as soon as clients can connect.
    """
  static let parameters: [Parameter] = [
    .option("--port", "N", "The port; 0 takes a free one (default 12111)"),
    .option("--host", "ADDRESS", "The address to listen on (default 127.0.0.1)"),
  ]
  static let examples = ["sandbox serve", "sandbox serve --port 0"]

  var host: String
  var port: Int

  init(parsing arguments: inout Arguments) throws(UsageError) {
    host = try arguments.option("--host") ?? "127.0.0.1"
    port = try arguments.integer("--port", in: 0...65_535).map { Int($0) } ?? 12_111
  }

  func run(_ context: Context) async throws -> Stopped {
    let server = SandboxServer(sandbox: try context.sandbox(), host: host, port: port)
    let output = context.output
    try await server.run { host, port in
      let address = host.contains(":") ? "[\(host)]" : host
      let line: JSON = ["listening": .string("http://\(address):\(port)")]
      output.write(line.compact + "\n")
    }
    return Stopped()
  }

  /// What it had to say was said at the start.
  struct Stopped: Report {
    let data = ReportData.none
    let human = HumanForm.sections([])
  }
}
