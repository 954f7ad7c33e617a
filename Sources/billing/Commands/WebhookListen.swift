import Basics
import BillingCore
import BillingServer
import StripeSandbox

/// `billing webhook listen`: receives Stripe's webhooks and keeps the mirror up to date.
struct WebhookListen: Command {
  static let name = "webhook listen"
  static let summary = "Receive webhooks over HTTP and apply them"
  static let discussion = """
    Listens on 127.0.0.1 until it is interrupted, and then finishes what is under way. Point Stripe
    (by a proxy that ends TLS), stripe listen --forward-to or sandbox serve --webhook at it. The
    first line on standard output is {"listening":"http://127.0.0.1:4242"}, as soon as clients can
    connect.

    A delivery that one of the secrets in STRIPE_WEBHOOK_SECRET signed no more than 300 seconds ago
    is answered with 200 as soon as it is safe on disk, and applied behind the answer. What could not
    be applied is tried again by itself for a day, then waits for webhook retry. GET /healthz tells
    whether events can be kept, GET /metrics counts in the text format of Prometheus. plans.yaml is
    read anew when it changes. With a key at hand, objects of which the events do not tell what came
    last are read from Stripe again. --forward-to hands each event on to an application, in order for
    each customer, and goes on with what is left when it starts again. Your own services (endpoint
    add) are told what happens. With --verbose each request is one line on standard error.
    """
  static let parameters: [Parameter] = [
    .option("--host", "ADDRESS", "The address to listen on (default 127.0.0.1)"),
    .option("--port", "N", "The port; 0 takes a free one (default 4242)"),
    .option("--path", "PATH", "Where deliveries are posted to (default /webhooks/stripe)"),
    .forwardTo,
  ]
  static let examples = ["webhook listen", "webhook listen --port 8080 --path /hooks"]

  var host: String
  var port: Int
  var path: String
  var forwardTo: ForwardDestination?

  init(parsing arguments: inout Arguments) throws(UsageError) {
    host = try arguments.option("--host") ?? "127.0.0.1"
    port = try arguments.integer("--port", in: 0...65_535).map { Int($0) } ?? 4242
    path = try arguments.option("--path") ?? "/webhooks/stripe"
    forwardTo = try arguments.forwardDestination()
    guard Self.isPath(path) else {
      throw arguments.error("--path must be like /webhooks/stripe")
    }
    guard !["/healthz", "/metrics"].contains(path) else {
      throw arguments.error("--path must not be \(path), which tells how the listener does")
    }
  }

  /// Whether it is a path that can be compared as it is written: without a query, and with nothing
  /// that would have to be encoded.
  private static func isPath(_ path: String) -> Bool {
    path.hasPrefix("/") && path.utf8.count <= 200
      && path.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"),
          UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
          true
        default: false
        }
      }
  }

  func run(_ context: Context) async throws -> Stopped {
    try context.refuseDryRun()
    let secrets = try context.believedSecrets()
    guard !secrets.isEmpty else {
      throw CommandError.configuration(
        "missing_key", "there is no secret to verify webhooks with",
        hint: "set STRIPE_WEBHOOK_SECRET; billing webhook endpoints create gives one")
    }
    let catalogue = try CatalogueWatch(context)
    let store = try context.store()
    guard !store.isReadOnly else { throw StoreError.readOnly(path: store.path) }
    if !Self.isLoopback(host) {
      context.warn("\(host) can be reached from other machines; only signatures keep them out")
    }
    let now = context.world.now
    let forwarding = try forwardTo.map { try context.forwarding(to: $0) }
    let listener = WebhookListener(
      store: store,
      inbox: { Inbox(store: store, mirror: catalogue.mirror(), now: now) },
      secrets: secrets, host: host, port: port, path: path, now: now,
      observer: ListenerLog(context).observer, forwarding: forwarding,
      chores: try ListenerChores(context, forwarding: forwarding).all)
    let output = context.output
    try await listener.run { host, port in
      let address = host.contains(":") ? "[\(host)]" : host
      let line: JSON = ["listening": .string("http://\(address):\(port)")]
      output.write(line.compact + "\n")
    }
    return Stopped()
  }

  private static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }

  /// What it had to say was said while it ran.
  struct Stopped: Report {
    let data = ReportData.none
    let human = HumanForm.sections([])
  }
}
